"""The day-ahead engine's constants, chosen on development folds (see decision 0020)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """Days unless said otherwise."""

    history: int = 1200
    """Older days are not looked at."""
    training: int = 800
    warm_up: int = 28
    trial: int = 84
    """Days on which the experts are tried out before they are combined."""
    trial_block: int = 28
    """Trial days forecast with one fit."""
    ridge_half_lives_days: tuple[float, ...] = (400.0,)
    score_half_lives_days: tuple[float, ...] = (150.0,)
    ordinary_half_life_days: float = 400.0
    scores: int = 6
    ridge_penalty_factor: float = 2.0
    score_penalty_factor: float = 3.0
    special_weight_ratio: float = 0.3
    """How much a special day counts when ordinary days are learnt."""
    special_share_ratio: float = 0.35
    """Share of the special-day expert on special days."""
    special_noise_factor: float = 0.5
    """How many ordinary days' squared errors a difference must stand out from."""
    special_spread_factor: float = 1.25
    """How much wider the band is on special days."""
    carry_ratio: float = 0.7
    """Share of a surprise at the last near-holiday workday that is expected to last."""
    combination_half_life_days: float = 25.0
    bias_share_ratio: float = 0.25
    """Share of the recent median error that the point follows."""
    band_fast_half_life_days: float = 8.0
    band_slow_half_life_days: float = 40.0
    """The usual size of errors is the geometric mean of a fast and a slow one."""
    size_other_kind_ratio: float = 0.25
    """Weight of errors on days off for the usual size on a workday, and the other way round."""
    band_half_life_days: float = 45.0
    band_other_kind_ratio: float = 0.6
    """As above, for errors relative to their usual size."""
    band_step_ratio: float = 0.02
    """How far one day moves a quantile's level, per share of slots that fell wrongly."""
    band_leak_ratio: float = 0.03
    """Share of that correction which is forgotten every day."""
    shift_share_ratio: float = 0.6
    """Share of a level shift that is expected to last."""
    shift_dead_ratio: float = 0.5
    """In usual errors of a day: smaller shifts are noise."""
    shift_cap_ratio: float = 1.0
    """In mean loads."""
