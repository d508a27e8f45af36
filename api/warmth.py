"""How one site's load answers to temperature: its own last year, read and fitted when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from forecast.calendars.day_kinds import DayKinds
from forecast.quantiles import FloatArray, IntArray
from forecast.temperature_response import TemperatureResponse, fit_response
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecast_inputs import WeatherRow, weather_as_of
from loadstone.storage.screens.site import load_points

_HISTORY_DAYS = 365
_HOURS = 24
_HOUR_S = 3600
_FARTHEST_S = 3 * _HOUR_S
"""Between two known temperatures farther apart than this none is made up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoseLoad:
    """A site's main meters and where it lies."""

    site_id: int
    main_ids: Sequence[int]
    zone: str


def response_of(
    connection: Connection, whose: WhoseLoad, kinds: DayKinds, last_day: date, now: datetime
) -> TemperatureResponse | None:
    """Fitted on the days of `kinds` up to `last_day`; None where load or weather are too short."""
    days = (last_day - kinds.first_day).days + 1
    zone = ZoneInfo(whose.zone)
    start = datetime.combine(kinds.first_day, datetime.min.time(), zone)
    end = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), zone)
    weather = weather_as_of(connection, whose.site_id, start, end, now)
    if not weather:
        return None
    points = load_points(connection, whose.main_ids, start, end, _HOUR_S, whose.zone)
    sums: dict[datetime, list[float]] = {}
    for point in points:
        if point.power_kw is not None:
            sums.setdefault(point.start_at, []).append(point.power_kw)
    whole = [(at, sum(v)) for at, v in sums.items() if len(v) == len(whose.main_ids)]
    load = _by_day(whole, kinds.first_day, days, zone)
    warm = _by_day([(w.valid_at, w.temperature_c) for w in weather], kinds.first_day, days, zone)
    return fit_response(load, warm, kinds_of(kinds)[:days])


def first_day_of_history(last_day: date) -> date:
    """Where the fit begins."""
    return last_day - timedelta(days=_HISTORY_DAYS - 1)


def kinds_of(days: DayKinds) -> IntArray:
    """0 workdays, 1 Saturdays, 2 Sundays and holidays."""
    late = np.where(days.holiday | (days.off & (days.weekday == 6)), 2, 1)
    return np.asarray(np.where(days.off, late, 0))


def temperatures_at(weather: Sequence[WeatherRow], at_s: FloatArray) -> FloatArray:
    """[N] between the known ones; NaN farther than three hours from both sides."""
    if not weather:
        return np.full(len(at_s), np.nan)
    known_s = np.array([row.valid_at.timestamp() for row in weather])
    values = np.array([row.temperature_c for row in weather])
    after = np.clip(np.searchsorted(known_s, at_s), 0, len(known_s) - 1)
    before = np.clip(after - 1, 0, len(known_s) - 1)
    near = np.minimum(np.abs(known_s[after] - at_s), np.abs(known_s[before] - at_s))
    return np.where(near <= _FARTHEST_S, np.interp(at_s, known_s, values), np.nan)


def _by_day(
    values: Sequence[tuple[datetime, float]], first: date, days: int, zone: ZoneInfo
) -> FloatArray:
    """[D, 24] means by local day and hour; an hour that the clock repeats is the mean of both."""
    total, count = np.zeros((days, _HOURS)), np.zeros((days, _HOURS))
    for at, value in values:
        local = at.astimezone(zone)
        day = (local.date() - first).days
        if 0 <= day < days:
            total[day, local.hour] += value
            count[day, local.hour] += 1
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
