"""The power of one load at the block boundaries of a chunk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from simulator.blocks import BLOCK_S, CHUNK_BLOCKS
from simulator.cities import City
from simulator.loads import Load
from simulator.noise import Floats, Ints, key_of, smooth, uniform
from simulator.patterns import Course, Pattern, pattern_of
from simulator.weather import sun_elevation_sine, sun_ratio, temperature_c
from simulator.workdays import DayType, day_type_of_number, is_school_vacation

_DAY_S = 86_400
_HOT_C = 36.0  # cooling at full load
_COLD_C = -2.0  # heating at full load
_COOLING_FROM_C = 19.0
_HEATING_BELOW_C = 12.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all loads of a site share at a chunk's block boundaries (one more than blocks)."""

    ts_s: Ints
    hour: Floats
    day: Ints
    day_type: Ints
    is_vacation: Ints
    temperature_c: Floats
    sun_ratio: Floats
    is_dark: Floats


@lru_cache(maxsize=400)
def surroundings(city: City, zone: str, chunk: int) -> Surroundings:
    """Return the calendar and the weather of a chunk, read in the site's zone."""
    first = chunk * CHUNK_BLOCKS
    ts_s = np.arange(first, first + CHUNK_BLOCKS + 1, dtype=np.int64) * BLOCK_S
    local_s = ts_s + _offset_s(zone, ts_s)
    day, second = np.divmod(local_s, _DAY_S)
    known, place = np.unique(day, return_inverse=True)
    types = np.array([int(day_type_of_number(int(number))) for number in known])
    vacations = np.array([int(is_school_vacation(int(number))) for number in known])
    return Surroundings(
        ts_s=ts_s,
        hour=second / 3600.0,
        day=day,
        day_type=types[place],
        is_vacation=vacations[place],
        temperature_c=temperature_c(city, ts_s),
        sun_ratio=sun_ratio(city, ts_s),
        is_dark=np.clip(0.5 - 6 * sun_elevation_sine(city, ts_s), 0.0, 1.0),
    )


def knots_kw(load: Load, around: Surroundings) -> Floats:
    """Return the load's power at the chunk's block boundaries; generation is negative."""
    key = key_of(load.key)
    noise = _noise(load, key, around)
    if load.weather == "sun":
        return -load.peak_kw * around.sun_ratio * (1 + 0.5 * (noise - 1))
    shape = _shape(pattern_of(load.pattern), key, around)
    share = load.weather_ratio
    weather = 1.0 if load.weather == "none" else 1 - share + share * _weather(load, around)
    power: Floats = load.peak_kw * shape * noise * weather
    return np.clip(power, 0.0, None)


def _shape(pattern: Pattern, key: int, around: Surroundings) -> Floats:
    drift = pattern.drift_h * uniform(key + 11, around.day)
    hour = np.clip(around.hour + drift, 0.0, 24.0)
    shape = np.zeros(len(hour))
    for day_type in np.unique(around.day_type):
        here = around.day_type == day_type
        course = _course(pattern, DayType(int(day_type)))
        at, share = zip(*course, strict=True)
        shape[here] = np.interp(hour[here], at, share)
    shape = np.where(around.day_type == DayType.SPRING_FESTIVAL, pattern.spring_ratio, 1.0) * shape
    scaled: Floats = np.where(around.is_vacation == 1, pattern.vacation_ratio, 1.0) * shape
    return scaled


def _course(pattern: Pattern, day_type: DayType) -> Course:
    sunday = pattern.sunday or pattern.work
    if day_type is DayType.WORKDAY:
        return pattern.work
    if day_type is DayType.SATURDAY:
        return pattern.saturday or sunday
    if day_type is DayType.SUNDAY:
        return sunday
    return pattern.holiday or sunday


def _weather(load: Load, around: Surroundings) -> Floats:
    warm = around.temperature_c
    if load.weather == "cooling":
        return np.clip((warm - _COOLING_FROM_C) / (_HOT_C - _COOLING_FROM_C), 0.0, 1.15)
    if load.weather == "heating":
        return np.clip((_HEATING_BELOW_C - warm) / (_HEATING_BELOW_C - _COLD_C), 0.0, 1.15)
    if load.weather == "refrigeration":  # works all year, harder in the heat
        return np.clip(0.45 + 0.55 * (warm + 5) / 40.0, 0.35, 1.1)
    return around.is_dark


def _noise(load: Load, key: int, around: Surroundings) -> Floats:
    wander = 0.8 * smooth(key + 1, around.ts_s, 2 * 3600) + 0.5 * uniform(
        key + 2, around.ts_s // BLOCK_S
    )
    days = 0.7 * uniform(key + 3, around.day) + 0.5 * smooth(key + 4, around.ts_s, 9 * _DAY_S)
    total: Floats = 1 + load.noise_ratio * (wander + days)
    return np.clip(total, 0.2, None)


def _offset_s(zone: str, ts_s: Ints) -> Ints:
    """Return the zone's offset from UTC, looked up once an hour."""
    tz = ZoneInfo(zone)
    hours, place = np.unique(ts_s // 3600, return_inverse=True)
    offsets = [_offset_at(tz, int(hour) * 3600) for hour in hours]
    return np.array(offsets, dtype=np.int64)[place]


def _offset_at(tz: ZoneInfo, ts_s: int) -> int:
    offset = datetime.fromtimestamp(ts_s, UTC).astimezone(tz).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
