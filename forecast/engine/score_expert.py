"""A regression for whole days: a few scores of the daily profile instead of every time of day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.engine.design import DIFFERENCE_PRIOR, PROFILE_COLUMNS, PROFILE_PRIOR, Design
from forecast.engine.past import Past
from forecast.engine.ridge import fits, robust
from forecast.engine.settings import EngineSettings
from forecast.engine.trial import Trial
from forecast.quantiles import BoolArray, FloatArray

_YEAR_SCORES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DayScores:
    """The daily profile in few numbers: load = mean + scores @ shapes."""

    mean: FloatArray
    """[C, 1, S]."""
    shapes: FloatArray
    """[C, r, S], orthonormal."""
    columns: FloatArray
    """[C, 1, p, D]: features of whole days."""
    targets: FloatArray
    """[C, 1, D, r]."""
    weights: FloatArray
    """[C, 1, D]."""
    prior: FloatArray
    """[p, r]."""
    special_columns: slice


def day_scores(
    past: Past, design: Design, weights: FloatArray, settings: EngineSettings
) -> DayScores:
    """Shapes from the days learnt from, features in those shapes; `weights` [C, S, D]."""
    until = past.last_whole + 1
    start = max(0, until - settings.training)
    learnt = past.filled[:, start:until]
    mean = learnt.mean(1, keepdims=True)
    centred = learnt - mean
    _, vectors = np.linalg.eigh(centred.swapaxes(1, 2) @ centred)
    shapes = vectors[:, :, ::-1][:, :, : settings.scores].swapaxes(1, 2)
    to_scores = shapes.swapaxes(1, 2)
    parts = [np.ones((*past.filled.shape[:2], 1))]
    parts += [
        (design.profile(column) - mean) @ to_scores
        for column in range(PROFILE_COLUMNS.start, PROFILE_COLUMNS.stop)
    ]
    parts.append(design.columns[:, 0, design.level_columns].swapaxes(1, 2) - 1.0)
    parts.append(design.columns[:, 0, design.daily_columns].swapaxes(1, 2))
    special, year = design.profile_like
    at = sum(part.shape[2] for part in parts)
    parts.append(design.profile(special) @ to_scores)
    parts.append(design.profile(year) @ to_scores[:, :, :_YEAR_SCORES])
    parts.append(design.columns[:, :, design.weather_columns].mean(1).swapaxes(1, 2))
    columns = np.concatenate(parts, axis=2).swapaxes(1, 2)[:, None].astype(np.float32, order="C")
    whole = weights.mean(1)
    return DayScores(
        mean=mean,
        shapes=shapes,
        columns=columns,
        targets=((past.filled - mean) @ to_scores)[:, None].astype(np.float32),
        weights=np.where(whole > 0.2, whole, 0.0)[:, None],
        prior=_prior(columns.shape[2], shapes.shape[1], at),
        special_columns=slice(at, at + shapes.shape[1]),
    )


def _prior(size: int, scores: int, special_at: int) -> FloatArray:
    out = np.zeros((size, scores))
    for score in range(scores):
        for place, value in enumerate(PROFILE_PRIOR):
            out[1 + place * scores + score, score] = value
        out[special_at + score, score] = DIFFERENCE_PRIOR
    return out


def tamed_weights(
    scores: DayScores, last: int, half_life_days: float, penalty_factor: float
) -> FloatArray:
    """[C, 1, D]: the weights after one fit, days that it missed by far counting less."""
    (found,) = fits(
        scores.columns, scores.targets, scores.weights, (last,), half_life_days, penalty_factor,
        scores.prior, share_neighbours=False,
    )  # fmt: skip
    error = (scores.targets - scores.columns.swapaxes(2, 3) @ found).astype(np.float64)
    size = np.sqrt((error**2).sum(3))
    return scores.weights * robust(size, scores.weights)


def score_expert(
    scores: DayScores,
    weights: FloatArray,
    trial: Trial,
    half_life_days: float,
    penalty_factor: float,
) -> tuple[FloatArray, FloatArray]:
    """Forecasts [C, N, S] of the trial's days, and of every day by the last fit [C, D, S]."""
    every = fits(
        scores.columns, scores.targets, weights, trial.ends, half_life_days, penalty_factor,
        scores.prior, share_neighbours=False,
    )  # fmt: skip
    out = np.empty((len(scores.mean), len(trial.days), scores.mean.shape[2]))
    for index, coefficients in enumerate(every):
        mine = np.flatnonzero(trial.fit == index)
        told = scores.columns[:, 0][..., trial.days[mine]].swapaxes(1, 2) @ coefficients[:, 0]
        out[:, mine] = scores.mean + told @ scores.shapes
    fitted = (scores.columns[:, 0].swapaxes(1, 2) @ every[-1][:, 0]) @ scores.shapes
    return out, scores.mean + fitted


def ordinary_days(
    scores: DayScores,
    weights: FloatArray,
    special: BoolArray,
    last: int,
    half_life_days: float,
    penalty_factor: float,
) -> FloatArray:
    """[C, D, S]: what each day would have been without being `special` [C, D]."""
    columns = scores.columns.copy()
    columns[:, :, scores.special_columns] = 0.0
    (found,) = fits(
        columns, scores.targets, weights * ~special[:, None], (last,), half_life_days,
        penalty_factor, scores.prior, share_neighbours=False,
    )  # fmt: skip
    return scores.mean + (columns[:, 0].swapaxes(1, 2) @ found[:, 0]) @ scores.shapes
