"""A month's load of several meters together, interval by interval: energy, demand, how sure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from forecast.reports.facts.months import Month, local
from forecast.reports.facts.premises import Premises
from loadstone.storage.energy_sums import energy_sum_of
from loadstone.storage.read_only import Connection

_KNOWN = 0.999


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLoad:
    """Intervals of a month up to when it was known, in order.

    `energy_kwh` is NaN where a meter that should have counted is not known; `known_kwh` then is
    what the others had. `estimated` marks intervals with an estimated part.
    """

    month: Month
    step_s: int
    start_s: NDArray[np.int64]
    energy_kwh: NDArray[np.float64]
    known_kwh: NDArray[np.float64]
    estimated: NDArray[np.bool_]
    estimated_ratio: NDArray[np.float64]
    measured_ratio: NDArray[np.float64]

    @property
    def power_kw(self) -> NDArray[np.float64]:
        """Mean power of each interval: its demand; NaN where not known."""
        return self.energy_kwh * (3600 / self.step_s)

    @property
    def total_kwh(self) -> float | None:
        """All that is known of the month; None of nothing."""
        known = np.isfinite(self.known_kwh)
        return float(self.known_kwh[known].sum()) if known.any() else None

    @property
    def is_whole(self) -> bool:
        """Whether every interval of the month is known."""
        wanted = round((self.month.end - self.month.start).total_seconds() / self.step_s)
        return len(self.start_s) == wanted and bool(np.isfinite(self.energy_kwh).all())

    @property
    def peak_at(self) -> int | None:
        """The place of the highest demand; None where nothing is known."""
        return int(np.nanargmax(self.energy_kwh)) if np.isfinite(self.energy_kwh).any() else None

    @property
    def peak_kw(self) -> float | None:
        """The highest demand."""
        at = self.peak_at
        return None if at is None else float(self.power_kw[at])

    @property
    def estimated_kwh(self) -> float:
        """Energy of the estimated part."""
        whole = self.estimated_ratio + self.measured_ratio
        ratio = np.divide(self.estimated_ratio, whole, out=np.zeros_like(whole), where=whole > 0)
        return float(np.nansum(np.nan_to_num(self.known_kwh) * ratio))

    def local_start(self, at: int) -> datetime:
        """When an interval began, by the month's clock."""
        return local(int(self.start_s[at]), self.month.zone)

    def day_places(self) -> dict[date, NDArray[np.intp]]:
        """The places of each local day's intervals."""
        days = np.array([local(int(s), self.month.zone).toordinal() for s in self.start_s])
        return {
            day: np.flatnonzero(days == day.toordinal())
            for day in self.month.days
            if (days == day.toordinal()).any()
        }


def month_load(
    connection: Connection, premises: Premises, month: Month, as_known_at: datetime
) -> MonthLoad:
    """The load of the main meters together, up to the last interval that was over by then."""
    step_s = premises.step_s
    span_s = (min(month.end, as_known_at) - month.start).total_seconds()
    whole_s = max(0, int(span_s // step_s)) * step_s
    end = datetime.fromtimestamp(month.start.timestamp() + whole_s, month.start.tzinfo)
    rows = (
        energy_sum_of(
            connection, premises.mains, month.start, end, f"{step_s // 60} minutes", month.zone,
            "imp",
        )
        if whole_s
        else []
    )  # fmt: skip
    value = np.array([np.nan if row.value is None else row.value for row in rows], np.float64)
    lacking = np.array([bool(row.missing_meters) for row in rows], np.bool_)
    measured = np.array([row.measured_ratio for row in rows], np.float64)
    estimated = np.array([row.estimated_ratio for row in rows], np.float64)
    return MonthLoad(
        month=month,
        step_s=step_s,
        start_s=np.array([int(row.start_at.timestamp()) for row in rows], np.int64),
        energy_kwh=np.where(lacking | (measured + estimated < _KNOWN), np.nan, value),
        known_kwh=value,
        estimated=estimated > 0,
        estimated_ratio=estimated,
        measured_ratio=measured,
    )
