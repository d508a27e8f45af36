"""All experts side by side on the tried days and on the day asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from forecast.batch import LoadBatch
from forecast.engine.activity import activity_of
from forecast.engine.design import Design, design_of
from forecast.engine.moved_profile import moved_profile
from forecast.engine.past import Past, past_of
from forecast.engine.profiles import profiles_of
from forecast.engine.ridge import robust
from forecast.engine.score_expert import (
    day_scores,
    ordinary_days,
    score_expert,
    tamed_weights,
)
from forecast.engine.settings import EngineSettings
from forecast.engine.similar_days import similar_days
from forecast.engine.slot_expert import slot_expert
from forecast.engine.special_days import notable, special_days_of
from forecast.engine.special_expert import ordinary_surplus, special_expert
from forecast.engine.trial import Trial, trial_of
from forecast.quantiles import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """K experts' forecasts in relative loads."""

    past: Past
    trial: Trial
    names: tuple[str, ...]
    told: FloatArray
    """[C, N, K, S]: the trial's days, the day asked for last."""
    truth: FloatArray
    """[C, N, S]: filled loads of the trial's days; what is measured says `known`."""
    known: BoolArray
    """[C, N, S]."""
    off: BoolArray
    """[C, N]."""
    special: BoolArray
    """[C, N]: the special-day expert speaks."""
    special_told: FloatArray
    """[C, N, S]."""


class FurtherExpert(Protocol):
    """One more voice for the panel, tried and weighed like the others."""

    @property
    def name(self) -> str:
        """The unique key."""
        ...

    def told(self, past: Past, design: Design, weights: FloatArray, trial: Trial) -> FloatArray:
        """Forecasts [C, N, S] of the trial's days; `weights` [C, S, D] are zero to learn nothing.

        Day n may rest on nothing after the end of its fit, `trial.ends[trial.fit[n]]`.
        """
        ...


def panel_of(
    batch: LoadBatch, settings: EngineSettings, further: tuple[FurtherExpert, ...] = ()
) -> Panel:
    """Every expert's word on every day of the trial, as it would have been at that day's issue."""
    past = past_of(batch)
    activity = activity_of(past, settings)
    profiles = profiles_of(past, activity)
    special = special_days_of(past, activity, profiles)
    design = design_of(past, profiles, special)
    days = past.load.shape[1]
    trial = trial_of(days - 1, past.lead, settings)
    plain_weights = _weights(past, special.special & (special.strength > 0.03), settings)
    weights = plain_weights
    scores = day_scores(past, design, weights, settings)
    tamed = tamed_weights(
        scores, trial.ends[-1], settings.ordinary_half_life_days, settings.score_penalty_factor
    )
    names, told = [], []
    fitted = None
    for half_life in reversed(settings.score_half_lives_days):
        word, fitted = score_expert(scores, tamed, trial, half_life, settings.score_penalty_factor)
        names.append(f"days_{half_life:.0f}")
        told.append(word)
    if fitted is not None:
        error = (past.load - fitted).transpose(0, 2, 1)
        weights = weights * robust(error, weights)
    plain = ordinary_days(
        scores,
        tamed,
        notable(special),
        trial.ends[-1],
        settings.ordinary_half_life_days,
        settings.score_penalty_factor,
    )
    surplus = ordinary_surplus(past, profiles, plain)
    targets = past.load.transpose(0, 2, 1).astype(np.float32)
    for half_life in settings.ridge_half_lives_days:
        names.append(f"slots_{half_life:.0f}")
        told.append(
            slot_expert(design, targets, weights, trial, half_life, settings.ridge_penalty_factor)
        )
    names += ["similar_days", "usual", "four_weeks", "last_day", "last_week", "moved"]
    told += [
        similar_days(past, profiles, trial.days),
        design.usual[:, trial.days],
        design.weeks[:, trial.days],
        design.recent[:, trial.days],
        design.week_before[:, trial.days],
        moved_profile(past, profiles, trial.days),
    ]
    for one in further:
        names.append(one.name)
        told.append(one.told(past, design, plain_weights, trial))
    return Panel(
        past=past,
        trial=trial,
        names=tuple(names),
        told=np.stack(told, axis=2),
        truth=past.load[:, trial.days],
        known=past.known[:, trial.days],
        off=profiles.off[:, trial.days],
        special=notable(special)[:, trial.days],
        special_told=special_expert(
            past, profiles, special, surplus, trial.days, settings.special_noise_factor
        ),
    )


def _weights(past: Past, special: BoolArray, settings: EngineSettings) -> FloatArray:
    """[C, S, D]: measured slots after the warm-up; special days count less, old days nothing."""
    place = np.arange(past.load.shape[1])
    seasoned = place[None] >= past.first_known[:, None] + settings.warm_up
    seasoned &= place[None] > len(place) - settings.training
    weight = (past.known & seasoned[..., None]).astype(np.float64)
    factor = np.where(special, settings.special_weight_ratio, 1.0)
    return (weight * factor[..., None]).transpose(0, 2, 1)
