"""A site's local days as slots of clock time, and the real intervals that they stand for.

Models know days of always the same number of slots. A day on which clocks are put forward misses
an hour of them; on one on which they are put back an hour is there twice and its mean is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from forecast.quantiles import FloatArray, IntArray

DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDays:
    """`days` local days from `first_day` in intervals of `interval_s`."""

    zone: str
    interval_s: int
    first_day: date
    begins_s: IntArray
    """[days + 1]: local midnights, seconds since the epoch; the last one ends the last day."""

    @property
    def slots(self) -> int:
        """Slots of clock time a day."""
        return DAY_S // self.interval_s

    @property
    def days(self) -> int:
        """How many days these are."""
        return len(self.begins_s) - 1

    @property
    def start(self) -> datetime:
        """The first midnight."""
        return self.begins(0)

    def begins(self, day: int) -> datetime:
        """Local midnight at the beginning of the day with this index; `days` ends the last."""
        return datetime.fromtimestamp(int(self.begins_s[day]), UTC)

    def slots_of(self, day: int) -> IntArray:
        """[N]: the slot of clock time of each real interval of this day: 92, 96 or 100 of them."""
        begin, end = int(self.begins_s[day]), int(self.begins_s[day + 1])
        count = (end - begin) // self.interval_s
        if end - begin == DAY_S:
            return np.arange(count)
        zone = ZoneInfo(self.zone)
        found = []
        for at_s in range(begin, end, self.interval_s):
            local = datetime.fromtimestamp(at_s, zone)
            found.append((local.hour * 3600 + local.minute * 60) // self.interval_s)
        return np.array(found, dtype=np.int64)

    def folded(self, at_s: IntArray, values: FloatArray) -> FloatArray:
        """[days, slots]: values at instants (seconds since the epoch); means where several meet."""
        inside = (at_s >= self.begins_s[0]) & (at_s < self.begins_s[-1])
        at_s, values = at_s[inside], values[inside]
        day = np.searchsorted(self.begins_s, at_s, side="right") - 1
        slot = (at_s - self.begins_s[day]) // self.interval_s
        for odd in np.flatnonzero(np.diff(self.begins_s) != DAY_S):
            mine = day == odd
            slot[mine] = self.slots_of(int(odd))[slot[mine]]
        cell = day * self.slots + slot
        size = self.days * self.slots
        total = np.bincount(cell, weights=values, minlength=size)
        count = np.bincount(cell, minlength=size)
        found = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        return found.reshape(self.days, self.slots)

    def index_of(self, day: date) -> int:
        """The place of this date among the days."""
        return (day - self.first_day).days


@lru_cache(maxsize=64)
def local_days(zone: str, first_day: date, days: int, interval_s: int) -> LocalDays:
    """The days from `first_day` on; intervals must divide the hour."""
    if interval_s <= 0 or 3600 % interval_s:
        raise ValueError(f"an interval of {interval_s} s does not divide the hour")
    where = ZoneInfo(zone)
    midnights = [
        datetime.combine(first_day + timedelta(days=day), datetime.min.time(), where).timestamp()
        for day in range(days + 1)
    ]
    return LocalDays(
        zone=zone,
        interval_s=interval_s,
        first_day=first_day,
        begins_s=np.array(midnights, dtype=np.int64),
    )
