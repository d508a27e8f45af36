"""The band of a simple forecast: from what the same way of forecasting missed on tried days."""

from __future__ import annotations

from typing import Final

import numpy as np

from forecast.engine.calibration import spread
from forecast.engine.past import Past
from forecast.quantiles import NORMAL_SCORES, FloatArray, IntArray

_LEAST_TRIED: Final = 7
_UNTRIED_SPREAD: Final = 0.25
"""Share of the load taken as standard error before any error is known."""


def untried_band(point: FloatArray) -> FloatArray:
    """[C, S, 11] around `point` [C, S], where no error is known yet."""
    spread_of_it = _UNTRIED_SPREAD * np.abs(point)[..., None]
    return np.asarray(point[..., None] + spread_of_it * np.array(NORMAL_SCORES))


def tried_band(
    past: Past, point: FloatArray, told: FloatArray, tried: IntArray, young_days: int
) -> FloatArray:
    """[C, S, 11] around `point` [C, S]; `told` [C, N, S] was said of the N days `tried`.

    Days up to `young_days` after the first known one do not count; with few that do, no error is
    taken as known.
    """
    old = tried[None] > past.first_known[:, None] + young_days
    weight = past.known[:, tried] * old[..., None].astype(float)
    around = spread(past.load[:, tried] - told, told, point, weight)
    enough = (weight.max(2) > 0).sum(1) >= _LEAST_TRIED
    return np.asarray(
        np.where(enough[:, None, None], point[..., None] + around.quantiles, untried_band(point))
    )
