"""The experts' shares: what would have been best lately, by part of the day."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from forecast.quantiles import FloatArray

_PARTS: Final = 6
_SHARPNESS: Final = 12.0
_STEPS: Final = 60
_STEP_SIZE: Final = 0.25
_SMOOTH: Final = 0.5


def shares(told: FloatArray, truth: FloatArray, weights: FloatArray) -> FloatArray:
    """Shares [C, S, K] that minimise recent absolute errors, on the simplex.

    `told` [C, N, K, S], `truth` [C, N, S], `weights` [C, N, S] (zero where not known).
    Exponentiated gradient from a start by each expert's own error.
    """
    customers, _, experts, slots = told.shape
    out = np.empty((customers, slots, experts))
    edges = np.linspace(0, slots, min(_PARTS, slots) + 1).astype(int)
    margin = max(slots // 24, 1)
    for start, stop in pairwise(edges):
        cut = slice(max(0, start - margin), stop + margin)
        part = told[..., cut].transpose(0, 1, 3, 2).reshape(customers, -1, experts)
        flat = truth[..., cut].reshape(customers, -1)
        weight = weights[..., cut].reshape(customers, -1)
        out[:, start:stop] = _part_shares(part, flat, weight)[:, None]
    return out


def _part_shares(told: FloatArray, truth: FloatArray, weight: FloatArray) -> FloatArray:
    share: FloatArray
    mass = np.maximum(weight.sum(1, keepdims=True), 1e-9)
    gap = told - truth[..., None]
    error = (weight[..., None] * np.abs(gap)).sum(1) / mass
    best = np.maximum(error.min(1, keepdims=True), 1e-9)
    share = np.exp(-_SHARPNESS * (error / best - 1.0))
    share /= share.sum(1, keepdims=True)
    gap = gap.astype(np.float32)
    turned = np.ascontiguousarray(gap.swapaxes(1, 2))
    scaled = (weight / mass).astype(np.float32)
    soft = ((_SMOOTH * best) ** 2).astype(np.float32)
    for _ in range(_STEPS):
        off = (gap @ share.astype(np.float32)[..., None])[..., 0]
        pull = scaled * off / np.sqrt(off * off + soft)
        slope = (turned @ pull[..., None])[..., 0] / best
        share = share * np.exp(-_STEP_SIZE * (slope - slope.min(1, keepdims=True)))
        share /= share.sum(1, keepdims=True)
    return share
