"""A history taken apart: trend, day, week and what is left (MSTL: Bandara, Hyndman, Bergmeir 2021).

Needs statsmodels; import this module only where that is installed, as `available` says. It serves
people who look at a history; no forecast rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from statsmodels.tsa.seasonal import MSTL  # type: ignore[import-untyped]  # ships no types

from forecast.quantiles import FloatArray

_WEEK_DAYS: Final = 7
_LEAST_WEEKS: Final = 4


class TooShortToTakeApartError(ValueError):
    """Fewer than four weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonalParts:
    """All [D, S] in kW; they add up to the load."""

    trend_kw: FloatArray
    daily_kw: FloatArray
    weekly_kw: FloatArray
    rest_kw: FloatArray

    @property
    def daily_strength_ratio(self) -> float:
        """0 for no daily pattern, 1 for nothing but it (Wang, Smith, Hyndman 2006)."""
        return _strength(self.daily_kw, self.rest_kw)

    @property
    def weekly_strength_ratio(self) -> float:
        """As above, of the week."""
        return _strength(self.weekly_kw, self.rest_kw)


def seasonal_parts(load_kw: FloatArray) -> SeasonalParts:
    """Take [D, S] apart, days of S slots, no gaps; robust against single odd days.

    Raises ValueError for gaps and TooShortToTakeApartError below four weeks.
    """
    days, slots = load_kw.shape
    if days < _LEAST_WEEKS * _WEEK_DAYS:
        raise TooShortToTakeApartError(f"{days} days, four weeks are needed")
    if not np.isfinite(load_kw).all():
        raise ValueError("gaps are filled before a history is taken apart")
    told = MSTL(
        np.asarray(load_kw, dtype=np.float64).reshape(-1),
        periods=(slots, _WEEK_DAYS * slots),
        stl_kwargs={
            "robust": True,
            # trends are smooth: fitted once a day, drawn through in between
            "trend_jump": slots,
            "low_pass_jump": slots,
        },
    ).fit()
    seasonal = np.asarray(told.seasonal).reshape(days, slots, 2)
    return SeasonalParts(
        trend_kw=np.asarray(told.trend).reshape(days, slots),
        daily_kw=seasonal[..., 0],
        weekly_kw=seasonal[..., 1],
        rest_kw=np.asarray(told.resid).reshape(days, slots),
    )


def _strength(part: FloatArray, rest: FloatArray) -> float:
    both = float(np.var(part + rest))
    return max(0.0, 1.0 - float(np.var(rest)) / both) if both > 0 else 0.0
