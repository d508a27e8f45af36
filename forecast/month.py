"""Where the month will land: energy and peak, from simulated paths of the days that remain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.engine.past import Past
from forecast.models.usual_profile import like_days
from forecast.quantiles import LEVELS, FloatArray

PATHS: Final = 400
_BLOCK_DAYS: Final = 7
_SEED: Final = 20_240_229
_TRIAL_DAYS: Final = 112


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSoFar:
    """What is settled: [C] each."""

    energy_kwh: FloatArray
    peak_kw: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEnd:
    """Where the month lands."""

    energy_kwh: FloatArray
    """[C, 11], by quantile level."""
    peak_kw: FloatArray
    """[C, 11]: never below the peak already set."""
    exceeds: FloatArray
    """[C]: share of the paths whose peak is above the contract demand; NaN without one."""


def month_end(
    so_far: MonthSoFar,
    path_kw: FloatArray,
    errors_kw: FloatArray,
    interval_s: float,
    contract_kw: FloatArray | None = None,
    signed: bool = False,
    paths: int = PATHS,
) -> MonthEnd:
    """Quantiles over paths: the mean path and weeks of past errors, weekdays kept in their place.

    `path_kw` [C, M, S]: the remaining days, NaN for slots already settled; `errors_kw` [C, N, S]:
    measured minus forecast of past days, where the day after the last one is the path's first.
    Errors of one week stay together, so days that err alike and evenings that follow afternoons
    do so in the paths too. The draws are always the same.
    """
    customers, days, _ = path_kw.shape
    ahead = np.isfinite(path_kw)
    errors = np.nan_to_num(errors_kw)
    rng = np.random.default_rng(_SEED)
    energy = np.empty((customers, paths))
    peak = np.empty((customers, paths))
    for index in range(paths):
        drawn = errors[:, _days_drawn(rng, errors.shape[1], days)]
        path = np.where(ahead, path_kw + drawn, np.nan)
        if not signed:
            path = np.maximum(path, 0.0)
        energy[:, index] = np.nansum(path, axis=(1, 2)) * interval_s / 3600
        top = np.where(np.isfinite(path), path, -np.inf).max((1, 2))
        peak[:, index] = np.maximum(top, so_far.peak_kw)
    levels = np.array(LEVELS)
    energy += so_far.energy_kwh[:, None]
    over = np.full(customers, np.nan)
    if contract_kw is not None:
        over = np.where(np.isfinite(contract_kw), (peak > contract_kw[:, None]).mean(1), np.nan)
    return MonthEnd(
        energy_kwh=np.quantile(energy, levels, axis=1).T,
        peak_kw=np.quantile(peak, levels, axis=1).T,
        exceeds=over,
    )


def _days_drawn(rng: np.random.Generator, known: int, wanted: int) -> np.ndarray:
    """Indices of error days for the path: runs of a week that start on the right weekday."""
    if known < _BLOCK_DAYS:
        return rng.integers(0, max(known, 1), wanted)
    out: list[int] = []
    while len(out) < wanted:
        # the path's first day follows the last error day, so it is congruent to `known` modulo 7
        phase = (known + len(out)) % _BLOCK_DAYS
        starts = np.arange(phase, known - _BLOCK_DAYS + 1, _BLOCK_DAYS)
        start = int(rng.choice(starts)) if len(starts) else int(rng.integers(0, known - 6))
        out.extend(range(start, start + _BLOCK_DAYS))
    return np.array(out[:wanted])


def usual_errors(past: Past) -> FloatArray:
    """[C, N, S] in kW: errors of the usual profile `past.lead` days ahead, lately."""
    last = past.last_whole
    first = max(past.lead + 8, last + 1 - _TRIAL_DAYS)
    days = np.arange(first, last + 1)
    if not len(days):
        return np.empty((len(past.load), 0, past.load.shape[2]))
    told = np.stack([like_days(past, int(day)) for day in days], axis=1)
    gap = np.where(past.known[:, days], past.load[:, days] - told, np.nan)
    return np.asarray(gap * past.scale_kw[:, None, None])
