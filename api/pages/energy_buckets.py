"""Energy of a period in hours, days, weeks, months or years, by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from api.pages.frame import Frame
from api.pages.period import Period
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.statistics import ScopeMeter, Term, part_energies

Step = Literal["hour", "day", "week", "month", "year"]
Grain = Literal["hour", "day", "week", "month", "year", "shift"]
_SQL: Mapping[Step, str] = {
    "hour": "1 hour", "day": "1 day", "week": "7 days", "month": "1 month", "year": "1 year",
}  # fmt: skip
# The shortest and the longest period, in days, that each step can show.
_FITS: Mapping[Grain, tuple[int, int]] = {
    "hour": (1, 8), "day": (2, 370), "week": (8, 1200), "month": (32, 3660), "year": (367, 3660),
    "shift": (1, 370),
}  # fmt: skip
MOST_SHIFT_METER_DAYS = 8000


def grains(period: Period) -> list[Grain]:
    """The steps in which this period makes sense."""
    return [grain for grain, (least, most) in _FITS.items() if least <= period.days <= most]


def usual_grain(period: Period) -> Grain:
    """Hours of a day, days of a month, months of a year."""
    if period.days == 1:
        return "hour"
    return "day" if period.days <= 62 else "month" if period.days <= 1100 else "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One bucket of one part; `known_ratio` is what is known of the time it had so far."""

    energy_kwh: float | None
    estimated_kwh: float
    known_ratio: float
    missing_meters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """`starts` (local clocks) with `ends`, and per part a cell a bucket; None has not begun."""

    starts: list[datetime]
    ends: list[datetime]
    cells: dict[int, list[Cell | None]]


def bucketed(
    connection: Connection, meters: Sequence[ScopeMeter], terms: Sequence[Term], period: Period,
    step: Step, now: datetime,
) -> Buckets:  # fmt: skip
    """Each meter's buckets by its own zone's calendar, brought together by local start."""
    wanted = {term.meter_id for term in terms}
    found: dict[tuple[int, datetime, int], list[Cell | None]] = {}
    ends: dict[tuple[datetime, int], datetime] = {}
    for zone in sorted({meter.zone for meter in meters if meter.meter_id in wanted}):
        ids = {meter.meter_id for meter in meters if meter.zone == zone}
        of_zone = [term for term in terms if term.meter_id in ids]
        start, end = period.bounds(zone)
        for row in part_energies(connection, of_zone, start, end, _SQL[step], zone):
            local = row.start_at.astimezone(ZoneInfo(zone))
            key = local.replace(tzinfo=None, fold=0), local.fold
            ends[key] = row.end_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            cell = None
            if row.start_at < now:
                over = min(now, row.end_at) - row.start_at
                share = over / (row.end_at - row.start_at)
                cell = Cell(
                    energy_kwh=row.energy_kwh, estimated_kwh=row.estimated_kwh,
                    known_ratio=min(1.0, row.known_ratio / share),
                    missing_meters=row.missing_meters,
                )  # fmt: skip
            found.setdefault((row.part, *key), []).append(cell)
    keys = sorted(ends)
    return Buckets(
        starts=[key[0] for key in keys], ends=[ends[key] for key in keys],
        cells={
            part: [together(found.get((part, *key), [])) for key in keys]
            for part in sorted({term.part for term in terms})
        },
    )  # fmt: skip


def together(cells: Sequence[Cell | None]) -> Cell | None:
    """One bucket of several parts or zones; None where none of them says anything."""
    known = [cell for cell in cells if cell is not None]
    if not known:
        return None
    values = [cell.energy_kwh for cell in known if cell.energy_kwh is not None]
    return Cell(
        energy_kwh=sum(values) if values else None,
        estimated_kwh=sum(cell.estimated_kwh for cell in known),
        known_ratio=min(cell.known_ratio for cell in known),
        missing_meters=sum(cell.missing_meters for cell in known),
    )


def labels(frame: Frame, buckets: Buckets, step: Step, period: Period) -> list[tuple[str, str]]:
    """Short and long names of the buckets."""
    in_month = period.days <= 31
    return [
        _label(frame, start, end, step, in_month=in_month, one_day=period.days == 1)
        for start, end in zip(buckets.starts, buckets.ends, strict=True)
    ]


def _label(
    frame: Frame, start: datetime, end: datetime, step: Step, *, in_month: bool, one_day: bool
) -> tuple[str, str]:
    f, day = frame.f, start.date()
    last = (end - timedelta(seconds=1)).date()
    if step == "hour":
        name = f"{start:%H:%M}"
        at_midnight = start.hour == 0 and not one_day
        return f.day(day) if at_midnight else name, f"{f.day(day, weekday=True)} {name}–{end:%H:%M}"
    if step == "day":
        short = f"{day.day}" if in_month and day.day != 1 else f.day(day)
        return short, f.day(day, weekday=True, year=True)
    if step == "week":
        return f.day(day), f"{f.day(day)} – {f.day(last, year=True)}"
    if step == "month":
        whole = start.day == 1 and end.day == 1
        return f.month_name(day), f.month(day) if whole else f"{f.day(day)} – {f.day(last)}"
    return f.year(day), f.year(day)


def so_far(buckets: Buckets, now: datetime, zone: str) -> list[int]:
    """Positions of buckets that have begun and are not over."""
    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    pairs = zip(buckets.starts, buckets.ends, strict=True)
    return [at for at, (start, end) in enumerate(pairs) if start <= local < end]
