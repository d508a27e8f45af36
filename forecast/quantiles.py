"""The quantile levels every forecast carries."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

LEVELS: Final = (0.025, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.975)
MEDIAN: Final = LEVELS.index(0.5)
NORMAL_SCORES: Final = (
    -1.96,
    -1.2816,
    -0.8416,
    -0.5244,
    -0.2533,
    0.0,
    0.2533,
    0.5244,
    0.8416,
    1.2816,
    1.96,
)


def weighted_quantiles(
    values: FloatArray,
    weights: FloatArray,
    widen_ratio: FloatArray | float = 0.0,
    levels: FloatArray | None = None,
) -> FloatArray:
    """Quantiles [..., 11] of `values` [..., n] under `weights` [..., n].

    A weight of zero leaves a value out. `widen_ratio` pulls the levels apart by that share (0.02
    makes the 80 % interval the 81.6 % one): small samples understate their own spread. `levels`
    [..., 11], where given, are asked for in place of `LEVELS`.
    """
    order = np.argsort(np.where(weights > 0, values, np.inf), axis=-1)
    ranked = np.take_along_axis(values, order, -1)
    mass = np.take_along_axis(weights, order, -1)
    total = np.cumsum(mass, -1)
    centre = (total - 0.5 * mass) / np.maximum(total[..., -1:], 1e-12)
    last = np.maximum((mass > 0).sum(-1, keepdims=True) - 1, 0)
    out = np.empty((*values.shape[:-1], len(LEVELS)), dtype=np.float64)
    asked = np.array(LEVELS) if levels is None else levels
    for column in range(len(LEVELS)):
        level = asked[..., column]
        wanted = (0.5 + (level - 0.5) * (1 + np.asarray(widen_ratio)))[..., None]
        above = np.minimum((centre < wanted).sum(-1, keepdims=True), last)
        below = np.maximum(above - 1, 0)
        x0, x1 = np.take_along_axis(centre, below, -1), np.take_along_axis(centre, above, -1)
        y0, y1 = np.take_along_axis(ranked, below, -1), np.take_along_axis(ranked, above, -1)
        share = np.clip((wanted - x0) / np.maximum(x1 - x0, 1e-12), 0.0, 1.0)
        out[..., column] = (y0 + share * (y1 - y0))[..., 0]
    return out
