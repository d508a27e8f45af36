"""A place's hours or days with weather and calendar, out of storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from forecast.calendars.day_kinds import day_kinds
from forecast.calendars.production import EntryKind, ProductionEntry
from forecast.quantiles import FloatArray, IntArray
from forecast.runs.countries import country_of
from forecast.savings.rows import HOLIDAY, EnergyRows, kinds_of
from loadstone.storage.forecast_inputs import Connection, weather_of
from loadstone.storage.production_days import production_days_known
from loadstone.storage.saving_inputs import JudgedSite, known_energy

HOUR_S: Final = 3600
DAY_S: Final = 86_400
EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Rows of [first, end), with the start of each and where its temperatures came from."""

    rows: EnergyRows
    start_s: IntArray
    weather_source: str | None


def midnight(day: date, zone: str) -> datetime:
    """The instant at which a local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def gather(
    connection: Connection,
    site: JudgedSite,
    meter_ids: list[int],
    first: date,
    end: date,
    now: datetime,
    *,
    hourly: bool,
) -> Gathered:
    """Energy of these meters together on the local days [first, end); unknown is NaN."""
    begin, until = midnight(first, site.zone), midnight(end, site.zone)
    starts, day, hour = _grid(site.zone, begin, until, hourly=hourly)
    known = known_energy(
        connection, meter_ids, begin, until, "1 hour" if hourly else "1 day", site.zone
    )
    warm, source = _temperatures(connection, site, begin, until, now, starts, day, hourly=hourly)
    rows = EnergyRows(
        hourly=hourly,
        day=day,
        hour=hour,
        day_kind=_kinds(connection, site, day, now),
        energy_kwh=_placed(starts, known.start_s, known.energy_kwh),
        temperature_c=warm,
    )
    return Gathered(rows=rows, start_s=starts, weather_source=source)


def _grid(
    zone: str, begin: datetime, until: datetime, *, hourly: bool
) -> tuple[IntArray, IntArray, IntArray]:
    """Starts of the rows (s since the epoch), their local days as ordinals, their local hours."""
    tz = ZoneInfo(zone)
    hours = np.arange(int(begin.timestamp()), int(until.timestamp()), HOUR_S, dtype=np.int64)
    local = hours + _offsets(tz, hours)
    day, hour = local // DAY_S + EPOCH_DAY, local % DAY_S // HOUR_S
    if hourly:
        return hours, day, hour
    days, at = np.unique(day, return_index=True)
    return hours[at], days, np.zeros(len(days), dtype=np.int64)


def _offsets(tz: ZoneInfo, starts: IntArray) -> IntArray:
    """Seconds from UTC; looked up by the day, and by the hour where they change within it."""
    marks, place = np.unique(starts // DAY_S, return_inverse=True)
    first = np.array([_offset(tz, int(one) * DAY_S) for one in marks], dtype=np.int64)
    last = np.array([_offset(tz, (int(one) + 1) * DAY_S - 1) for one in marks], dtype=np.int64)
    told = first[place]
    for at in np.flatnonzero((first != last)[place]):
        told[at] = _offset(tz, int(starts[at]))
    return told


def _offset(tz: ZoneInfo, at_s: int) -> int:
    offset = datetime.fromtimestamp(at_s, UTC).astimezone(tz).utcoffset()
    return int((offset or timedelta()).total_seconds())


def _placed(starts: IntArray, at_s: IntArray, values: FloatArray) -> FloatArray:
    """Values at their rows; NaN where there is none."""
    told = np.full(len(starts), np.nan)
    place = np.searchsorted(starts, at_s)
    inside = (place < len(starts)) & (starts[np.minimum(place, len(starts) - 1)] == at_s)
    told[place[inside]] = values[inside]
    return told


def _temperatures(
    connection: Connection,
    site: JudgedSite,
    begin: datetime,
    until: datetime,
    now: datetime,
    starts: IntArray,
    day: IntArray,
    *,
    hourly: bool,
) -> tuple[FloatArray, str | None]:
    """Mean temperature of each row, and its source; NaN and None where nothing is known."""
    found = weather_of(connection, [site.site_id], begin, until, now).get(site.site_id)
    if found is None or not len(found.at_s):
        return np.full(len(starts), np.nan), None
    at_s = found.at_s + int(begin.timestamp())
    row = np.searchsorted(starts, at_s, side="right") - 1
    longest = HOUR_S if hourly else 26 * HOUR_S
    near = (row >= 0) & (at_s - starts[np.maximum(row, 0)] < longest)
    count = np.bincount(row[near], minlength=len(starts))
    total = np.bincount(
        row[near], weights=found.temperature_c[near].astype(float), minlength=len(starts)
    )
    least = 1 if hourly else 6
    warm = np.where(count >= least, total / np.maximum(count, 1), np.nan)
    return warm, found.source if np.isfinite(warm).any() else None


def _kinds(connection: Connection, site: JudgedSite, day: IntArray, now: datetime) -> IntArray:
    """Weekdays, holidays and shutdowns as holidays, make-up workdays as Mondays."""
    entries = tuple(
        ProductionEntry(
            name=one.name, kind=EntryKind(one.kind), start=one.first_day, end=one.last_day
        )
        for one in production_days_known(connection, [site.customer_id], now)
        if one.site_id is None or one.site_id == site.site_id
    )
    first, many = int(day[0]), int(day[-1] - day[0]) + 1
    country = site.country or country_of(site.zone)
    kinds = day_kinds(date.fromordinal(first), many, country, site.subdivision, entries)
    place = day - first
    plain = kinds_of(day)
    off, worked = kinds.off[place], kinds.weekday[place] == 7
    told = np.where(off & (kinds.holiday[place] | (plain < 5)), HOLIDAY, plain)
    return np.where(worked & ~off, 0, told)
