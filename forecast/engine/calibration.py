"""How wide the band must be: what the combination's errors were lately, on days of this kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.quantiles import MEDIAN, FloatArray, weighted_quantiles

_LEVEL_FLOOR: Final = 0.05
_NEIGHBOUR_LOSS: Final = 0.4
_OVERLAP: Final = 0.6
_SMALL_SAMPLE: Final = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Errors to expect around a point forecast."""

    quantiles: FloatArray
    """[C, S, 11], relative loads to add to the point."""
    median: FloatArray
    """[C, S]: the usual error lately."""


def spread(
    residuals: FloatArray, told: FloatArray, point: FloatArray, weights: FloatArray
) -> Spread:
    """Weighted quantiles of past errors, scaled with the square root of the load.

    `residuals`, `told`, `weights` [C, N, S]; `point` [C, S]. Errors an hour around are counted.
    """
    slots = residuals.shape[2]
    reach = max(1, slots // 48)
    level = np.sqrt(np.maximum(np.abs(told), _LEVEL_FLOOR))
    scaled = residuals / level
    values, masses = [], []
    for step in range(-reach, reach + 1):
        fade = 1.0 - _NEIGHBOUR_LOSS * abs(step) / reach
        values.append(np.roll(scaled, step, axis=2))
        masses.append(np.roll(weights, step, axis=2) * fade)
    pool = np.concatenate(values, axis=1).transpose(0, 2, 1)
    mass = np.concatenate(masses, axis=1).transpose(0, 2, 1)
    effective = mass.sum(2) ** 2 / np.maximum((mass**2).sum(2), 1e-12)
    effective = effective / (1.0 + _OVERLAP * (2 * reach + 1))
    widen = _SMALL_SAMPLE / np.maximum(effective, 1.0)
    found = weighted_quantiles(pool, mass, widen)
    found *= np.sqrt(np.maximum(np.abs(point), _LEVEL_FLOOR))[..., None]
    return Spread(quantiles=found, median=found[..., MEDIAN])
