"""What no forecast may be: not a number, crossing, beyond reason, negative for a pure consumer."""

from __future__ import annotations

from typing import Final

import numpy as np

from forecast.batch import LoadBatch
from forecast.quantiles import BoolArray, FloatArray

MOST_TIMES_THE_MAXIMUM: Final = 3.0


def bounded(
    mean: FloatArray, quantiles: FloatArray, batch: LoadBatch
) -> tuple[FloatArray, FloatArray]:
    """Mean [C, S] and quantiles [C, S, 11] in kW within three times the largest known load."""
    known = np.nan_to_num(np.abs(batch.known_load()), nan=0.0)
    top = MOST_TIMES_THE_MAXIMUM * known.max((1, 2))
    low = np.where(batch.signed, -top, 0.0)
    inside = np.clip(mean, low[:, None], top[:, None])
    band = np.clip(np.sort(quantiles, axis=-1), low[:, None, None], top[:, None, None])
    return inside, band


def finite(mean: FloatArray, quantiles: FloatArray) -> BoolArray:
    """[C]: whether every number of a customer is one."""
    good: BoolArray = np.all(np.isfinite(mean), axis=1)
    good &= np.all(np.isfinite(quantiles), axis=(1, 2))
    return good
