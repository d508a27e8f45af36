"""Lists in parts: one row more than asked for tells whether there is a next part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Row = TypeVar("Row")


def cut_page(
    rows: Sequence[Row], limit: int, key: Callable[[Row], str]
) -> tuple[list[Row], str | None]:
    """The rows of this part, and the cursor of the next; `rows` holds up to limit + 1."""
    part = list(rows[:limit])
    return part, key(part[-1]) if len(rows) > limit else None
