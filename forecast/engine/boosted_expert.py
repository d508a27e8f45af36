"""Gradient boosted trees over the experts' features, learnt from all customers of a chunk at once.

Needs LightGBM (`loadstone[lightgbm]`); nothing imports this module but `day_ahead_boosted`, when
it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import lightgbm
import numpy as np

from forecast.engine.design import Design
from forecast.engine.past import Past
from forecast.engine.trial import Trial
from forecast.quantiles import FloatArray, IntArray

_ROUNDS: Final = 200
_MOST_ROWS: Final = 150_000
"""More are thinned out by whole days, alike for every customer."""
_TRAINING_DAYS: Final = 800
_HALF_LIFE_DAYS: Final = 400.0
_PARAMETERS: Final = {
    "objective": "l1",
    "num_leaves": 31,
    "learning_rate": 0.06,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": 1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostedExpert:
    """Two fits a chunk: one that ends before the tried days, one for the day asked for."""

    name: str = "boosted"

    def told(self, past: Past, design: Design, weights: FloatArray, trial: Trial) -> FloatArray:
        """Forecasts [C, N, S] of the trial's days; `weights` are [C, S, D]."""
        customers, slots = design.columns.shape[:2]
        out = np.empty((customers, len(trial.days), slots))
        place = np.arange(len(trial.days))
        for end, asked in ((trial.ends[0], place[:-1]), (trial.ends[-1], place[-1:])):
            if not len(asked):
                continue
            rows = _features(past, design, trial.days[asked])
            booster = _fitted(past, design, weights, end)
            told = np.zeros(len(rows)) if booster is None else np.asarray(booster.predict(rows))
            out[:, asked] = told.reshape(customers, slots, len(asked)).transpose(0, 2, 1)
        return out


def _features(past: Past, design: Design, days: IntArray) -> FloatArray:
    """[C * S * len(days), p + 1]: the design without its constant, the slot and the weekday."""
    columns = design.columns[:, :, 1:][..., days].transpose(0, 1, 3, 2)
    shape = (*columns.shape[:3], 1)
    slot = np.broadcast_to(np.arange(shape[1])[None, :, None, None], shape)
    weekday = np.broadcast_to(past.weekday[:, None, days, None], shape)
    parts = [columns, slot.astype(np.float32), weekday.astype(np.float32)]
    return np.concatenate(parts, axis=3).reshape(-1, columns.shape[3] + 2)


def _fitted(past: Past, design: Design, weights: FloatArray, end: int) -> lightgbm.Booster | None:
    """Learnt up to day `end`, included; None where there is nothing to learn from."""
    customers, slots = design.columns.shape[:2]
    days = np.arange(max(0, end + 1 - _TRAINING_DAYS), end + 1)
    step = max(1, -(-customers * slots * len(days) // _MOST_ROWS))
    days = days[::-1][::step][::-1]
    age = 0.5 ** ((end - days) / _HALF_LIFE_DAYS)
    weight = (weights[:, :, days] * age).reshape(-1)
    counted = weight > 0
    if not counted.any():
        return None
    data = lightgbm.Dataset(
        _features(past, design, days)[counted],
        past.load[:, days].transpose(0, 2, 1).reshape(-1)[counted],
        weight=weight[counted],
    )
    return lightgbm.train(_PARAMETERS, data, _ROUNDS)


EXPERT: Final = BoostedExpert()
