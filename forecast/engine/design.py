"""The numbers every expert reads, per customer, slot and day, as known at that day's issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.engine.activity import PAST_WEIGHTS
from forecast.engine.past import Past
from forecast.engine.profiles import Profiles
from forecast.engine.special_days import SpecialDays
from forecast.quantiles import FloatArray, IntArray

PROFILE_COLUMNS: Final = slice(1, 9)
PROFILE_PRIOR: Final = (0.1, 0.0, 0.15, 0.0, 0.15, 0.1, 0.2, 0.3)
"""A forecast before anything is learnt: recent load, last weeks, profiles of the day's kind."""
DIFFERENCE_PRIOR: Final = 0.5
_RECENT_PROFILE: Final = 1
_WEEK_PROFILE: Final = 3
_WEEKS_PROFILE: Final = 5
_USUAL_PROFILE: Final = 8
_CALENDAR_SIZE: Final = 1.2
_WEATHER_SIZE: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Features by their role; `columns` [C, S, p, D] hold them all, constant first."""

    columns: FloatArray
    prior: FloatArray
    """[p]: the coefficients that too little history falls back to."""
    level_columns: slice
    daily_columns: slice
    profile_like: tuple[int, ...]
    """Further columns that are profiles over the slots."""
    weather_columns: slice

    def profile(self, column: int) -> FloatArray:
        """One column as [C, D, S]."""
        return self.columns[:, :, column].transpose(0, 2, 1)

    @property
    def usual(self) -> FloatArray:
        """Smoothed profile of the day's kind [C, D, S]."""
        return self.profile(_USUAL_PROFILE)

    @property
    def recent(self) -> FloatArray:
        """The last known load of each slot [C, D, S]."""
        return self.profile(_RECENT_PROFILE)

    @property
    def week_before(self) -> FloatArray:
        """The load of a week before [C, D, S]."""
        return self.profile(_WEEK_PROFILE)

    @property
    def weeks(self) -> FloatArray:
        """Mean of the last four same weekdays [C, D, S]."""
        return self.profile(_WEEKS_PROFILE)


def design_of(past: Past, profiles: Profiles, special: SpecialDays) -> Design:
    """All features in single precision; what is not known yet is zero."""
    lags = [_zeroed(one) for one in _profiles(past, profiles)]
    levels = _levels(past)
    growth = _growth(past)
    usual_kind = profiles.of(profiles.off)
    told = _zeroed(
        np.where(special.special[..., None], special.usual + special.difference - usual_kind, 0.0)
    )
    year = _year_before(past, profiles)
    daily = [one * _CALENDAR_SIZE for one in _calendar(past, profiles)]
    blocks: list[FloatArray] = [np.ones_like(past.season), *lags, *levels[:4]]
    blocks += [lags[2] * growth[..., None], *daily]
    at = len(blocks)
    blocks += [told, year, year.mean(2), *_weather(past, profiles)]
    columns = _laid_out(blocks, past)
    prior = np.zeros(len(blocks))
    prior[PROFILE_COLUMNS] = PROFILE_PRIOR
    prior[at] = DIFFERENCE_PRIOR
    return Design(
        columns=columns,
        prior=prior,
        level_columns=slice(9, 13),
        daily_columns=slice(14, at),
        profile_like=(at, at + 1),
        weather_columns=slice(at + 3, len(blocks)),
    )


def _laid_out(blocks: Sequence[FloatArray], past: Past) -> FloatArray:
    """[C, S, p, D] of blocks [D], [C, D] or [C, D, S]: days side by side make fast products."""
    customers, days, slots = past.filled.shape
    columns = np.empty((customers, slots, len(blocks), days), dtype=np.float32)
    for place, block in enumerate(blocks):
        if block.ndim == 3:
            columns[:, :, place] = block.transpose(0, 2, 1)
        else:
            columns[:, :, place] = block[..., None, :]
    return columns


def _zeroed(values: FloatArray) -> FloatArray:
    np.copyto(values, 0.0, where=np.isnan(values))
    return values


def _back(values: FloatArray, days: int) -> FloatArray:
    """The values of `days` days before; NaN where there is none."""
    out = np.full_like(values, np.nan)
    if days < values.shape[1]:
        out[:, days:] = values[:, : values.shape[1] - days]
    return out


def _known_back(values: FloatArray, past: Past, days: int) -> FloatArray:
    """`days` before, a day further back for slots that the issue did not know yet."""
    return np.where(past.early, _back(values, days), _back(values, days + 1))


def _profiles(past: Past, profiles: Profiles) -> list[FloatArray]:
    lead, clear = past.lead, profiles.cleared
    recent = _known_back(past.filled, past, lead) if lead else _back(past.filled, 1)
    before = _known_back(past.filled, past, lead + 1) if lead else _back(past.filled, 2)
    if lead < 7:
        first, week = _back(clear, 7), 7
    else:
        first, week = np.where(past.early, _back(clear, 7), _back(clear, 14)), 14
    weeks = [_back(clear, week + 7 * step) for step in range(4)]
    return [
        recent, before, first, weeks[1], sum(weeks[1:], weeks[0]) / 4.0,
        profiles.last, profiles.last_four, profiles.of(profiles.off),
    ]  # fmt: skip


def _running(values: FloatArray) -> FloatArray:
    """[C, D * S + 1] sums from the start, in double precision."""
    customers, days, slots = values.shape
    out = np.zeros((customers, days * slots + 1))
    np.cumsum(values.reshape(customers, -1), axis=1, out=out[:, 1:], dtype=np.float64)
    return out


def _mean_before(running: FloatArray, end: IntArray, span: int) -> FloatArray:
    """[C, D]: means over the `span` slots before each of the `end` slots, zero at the start."""
    high, low = np.maximum(end, span), np.maximum(end - span, 0)
    return np.where(end >= span, (running[:, high] - running[:, low]) / span, 0.0)


def _issues(past: Past) -> IntArray:
    days, slots = past.filled.shape[1:]
    return np.asarray((np.arange(days) - past.lead) * slots + past.slot, dtype=np.int64)


def _levels(past: Past) -> list[FloatArray]:
    """[C, D] mean loads up to the issue: a day, a week, four hours, those four a week ago."""
    slots = past.filled.shape[2]
    running, issue = _running(past.filled), _issues(past)
    hours = max(1, slots // 6)
    return [
        _mean_before(running, issue, slots),
        _mean_before(running, issue, 7 * slots),
        _mean_before(running, issue, hours),
        _mean_before(running, issue - 7 * slots, hours),
    ]


def _growth(past: Past) -> FloatArray:
    """[C, D]: the last day's load over the same day's a week before, within reason."""
    slots = past.filled.shape[2]
    running, issue = _running(past.filled), _issues(past)
    before = _mean_before(running, issue - 7 * slots, slots)
    ratio = _mean_before(running, issue, slots) / np.where(np.abs(before) > 0.02, before, np.inf)
    return np.where(before != 0, np.clip(ratio, 0.6, 1.6), 1.0).astype(np.float32)


def _calendar(past: Past, profiles: Profiles) -> list[FloatArray]:
    days = past.weekday.shape[1]
    weekdays = [(past.weekday == one).astype(float) for one in range(6)]
    before, after = np.zeros_like(past.holiday), np.zeros_like(past.holiday)
    before[:, 1:], after[:, :-1] = past.holiday[:, :-1], past.holiday[:, 1:]
    waves = [
        np.sin(past.season),
        np.cos(past.season),
        np.sin(2 * past.season),
        np.cos(2 * past.season),
    ]
    seasons = [np.broadcast_to(one, (len(past.weekday), days)) for one in waves]
    flags = [past.holiday, before, after]
    return [
        *weekdays,
        *(one.astype(float) for one in flags),
        *seasons,
        (profiles.off & ~past.off).astype(float),
    ]


def _year_before(past: Past, profiles: Profiles) -> FloatArray:
    """The same weekday of 1-3 years ago, as difference to what was usual then."""
    unusual = np.nan_to_num(profiles.cleared - profiles.of(profiles.observed_off))
    seasoned = np.arange(unusual.shape[1])[None] >= past.first_known[:, None] + 28
    total = np.zeros_like(unusual)
    mass = np.zeros(unusual.shape[:2])
    for back in range(3):
        days = 364 * (back + 1)
        if days >= unusual.shape[1]:
            break
        weight = PAST_WEIGHTS[back] * seasoned[:, :-days]
        total[:, days:] += weight[..., None] * unusual[:, :-days]
        mass[:, days:] += weight
    mean = total / np.maximum(mass, 1e-9)[..., None]
    smooth = np.zeros_like(mean)
    slots = mean.shape[2]
    for step in range(5):
        smooth[:, :, 2:-2] += mean[:, :, step : slots - 4 + step] / 5
    return smooth


def _weather(past: Past, profiles: Profiles) -> list[FloatArray]:
    if past.temperature is None:
        return []
    now = past.temperature
    slots = now.shape[2]
    running = _running(now)
    place = np.arange(1, running.shape[1])
    start = np.maximum(place - slots, 0)
    day_mean = (running[:, place] - running[:, start]) / (place - start)
    day_mean = day_mean.astype(np.float32).reshape(now.shape)
    work = (~profiles.off).astype(np.float32)[..., None]
    parts = [
        now - 12,
        np.maximum(now - 14, 0),
        np.maximum(now - 20, 0),
        np.maximum(10 - now, 0),
        day_mean - 12,
        np.maximum(day_mean - 16, 0),
        _zeroed(now - _known_back(now, past, max(past.lead, 1))),
        _zeroed(now - _back(now, 7)),
        work * np.maximum(now - 16, 0),
        np.maximum(now - 26, 0),
        np.maximum(day_mean - 21, 0),
        np.maximum(8 - day_mean, 0),
    ]
    return [part * (0.1 * _WEATHER_SIZE) for part in parts]
