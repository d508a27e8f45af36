"""Local days and months of a site as instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUARTER_S = 900


def local_day(at: datetime, zone: str) -> date:
    """The date that a calendar at the site shows."""
    return at.astimezone(ZoneInfo(zone)).date()


def day_start(day: date, zone: str) -> datetime:
    """The instant at which a local day begins, UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """[start, end) of a local day: 23, 24 or 25 hours."""
    return day_start(day, zone), day_start(day + timedelta(days=1), zone)


def floor_to(at: datetime, step_s: int) -> datetime:
    """The last multiple of `step_s` since the epoch."""
    return datetime.fromtimestamp(at.timestamp() // step_s * step_s, UTC)


def month_before(first: date) -> date:
    """The first day of the month before the month that begins with `first`."""
    return (first - timedelta(days=1)).replace(day=1)


def hour_ticks(start: datetime, end: datetime, zone: str, every_h: int) -> list[tuple[int, str]]:
    """(epoch s, "HH:MM") at every so many full local hours of [start, end]."""
    ticks = []
    at = start
    while at <= end:
        local = at.astimezone(ZoneInfo(zone))
        if local.minute == 0 and local.hour % every_h == 0:
            ticks.append((int(at.timestamp()), f"{local:%H:%M}"))
        at += timedelta(minutes=30)
    return ticks
