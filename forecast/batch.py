"""What a forecast is asked for and what it answers, many customers at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from forecast.calendars.day_kinds import DayKinds
from forecast.quantiles import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBatch:
    """C customers, D days, S slots a day; the last day is the one asked for.

    The forecast is issued on day D-1-lead_days at `origin_slot` (lead 0: today, for the slots that
    remain; its earlier slots are no forecasts); whatever the arrays hold at or
    after that moment is never looked at. Local clock time: 23-hour days miss an hour, 25-hour
    days carry the mean of the doubled one.
    """

    first_day: date
    load_kw: FloatArray
    """[C, D, S], NaN where not known."""
    temperature_c: FloatArray | None
    """[C, D, S]: measured, and forecast from the issue on; NaN where not known."""
    calendars: tuple[DayKinds, ...]
    lead_days: int
    origin_slot: int
    signed: BoolArray
    """[C]: may feed into the grid, so negative load is possible."""
    peer_shape: FloatArray | None = None
    """[C, 2, S]: mean workday and day off of like customers, relative to their mean load."""

    def __post_init__(self) -> None:
        customers, days, slots = self.load_kw.shape
        if not 0 <= self.lead_days < days:
            raise ValueError(f"a lead of {self.lead_days} days in {days} days of arrays")
        if not 0 < self.origin_slot <= slots:
            raise ValueError(f"issued at slot {self.origin_slot} of {slots}")
        if len(self.calendars) != customers or self.signed.shape != (customers,):
            raise ValueError("one calendar and one sign a customer")

    @property
    def origin_day(self) -> int:
        """Index of the day of issue, known up to `origin_slot`."""
        return int(self.load_kw.shape[1]) - 1 - self.lead_days

    @property
    def target(self) -> date:
        """The day that is asked for."""
        return self.first_day + timedelta(days=int(self.load_kw.shape[1]) - 1)

    def known_load(self) -> FloatArray:
        """A copy of the load with everything at or after the issue taken out: no look-ahead."""
        load = np.array(self.load_kw, dtype=np.float64)
        load[~np.isfinite(load)] = np.nan
        load[:, self.origin_day, self.origin_slot :] = np.nan
        load[:, self.origin_day + 1 :] = np.nan
        return load

    def part(self, start: int, stop: int) -> LoadBatch:
        """Customers `start` to `stop`."""
        return self.rows(np.arange(start, stop))

    def rows(self, rows: IntArray) -> LoadBatch:
        """The customers at these places."""
        return LoadBatch(
            first_day=self.first_day,
            load_kw=self.load_kw[rows],
            temperature_c=None if self.temperature_c is None else self.temperature_c[rows],
            calendars=tuple(self.calendars[int(row)] for row in rows),
            lead_days=self.lead_days,
            origin_slot=self.origin_slot,
            signed=self.signed[rows],
            peer_shape=None if self.peer_shape is None else self.peer_shape[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A part of the reason as a code with its figures, for those who say it in other words."""

    code: str
    figures: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Which model spoke for one customer, why, and from what."""

    model: str
    reason: str
    inputs: tuple[str, ...]
    weights: tuple[tuple[str, float], ...] = ()
    """The experts' shares, where a combination spoke."""
    causes: tuple[Cause, ...] = ()
    """The reason once more, in codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadForecast:
    """The day asked for, customer by customer."""

    day: date
    mean_kw: FloatArray
    """[C, S]."""
    quantiles_kw: FloatArray
    """[C, S, 11], in the order of `forecast.quantiles.LEVELS`, never crossing."""
    explanations: tuple[Explanation, ...]
