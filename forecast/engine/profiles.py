"""What is usual: the recent profile of workdays and of days off, as known at each issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.engine.activity import Activity
from forecast.engine.past import Past
from forecast.quantiles import BoolArray, FloatArray

_MEMORY: Final = 0.18
_LAST_DAYS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """All [C, D, S] but the flags [C, D]."""

    off: BoolArray
    """Days off by the calendar, and workdays expected to be closed."""
    usual: FloatArray
    """[C, D, 2, S]: smoothed profile of workdays and of days off, as known at issue; NaN before."""
    last: FloatArray
    """The last day of the same kind."""
    last_four: FloatArray
    cleared: FloatArray
    """The filled load with holidays on weekdays and closures replaced by what was usual."""
    observed_off: BoolArray

    def of(self, kind: BoolArray) -> FloatArray:
        """The usual profile of each day's `kind` [C, D]: [C, D, S]."""
        return np.where(kind[..., None], self.usual[:, :, 1], self.usual[:, :, 0])


def profiles_of(past: Past, activity: Activity) -> Profiles:
    """One walk through the days, for all customers at once."""
    customers, days, slots = past.filled.shape
    observed = past.off | activity.closed
    off = past.off | (activity.expected_idleness > 0.5)
    ordinary = ~(activity.closed | past.holiday)
    usual = np.full((customers, days, 2, slots), np.nan, dtype=np.float32)
    last = np.full((customers, days, slots), np.nan, dtype=np.float32)
    four = last.copy()
    cleared = past.filled.copy()
    state = np.full((customers, 2, slots), np.nan, dtype=np.float32)
    ring = np.zeros((customers, 2, _LAST_DAYS, slots), dtype=np.float32)
    seen = np.zeros((customers, 2), dtype=np.int64)
    row = np.arange(customers)
    for day in range(past.lead + 1, days):
        learnt = day - past.lead - 1
        load = past.filled[:, learnt]
        takes = ordinary[:, learnt]
        who, kind = row[takes], observed[takes, learnt].astype(int)
        old = state[who, kind]
        fresh = load[takes]
        state[who, kind] = np.where(np.isnan(old), fresh, old + _MEMORY * (fresh - old))
        ring[who, kind, seen[who, kind] % _LAST_DAYS] = fresh
        seen[who, kind] += 1
        odd = ~takes & (past.weekday[:, learnt] < 5) & (seen[:, 0] > 0)
        cleared[odd, learnt] = state[odd, 0]
        usual[:, day] = state
        wanted = off[:, day].astype(int)
        number = seen[row, wanted]
        have = np.minimum(number, _LAST_DAYS)[:, None]
        mine = ring[row, wanted]
        last[:, day] = np.where(have > 0, mine[row, (number - 1) % _LAST_DAYS], np.nan)
        four[:, day] = np.where(have > 0, mine.sum(1) / np.maximum(have, 1), np.nan)
    return Profiles(
        off=off, usual=usual, last=last, last_four=four, cleared=cleared, observed_off=observed
    )
