"""The one place that reads the wall clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current instant, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one reader
