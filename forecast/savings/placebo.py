"""How far off a saving may be, learnt from years in which nothing was done.

Guideline 14's own intervals know only the scatter around the fit; what makes savings wrong on real
buildings is that their use drifts. So each year without a measure was judged as if there had been
one, and what was found is the error. Four traits tell how large it tends to be: how unevenly the
judged period itself lies against the model from month to month, how much the baseline's months
jump, how short the judged period is, and how long after the baseline it begins. Where the
baseline's last three months lie above or below the model, drift has begun, and part of it goes on:
the interval (never the figure) is moved by that.

The constants were chosen on 81 building-years of two published sets (decision 0022); a meter's own
earlier years, and comparable customers, move them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np

from forecast.quantiles import FloatArray
from forecast.savings.judging import Fit, daily_sums, fit_and_expect
from forecast.savings.result import PlaceboInterval
from forecast.savings.rows import EnergyRows

BLOCK_DAYS: Final = 30
LEAST_DAYS_A_BLOCK: Final = 15
RECENT_BLOCKS: Final = 3
DRIFT_KEPT: Final = 0.65
FLOOR: Final = 0.025
JUMPS_WEIGHT: Final = 0.33
WOBBLE_WEIGHT: Final = 0.65
LENGTH_POWER: Final = 0.4
MONTHS_A_YEAR: Final = 12.0
QUANTILE_90: Final = 2.05
MEAN_SQUARE: Final = 2.0
PRIOR_YEARS: Final = 8.0
SURPRISE_CAP: Final = 6.0
APART_WEIGHT: Final = 0.75
MOST_YEARS_APART: Final = 2.0
YEAR_DAYS: Final = 365
LEAST_YEAR_DAYS: Final = 330
MOST_PLACEBOS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is known of a judged period before anybody says what was saved; ratios."""

    found_ratio: float
    drift_ratio: float
    scale: float

    @property
    def surprise(self) -> float:
        """How many scales the saving found lies from what drift alone let expect."""
        return (self.found_ratio + DRIFT_KEPT * self.drift_ratio) / self.scale


def traits_of(baseline: EnergyRows, reporting: EnergyRows, fit: Fit) -> Traits:
    """The traits of one judgement."""
    before = _months(baseline, fit.fitted_kwh, 1.0)
    expected = float(fit.expected_kwh[fit.judged].sum())
    level = float(reporting.energy_kwh[fit.judged].sum()) / expected
    after = _months(reporting, fit.expected_kwh, level)
    jumps = float(np.mean(np.diff(before.shares) ** 2)) if len(before.shares) > 2 else 0.0
    jumps = max(jumps - 2 * before.chance, 0.0)
    wobble = max(float(np.var(after.shares)) - after.chance, 0.0) if len(after.shares) else 0.0
    days = int(reporting.day.max() - reporting.day.min()) + 1
    months = min(max(days / BLOCK_DAYS, 1.0), MONTHS_A_YEAR)
    chance = before.chance / MONTHS_A_YEAR + after.chance / months
    apart = (int(reporting.day.min()) - int(baseline.day.max()) - 1) / YEAR_DAYS
    longer = 1 + APART_WEIGHT * min(max(apart, 0.0), MOST_YEARS_APART)
    spread = FLOOR**2 + JUMPS_WEIGHT**2 * jumps + WOBBLE_WEIGHT**2 * wobble
    return Traits(
        found_ratio=1.0 - level,
        drift_ratio=_drift(before),
        scale=sqrt(spread * longer * (MONTHS_A_YEAR / months) ** (2 * LENGTH_POWER) + chance),
    )


@dataclass(frozen=True, slots=True)
class _Months:
    """Residuals of blocks of 30 days as shares of what was expected, oldest first.

    `chance` is the variance that a block's share has because days scatter, whatever drifts.
    """

    shares: FloatArray
    chance: float


def _months(rows: EnergyRows, told_kwh: FloatArray, level: float) -> _Months:
    day, actual, told = daily_sums(rows, told_kwh)
    if not len(day) or not level > 0:
        return _Months(np.zeros(0), 0.0)
    told = told * level
    gap = actual - told
    block = (int(day[-1]) - day) // BLOCK_DAYS
    base = np.bincount(block, weights=told)
    enough = (np.bincount(block) >= LEAST_DAYS_A_BLOCK) & (base > 0)
    shares = np.bincount(block, weights=gap)[enough] / base[enough]
    scatter = float(np.mean(np.diff(gap) ** 2)) / 2 if len(gap) > 1 else 0.0
    return _Months(shares[::-1], scatter / float(np.mean(told)) ** 2 / BLOCK_DAYS)


def _drift(before: _Months) -> float:
    """Mean share of the last three blocks, less what chance alone would make of it."""
    if not len(before.shares):
        return 0.0
    last = float(np.mean(before.shares[-RECENT_BLOCKS:]))
    certain = last * last
    return last * certain / (certain + before.chance / RECENT_BLOCKS + 1e-12)


def own_placebos(earlier: EnergyRows, judged_days: int) -> tuple[Traits, ...]:
    """Judgements of stretches as long as the one to judge, before it, newest first.

    `earlier` holds daily rows up to the end of the baseline; each stretch is judged by the year
    before it.
    """
    length = min(max(judged_days, BLOCK_DAYS), YEAR_DAYS)
    end = int(earlier.day.max()) + 1 - length
    told: list[Traits] = []
    while len(told) < MOST_PLACEBOS and end - LEAST_YEAR_DAYS >= int(earlier.day.min()):
        before = earlier.only((earlier.day >= end - YEAR_DAYS) & (earlier.day < end))
        after = earlier.only((earlier.day >= end) & (earlier.day < end + length))
        end -= length
        if np.isfinite(before.energy_kwh).sum() < 0.9 * LEAST_YEAR_DAYS:
            continue
        if np.isfinite(after.energy_kwh).sum() < 0.8 * length:
            continue
        fit = fit_and_expect(before, after)
        if fit.judged.any():
            told.append(traits_of(before, after, fit))
    return tuple(told)


def interval(
    traits: Traits,
    own: Sequence[Traits],
    comparable: Sequence[Traits],
    expected_kwh: float,
) -> PlaceboInterval:
    """Where the saving lies with 90 %: drift that goes on, and the spread of placebos."""
    seen = [min(one.surprise**2 / MEAN_SQUARE, SURPRISE_CAP) for one in (*own, *comparable)]
    factor = sqrt((PRIOR_YEARS + sum(seen)) / (PRIOR_YEARS + len(seen)))
    half = QUANTILE_90 * traits.scale * factor
    shift = float(np.clip(DRIFT_KEPT * traits.drift_ratio, -0.8 * half, 0.8 * half))
    low, high = traits.found_ratio + shift - half, traits.found_ratio + shift + half
    return PlaceboInterval(
        low_pct=100 * low,
        high_pct=100 * high,
        low_kwh=low * expected_kwh,
        high_kwh=high * expected_kwh,
        spread_pct=100 * half,
        own_errors_pct=tuple(100 * one.found_ratio for one in own),
        comparable_errors_pct=tuple(100 * one.found_ratio for one in comparable),
    )
