"""A regression for every time of day, neighbours helping each other."""

from __future__ import annotations

import numpy as np

from forecast.engine.design import Design
from forecast.engine.ridge import fits
from forecast.engine.trial import Trial
from forecast.quantiles import FloatArray


def slot_expert(
    design: Design,
    targets: FloatArray,
    weights: FloatArray,
    trial: Trial,
    half_life_days: float,
    penalty_factor: float,
) -> FloatArray:
    """Forecasts [C, N, S] of the trial's N days; `targets`, `weights` are [C, S, D]."""
    found = fits(
        design.columns,
        targets[..., None],
        weights,
        trial.ends,
        half_life_days,
        penalty_factor,
        design.prior[:, None],
        share_neighbours=True,
    )
    customers, slots = design.columns.shape[:2]
    out = np.empty((customers, len(trial.days), slots))
    for index, coefficients in enumerate(found):
        mine = np.flatnonzero(trial.fit == index)
        if len(mine):
            told = coefficients.swapaxes(2, 3) @ design.columns[..., trial.days[mine]]
            out[:, mine] = told[:, :, 0].transpose(0, 2, 1)
    return out
