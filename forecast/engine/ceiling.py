"""What premises draw at most is bounded by what stands in them: peaks of late are seldom passed."""

from __future__ import annotations

from typing import Final

import numpy as np

from forecast.quantiles import BoolArray, FloatArray

_PEAK_LEVEL: Final = 0.9
_SHARE_ABOVE: Final = 0.3


def under_ceiling(
    quantiles: FloatArray, point: FloatArray, loads: FloatArray, known: BoolArray
) -> FloatArray:
    """Quantiles [C, S, 11] whose part above the ceiling is shrunk to three tenths.

    The ceiling is the nine tenths level of the daily peaks of `loads` [C, N, S], but never below
    `point` [C, S]: errors grow with the load, yet most of those at the top go down.
    """
    count = known.sum(2)
    peaks = np.where(known, loads, -np.inf).max(2, initial=-np.inf)
    enough = (2 * count >= known.shape[2]) & (count > 0)
    ranked = np.sort(np.where(enough, peaks, -np.inf), axis=1)
    days = enough.sum(1)
    place = ranked.shape[1] - days + np.floor(_PEAK_LEVEL * np.maximum(days - 1, 0)).astype(int)
    found = ranked[np.arange(len(ranked)), np.minimum(place, ranked.shape[1] - 1)]
    top = np.where(days > 0, found, np.inf)
    limit = np.maximum(top[:, None], point)[..., None]
    above = np.maximum(quantiles - limit, 0.0)
    return np.minimum(quantiles, limit) + _SHARE_ABOVE * above
