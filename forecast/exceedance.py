"""How likely a load is to go beyond a limit at any time, from its bands slot by slot.

Bands say how far off each slot may be, not whether slots err together. Here they do, as a
first-order autoregression of normal scores whose memory fades over hours: the chance lies between
that of the worst slot alone and that of slots that know nothing of each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.quantiles import LEVELS, NORMAL_SCORES, FloatArray

PATHS: Final = 1000
_MEMORY_H: Final = 6.0
"""After so many hours two errors share exp(-1) of their size."""
_SEED: Final = 20_240_229


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakChance:
    """The highest of some slots, over all paths."""

    peak_kw: FloatArray
    """[11], by quantile level."""
    mean_kw: float
    exceeds_ratio: float | None
    """Share of the paths that go beyond the limit; None without one."""


def paths_of(
    quantiles_kw: FloatArray,
    interval_s: float,
    correlation_ratio: float | None = None,
    paths: int = PATHS,
) -> FloatArray:
    """[paths, N] courses that have the bands [N, 11]; the same every time.

    `correlation_ratio` is that of neighbouring slots' errors, as measured; None: as fades in six
    hours. Half of the paths mirror the other half, so the middle is hit without luck.
    """
    usual = float(np.exp(-interval_s / 3600 / _MEMORY_H))
    keep = usual if correlation_ratio is None else float(np.clip(correlation_ratio, 0.0, 1.0))
    rng = np.random.default_rng(_SEED)
    fresh = rng.standard_normal((-(-paths // 2), len(quantiles_kw)))
    score = np.empty_like(fresh)
    score[:, :1] = fresh[:, :1]
    for at in range(1, len(quantiles_kw)):
        score[:, at] = keep * score[:, at - 1] + np.sqrt(1 - keep**2) * fresh[:, at]
    return _at_scores(quantiles_kw, np.concatenate([score, -score])[:paths])


def peak_chance(paths_kw: FloatArray, limit_kw: float | None, floor_kw: float = 0.0) -> PeakChance:
    """The peak of the paths [P, N] where `floor_kw` has been reached already."""
    peak = np.maximum(paths_kw.max(1), floor_kw) if paths_kw.size else np.array([floor_kw])
    return PeakChance(
        peak_kw=np.quantile(peak, np.array(LEVELS)),
        mean_kw=float(peak.mean()),
        exceeds_ratio=None if limit_kw is None else float((peak > limit_kw).mean()),
    )


def _at_scores(quantiles_kw: FloatArray, score: FloatArray) -> FloatArray:
    """Between the quantiles straight in normal scores; beyond them as steep as their last piece."""
    knots = np.array(NORMAL_SCORES)
    piece = np.clip(np.searchsorted(knots, score) - 1, 0, len(knots) - 2)
    place = np.arange(len(quantiles_kw))[None]
    low, high = quantiles_kw[place, piece], quantiles_kw[place, piece + 1]
    share = (score - knots[piece]) / (knots[piece + 1] - knots[piece])
    return np.asarray(low + share * (high - low))
