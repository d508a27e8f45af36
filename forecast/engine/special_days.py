"""Days near holidays and declared events: what was different on the corresponding past days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.calendars.day_kinds import PAST_OCCASIONS
from forecast.engine.activity import PAST_WEIGHTS, Activity
from forecast.engine.past import Past
from forecast.engine.profiles import Profiles
from forecast.quantiles import BoolArray, FloatArray

_NOTABLE: Final = 0.02
"""Share of the mean load from which a difference makes a day special."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDays:
    """What corresponding past days say of each day."""

    difference: FloatArray
    """[C, D, S]: to the usual profile of the day's calendar kind; zero where nothing is known."""
    usual: FloatArray
    """[C, D, S]: that usual profile."""
    special: BoolArray
    """[C, D]."""

    @property
    def strength(self) -> FloatArray:
        """[C, D]: mean absolute difference, relative to the mean load."""
        size: FloatArray = np.abs(self.difference).mean(2)
        return size


def special_days_of(past: Past, activity: Activity, profiles: Profiles) -> SpecialDays:
    """Differences of the aligned past days, in today's level; else what the closure would cost."""
    usual = profiles.of(past.off)
    who, day = np.nonzero(past.near)
    total = np.zeros((len(who), past.filled.shape[2]), dtype=np.float32)
    mass = np.zeros(len(who))
    month = _month_before(past)
    for back in range(PAST_OCCASIONS):
        there = np.maximum(past.alike[who, day, back], 0)
        usable = (past.alike[who, day, back] >= 28) & (there < day - past.lead)
        usable &= there >= past.first_known[who] + 21
        usable &= past.off[who, there] == past.off[who, day]
        usable &= np.isfinite(usual[who, there]).all(1)
        level = month[who, day] / np.maximum(month[who, there], 1e-9)
        was = past.filled[who, there] - np.where(usable[:, None], usual[who, there], 0.0)
        weight = np.where(usable, PAST_WEIGHTS[back], 0.0)
        total += (weight * np.clip(level, 0.5, 2.0))[:, None] * was
        mass += weight
    direct = mass > 0
    difference = np.zeros_like(past.filled)
    special = np.zeros_like(past.near)
    share = total / np.maximum(mass, 1e-9)[:, None]
    work_to_off = profiles.usual[who, day, 1] - profiles.usual[who, day, 0]
    idle = np.clip(activity.expected_idleness[who, day], 0.0, 1.2)
    closing = ~direct & ~past.off[who, day] & (idle > 0.25) & np.isfinite(work_to_off).all(1)
    value = np.where(
        direct[:, None], share, np.where(closing[:, None], idle[:, None] * work_to_off, 0.0)
    )
    difference[who, day] = value
    special[who, day] = direct | closing
    special &= np.isfinite(usual).all(2)
    return SpecialDays(
        difference=np.where(special[..., None], difference, 0.0), usual=usual, special=special
    )


def _month_before(past: Past) -> FloatArray:
    """[C, D]: load of the four weeks that were whole at each day's issue."""
    daily = np.concatenate(
        [np.zeros((len(past.filled), 1)), past.filled.sum(2).cumsum(1, dtype=np.float64)], axis=1
    )
    place = np.arange(past.filled.shape[1])
    end = np.maximum(place - past.lead, 1)
    start = np.maximum(end - 29, 0)
    month: FloatArray = daily[:, end] - daily[:, start]
    return month


def notable(days: SpecialDays) -> BoolArray:
    """[C, D]: days that the special-day expert has something to say on."""
    return days.special & (days.strength > _NOTABLE)
