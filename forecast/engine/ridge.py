"""Many small ridge regressions at once, with forgetting, toward an informative prior."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from forecast.quantiles import FloatArray

_CONSTANT_PENALTY: Final = 1e-3
_NEIGHBOUR_WEIGHT: Final = 0.5
_ROBUST_FLOOR: Final = 0.35
_NEGLIGIBLE_HALF_LIVES: Final = 7.0


def fits(
    columns: FloatArray,
    targets: FloatArray,
    weights: FloatArray,
    ends: Sequence[int],
    half_life_days: float,
    penalty_factor: float,
    prior: FloatArray,
    share_neighbours: bool,
) -> list[FloatArray]:
    """Coefficients [C, G, p, n] fitted up to each of the ascending `ends` (days, included).

    `columns` [C, G, p, D], `targets` [C, G, D, n], `weights` [C, G, D], `prior` [p, n]; G are
    slots, or 1. Each Gram matrix grows from the one before, so a day is multiplied out once.
    """
    size, count = columns.shape[2], targets.shape[3]
    shape = (*columns.shape[:2], size)
    gram = np.zeros((*shape, size), dtype=columns.dtype)
    moment = np.zeros((*shape, count), dtype=columns.dtype)
    begin = max(0, ends[0] - int(_NEGLIGIBLE_HALF_LIVES * half_life_days))
    before: int | None = None
    out = []
    for end in ends:
        if before is not None:
            fade = columns.dtype.type(0.5 ** ((end - before) / half_life_days))
            gram *= fade
            moment *= fade
        cut = slice(begin, end + 1)
        age = 0.5 ** ((end - np.arange(begin, end + 1)) / half_life_days)
        part = columns[:, :, :, cut]
        weighted = part * (weights[:, :, cut] * age)[:, :, None].astype(columns.dtype)
        gram += weighted @ part.swapaxes(2, 3)
        moment += weighted @ targets[:, :, cut]
        begin, before = end + 1, end
        out.append(_solved(gram, moment, penalty_factor, prior, share_neighbours))
    return out


def _solved(
    gram: FloatArray, moment: FloatArray, penalty_factor: float, prior: FloatArray, share: bool
) -> FloatArray:
    """Ridge toward the prior; neighbouring slots lend each other half their evidence."""
    size = gram.shape[-1]
    ridge = np.full(size, penalty_factor)
    ridge[0] = _CONSTANT_PENALTY
    left = _with_neighbours(gram) if share else gram.copy()
    right = _with_neighbours(moment) if share else moment.copy()
    place = np.arange(size)
    left[..., place, place] += ridge.astype(gram.dtype)
    right += (penalty_factor * prior).astype(gram.dtype)
    found: FloatArray = np.linalg.solve(left, right)
    return found


def _with_neighbours(values: FloatArray) -> FloatArray:
    out = values.copy()
    half = values * values.dtype.type(_NEIGHBOUR_WEIGHT)
    out[:, 1:] += half[:, :-1]
    out[:, :-1] += half[:, 1:]
    out[:, 0] += half[:, -1]
    out[:, -1] += half[:, 0]
    return out


def robust(residuals: FloatArray, weights: FloatArray) -> FloatArray:
    """Weights [C, ...] that turn squares toward absolute values: large errors count less."""
    axes = tuple(range(1, residuals.ndim))
    size = np.abs(residuals)
    typical = (size * weights).sum(axes, keepdims=True)
    typical /= np.maximum(weights.sum(axes, keepdims=True), 1e-9)
    floor = np.maximum(_ROBUST_FLOOR * typical, 1e-9)
    weight: FloatArray = np.where(typical > 0, typical / np.maximum(size, floor), 1.0)
    return weight
