"""How old a value is."""

from __future__ import annotations

from datetime import datetime


def age_s(now: datetime, instant: datetime | None) -> float | None:
    """How long ago an instant was; below 0 for a clock that is fast, None where there is none."""
    return None if instant is None else (now - instant).total_seconds()
