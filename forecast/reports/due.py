"""When a monthly report is made next: on a day of the month, in the morning by the premises' clock.

The report is of the month before that day's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MORNING: Final = time(6)


def next_due(day_of_month: int, zone: str, after: datetime) -> datetime:
    """The first such morning after an instant, UTC."""
    local = after.astimezone(ZoneInfo(zone))
    first = local.date().replace(day=1)
    due = _due(first, day_of_month, zone)
    return due if due > after else _due(_month_after(first), day_of_month, zone)


def month_of(due_at: datetime, zone: str) -> date:
    """The first day of the month that is reported on."""
    first = due_at.astimezone(ZoneInfo(zone)).date().replace(day=1)
    return (first - timedelta(days=1)).replace(day=1)


def _due(first: date, day_of_month: int, zone: str) -> datetime:
    day = first.replace(day=day_of_month)
    return datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(UTC)


def _month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
