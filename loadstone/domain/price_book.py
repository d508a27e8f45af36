"""A customer's prices over time, as one of its sites sees them: by the site's clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from loadstone.domain.prices import PERIODS, Period, Price

NO_PERIOD = -1
_QUARTER_S, _DAY_S = 900, 86_400
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSeries:
    """Prices of intervals by their starts: money per kWh (NaN: no price yet), place in PERIODS."""

    price_per_kwh: NDArray[np.float64]
    period: NDArray[np.int8]


class PriceBook:
    """Answers what a kWh or kW costs at an instant; an empty book answers None and NaN."""

    def __init__(self, prices: Iterable[Price], zone: str) -> None:
        self.prices = tuple(sorted(prices, key=lambda price: price.valid_from))
        self.zone = ZoneInfo(zone)
        self._days = [price.valid_from for price in self.prices]

    def on(self, day: date) -> Price | None:
        """The price of a local day; None before the first."""
        place = bisect_right(self._days, day)
        return self.prices[place - 1] if place else None

    def at(self, instant: datetime) -> Price | None:
        """The price at an aware instant."""
        return self.on(instant.astimezone(self.zone).date())

    def period_at(self, instant: datetime) -> Period | None:
        """The time-of-use period at an aware instant."""
        local = instant.astimezone(self.zone)
        price = self.on(local.date())
        return None if price is None else price.period(local.month, local.hour * 60 + local.minute)

    def per_kwh_at(self, instant: datetime) -> Decimal | None:
        """Money per kWh at an aware instant."""
        price, period = self.at(instant), self.period_at(instant)
        return None if price is None or period is None else price.per_kwh(period)

    def per_kw_month_at(self, instant: datetime) -> Decimal | None:
        """Money per kW and month at an aware instant; None where demand is not charged."""
        price = self.at(instant)
        return price.demand_per_kw_month if price and price.basis != "capacity" else None

    def series(self, start_s: NDArray[np.int64]) -> PriceSeries:
        """Price and period of each interval that starts at `start_s` (s since the epoch)."""
        price_per_kwh = np.full(len(start_s), np.nan)
        period = np.full(len(start_s), NO_PERIOD, dtype=np.int8)
        local_s = start_s + self._offset_s(start_s)
        days, place = np.unique(local_s // _DAY_S, return_inverse=True)
        quarter = local_s % _DAY_S // _QUARTER_S
        kind = np.array([self._kind(int(day)) for day in days], dtype=np.int64).reshape(-1, 2)[
            place
        ]
        for price_at, month in np.unique(kind, axis=0).tolist() if len(kind) else ():
            if price_at < 0:
                continue
            price, here = self.prices[price_at], (kind == (price_at, month)).all(axis=1)
            names = [price.period(month, at * 15) for at in range(_DAY_S // _QUARTER_S)]
            costs = np.array([float(price.per_kwh(name)) for name in names])
            numbers = np.array([PERIODS.index(name) for name in names], dtype=np.int8)
            price_per_kwh[here], period[here] = costs[quarter[here]], numbers[quarter[here]]
        return PriceSeries(price_per_kwh=price_per_kwh, period=period)

    def _kind(self, day_number: int) -> tuple[int, int]:
        """Which price counts on a local day, -1 for none, and the day's month."""
        day = _EPOCH + timedelta(days=day_number)
        return bisect_right(self._days, day) - 1, day.month

    def _offset_s(self, start_s: NDArray[np.int64]) -> NDArray[np.int64]:
        """The zone's offset from UTC, looked up once for each half hour."""
        marks, place = np.unique(start_s // 1800, return_inverse=True)
        offsets = [_offset_of(self.zone, int(mark) * 1800) for mark in marks]
        return np.array(offsets, dtype=np.int64)[place]


def _offset_of(zone: ZoneInfo, at_s: int) -> int:
    offset = datetime.fromtimestamp(at_s, UTC).astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
