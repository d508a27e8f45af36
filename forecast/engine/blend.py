"""The panel's joint word: a point and quantiles in relative loads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forecast.engine.adaptive_band import TriedDays, adaptive_spread
from forecast.engine.ceiling import under_ceiling
from forecast.engine.combination import shares
from forecast.engine.level_shift import level_shift
from forecast.engine.panel import Panel
from forecast.engine.settings import EngineSettings
from forecast.quantiles import BoolArray, FloatArray

_LEAST_AGE_DAYS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """Relative loads of the day asked for."""

    point: FloatArray
    """[C, S]."""
    quantiles: FloatArray
    """[C, S, 11]."""
    shares: FloatArray
    """[C, K]: the experts' mean shares."""
    tried_days: FloatArray
    """[C]: days with measurements that the experts were tried on."""
    special: BoolArray
    """[C]."""
    errors: FloatArray
    """[C, N, S]: measured minus combined on the whole tried days, NaN where not measured."""


def blend(panel: Panel, settings: EngineSettings) -> Blend:
    """Combine on the tried days, follow a new level and half of the recent bias."""
    share = _shares(panel, settings)
    tried = _tried(panel, np.einsum("csk,cnks->cns", share, panel.told[:, :-1], optimize=True))
    point = np.einsum("csk,cks->cs", share, panel.told[:, -1])
    shift = level_shift(tried, settings)[..., None]
    tried = replace(
        tried, errors=tried.errors - shift[:, :-1] * tried.known, told=tried.told + shift[:, :-1]
    )
    point = point + shift[:, -1]
    around = adaptive_spread(tried, point, settings)
    now = panel.special[:, -1]
    part = np.where(now, settings.special_share_ratio, 0.0)[:, None]
    centre = (1 - part) * point + part * panel.special_told[:, -1]
    width = np.where(now, settings.special_spread_factor, 1.0)[:, None, None]
    quantiles = centre[..., None] + width * around.quantiles
    centre = centre + settings.bias_share_ratio * (1 - part) * around.median
    quantiles = under_ceiling(quantiles, centre, panel.truth[:, :-1], tried.known)
    whole = slice(0, -1) if panel.past.lead else slice(None)
    known = panel.known[:, :-1]
    return Blend(
        point=centre,
        quantiles=np.sort(quantiles, axis=-1),
        shares=share.mean(1),
        tried_days=tried.known[:, whole].any(2).sum(1).astype(np.float64),
        special=now,
        errors=np.where(known, panel.truth[:, :-1] - tried.told, np.nan)[:, whole],
    )


def _counted(panel: Panel) -> BoolArray:
    """[C, N, S]: measured, on tried days that are old enough for the experts to have learnt."""
    old = panel.trial.days[None, :-1] >= panel.past.first_known[:, None] + _LEAST_AGE_DAYS
    return np.asarray(panel.known[:, :-1] & old[..., None], dtype=bool)


def _shares(panel: Panel, settings: EngineSettings) -> FloatArray:
    age = panel.trial.days[-1] - panel.trial.days[:-1]
    recency = 0.5 ** (age / settings.combination_half_life_days)
    weight = _counted(panel) * recency[None, :, None]
    return shares(panel.told[:, :-1], panel.truth[:, :-1], weight)


def _tried(panel: Panel, joint: FloatArray) -> TriedDays:
    known = _counted(panel)
    return TriedDays(
        errors=np.where(known, panel.truth[:, :-1] - joint, 0.0),
        told=joint,
        known=known,
        days=panel.trial.days,
        off=panel.off,
        lead=panel.past.lead,
        early=panel.past.early,
    )
