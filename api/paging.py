"""Lists in parts: one row more than asked for tells whether there is a next part.

A cursor names the last row of a part by its sort value and id, in an order: what is added or
removed meanwhile moves nothing. It is opaque to those who send it back, and checked.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from api.errors import CURSOR_RULE, refused
from loadstone.storage.keyset import Part

Row = TypeVar("Row")
_Content = tuple[str, str, int]
_LARGEST_ID = 2**63 - 1


def cut_page(
    rows: Sequence[Row], limit: int, key: Callable[[Row], str]
) -> tuple[list[Row], str | None]:
    """The rows of this part, and the cursor of the next; `rows` holds up to limit + 1."""
    part = list(rows[:limit])
    return part, key(part[-1]) if len(rows) > limit else None


def cursor_of(sort: str, value: object, row_id: int) -> str:
    """The cursor behind a row of this id and sort value."""
    content = msgspec.json.encode([sort, _as_text(value), row_id])
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _as_text(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def read_cursor(cursor: str, sort: str) -> tuple[str, int]:
    """The sort value and id of a cursor; refused where it is none, or of another order."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        content = base64.b64decode(padded, altchars=b"-_", validate=True)
        of_sort, value, row_id = msgspec.json.decode(content, type=_Content)
    except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
        raise refused("cursor", cursor, CURSOR_RULE) from error
    if of_sort != sort:
        raise refused("cursor", cursor, f"belongs to a list sorted by {of_sort[:60]!r}")
    if not 0 <= row_id <= _LARGEST_ID or "\x00" in value:
        raise refused("cursor", cursor, CURSOR_RULE)
    return value, row_id


def part_of(sort: str, cursor: str | None, limit: int) -> Part:
    """The part that is asked for, with one row more; `sort` is a field, `-field` is descending."""
    return Part(
        most=limit + 1,
        field=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        after=read_cursor(cursor, sort) if cursor else None,
    )


def page_of(rows: Sequence[Any], limit: int, sort: str, key: str) -> dict[str, Any]:
    """`data` and `next_cursor` of rows that were read by `part_of`; `key` is the id's name."""
    field = sort.removeprefix("-")

    def cursor(row: Any) -> str:  # noqa: ANN401 - rows of any list
        value = getattr(row, field)
        return cursor_of(sort, _WHERE_NONE.get(field, "") if value is None else value,
                         getattr(row, key))  # fmt: skip

    part, next_cursor = cut_page(rows, limit, cursor)
    return {"data": part, "next_cursor": next_cursor}


# As the storage orders rows that have no value.
_WHERE_NONE = {"contract_demand_kw": "0", "last_message_at": "-infinity", "money": "0"}
