"""Quarter hours on the grid of a site's local days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from forecast.opportunities.premises import SLOTS

_DAY_S, _QUARTER_S = 86_400, 900
_EPOCH = date(1970, 1, 1)


class LocalGrid:
    """Places instants on (days, 96) by a zone's clock; an hour that comes twice is there once."""

    def __init__(self, zone: str, first_day: date, days: int) -> None:
        self.zone = ZoneInfo(zone)
        self.first_day = first_day
        self.days = days
        start_s, end_s = (int(edge.timestamp()) for edge in self.bounds())
        self.start_s = np.arange(start_s, end_s, _QUARTER_S, dtype=np.int64)

    def bounds(self) -> tuple[datetime, datetime]:
        """The instants at which the days begin and end."""
        last = self.first_day + timedelta(days=self.days)
        edges = (datetime.combine(day, time(), self.zone) for day in (self.first_day, last))
        start, end = (edge.astimezone(UTC) for edge in edges)
        return start, end

    def place(self, start_s: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The day's and the quarter's place of each instant, which must lie in the days."""
        hours, at = np.unique(start_s // 1800, return_inverse=True)
        offsets = np.array([self._offset_s(int(hour) * 1800) for hour in hours], dtype=np.int64)
        local_s = start_s + offsets[at]
        day = local_s // _DAY_S - (self.first_day - _EPOCH).days
        return day, local_s % _DAY_S // _QUARTER_S

    def spread(
        self, start_s: NDArray[np.int64], values: NDArray[np.floating]
    ) -> NDArray[np.float64]:
        """Values at instants, (n,) or (n, k), as (days, 96) or (days, 96, k); NaN elsewhere."""
        grid = np.full((self.days, SLOTS, *values.shape[1:]), np.nan)
        if len(start_s):
            grid[self.place(start_s)] = values
        return grid

    def _offset_s(self, at_s: int) -> int:
        offset = datetime.fromtimestamp(at_s, UTC).astimezone(self.zone).utcoffset()
        return 0 if offset is None else int(offset.total_seconds())
