"""The mean of similar days: lately, of the same kind, at this time of year, in such weather."""

from __future__ import annotations

from typing import Final

import numpy as np

from forecast.engine.past import Past
from forecast.engine.profiles import Profiles
from forecast.quantiles import FloatArray, IntArray

_LOOK_BACK_DAYS: Final = 380
_RECENT_HALF_LIFE_DAYS: Final = 14.0
_SEASON_DAYS: Final = 20.0
_WARMTH_C: Final = 5.0


def similar_days(past: Past, profiles: Profiles, asked: IntArray) -> FloatArray:
    """[C, len(asked), S], from days that were whole at each asked day's issue."""
    kind = np.where(past.holiday, 3, np.where(past.off, past.weekday, 0))
    off = profiles.off
    warmth = None if past.temperature is None else past.temperature.mean(2)
    out = np.empty((len(past.filled), len(asked), past.filled.shape[2]))
    for place, day in enumerate(asked):
        last = max(int(day) - past.lead - 1, 0)
        first = max(0, last - _LOOK_BACK_DAYS)
        known = slice(first, last + 1)
        index = np.arange(first, last + 1)
        season = np.abs((index - day + 182) % 365 - 182)
        near = 0.5 ** ((last - index) / _RECENT_HALF_LIFE_DAYS)
        near = near + 0.25 * np.exp(-((season / _SEASON_DAYS) ** 2))
        same = kind[:, known] == kind[:, day, None]
        alike = np.where(same, 1.0, np.where(off[:, known] == off[:, day, None], 0.3, 1e-4))
        weight = alike * near[None]
        if warmth is not None:
            gap = warmth[:, known] - warmth[:, day, None]
            weight *= np.exp(-((gap / _WARMTH_C) ** 2))
        weight *= index[None] >= past.first_known[:, None]
        weight += 1e-12
        weight /= weight.sum(1, keepdims=True)
        out[:, place] = (weight[:, None] @ past.filled[:, known])[:, 0]
    return out
