"""What the finder looks at: a site's last weeks on a grid of local days and quarter hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from loadstone.domain.prices import Price

Grid = NDArray[np.float64]

SLOTS = 96
DAYS_A_YEAR = 365.0
HOURS_A_SLOT = 0.25
UNMETERED = "unmetered"
SITE = "site"
_KNOWN_RATIO = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """One part of the site's load; the parts sum up to it. Grids are (days, 96), NaN: unknown.

    `number` is the caller's, None for what no sub-meter sees, whose category is `unmetered`, or
    `site` where there is none. Generation is negative power. `current_a` is (3, days, 96);
    `voltage_ratio` is the mean voltage over the nominal one, on the low-voltage side only.
    """

    number: int | None
    category: str
    power_kw: Grid
    current_a: Grid | None = None
    voltage_ratio: Grid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """A site over its last days; grids are (days, 96) by the local clock, NaN where unknown.

    The hour that a clock change repeats is there once, the one it leaves out is unknown. `power_kw`
    is import less export. `monthly_peak_kw` are the highest demands of up to twelve months, the
    newest last. `price` counts on the last day; `price_per_kwh` and `period` (place in PERIODS, -1
    unknown) belong to each quarter hour.
    """

    kind: str
    first_day: date
    is_rest: NDArray[np.bool_]
    power_kw: Grid
    reactive_kvar: Grid
    circuits: tuple[Circuit, ...]
    price_per_kwh: Grid
    period: NDArray[np.int8]
    price: Price | None = None
    contract_demand_kw: float | None = None
    transformer_kva: float | None = None
    monthly_peak_kw: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        grids = [self.power_kw, self.reactive_kvar, self.price_per_kwh]
        grids += [circuit.power_kw for circuit in self.circuits]
        shapes = {grid.shape for grid in grids} | {self.period.shape}
        if shapes != {(len(self.is_rest), SLOTS)}:
            raise ValueError("every grid has a row for each day and 96 columns")

    @property
    def days(self) -> int:
        """How many local days are looked at."""
        return len(self.is_rest)

    @property
    def known_days(self) -> int:
        """On how many of these days at least half of the load is known."""
        return int(((~np.isnan(self.power_kw)).mean(axis=1) >= _KNOWN_RATIO).sum())

    @property
    def energy_kwh(self) -> float:
        """What the site would buy in a year that is like these days."""
        mean_kw = known_mean(np.clip(self.power_kw, 0, None))
        return mean_kw * 24 * DAYS_A_YEAR


def known_mean(values: Grid) -> float:
    """The mean of what is known; 0 where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else 0.0


def yearly_kwh(power_kw: Grid, power_known: Grid) -> float:
    """Energy a year of a power that was taken on these days, unknown quarters like the known."""
    known = ~np.isnan(power_known)
    if not known.any():
        return 0.0
    share = known.mean()
    return float(np.nansum(power_kw) * HOURS_A_SLOT / share * DAYS_A_YEAR / len(power_kw))
