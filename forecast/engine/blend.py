"""The panel's joint word: a point and quantiles in relative loads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.engine.calibration import spread
from forecast.engine.combination import shares
from forecast.engine.panel import Panel
from forecast.engine.settings import EngineSettings
from forecast.quantiles import BoolArray, FloatArray


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
    """[C, N, S]: measured minus combined on the tried days, NaN where not measured."""


def blend(panel: Panel, settings: EngineSettings) -> Blend:
    """Combine on the tried days, follow half of the recent bias, widen on special days."""
    tried = slice(0, -1)
    age = panel.trial.days[-1] - panel.trial.days[tried]
    recency = 0.5 ** (age / settings.combination_half_life_days)
    old_enough = panel.trial.days[None, tried] >= panel.past.first_known[:, None] + 40
    weight = panel.known[:, tried] * (recency[None] * old_enough)[..., None]
    truth, told = panel.truth[:, tried], panel.told[:, tried]
    share = shares(told, truth, weight)
    joint = np.einsum("csk,cnks->cns", share, told, optimize=True)
    point = np.einsum("csk,cks->cs", share, panel.told[:, -1])
    same = panel.off[:, tried] == panel.off[:, -1:]
    around = spread(
        truth - joint,
        joint,
        point,
        weight * np.where(same, 1.0, settings.other_kind_weight_ratio)[..., None],
    )
    now = panel.special[:, -1]
    part = np.where(now, settings.special_share_ratio, 0.0)[:, None]
    centre = (1 - part) * point + part * panel.special_told[:, -1]
    width = np.where(now, settings.special_spread_factor, 1.0)[:, None, None]
    quantiles = centre[..., None] + width * around.quantiles
    centre = centre + settings.bias_share_ratio * (1 - part) * around.median
    return Blend(
        point=centre,
        quantiles=np.sort(quantiles, axis=-1),
        shares=share.mean(1),
        tried_days=(weight.max(2) > 0).sum(1).astype(np.float64),
        special=now,
        errors=np.where(panel.known[:, tried], truth - joint, np.nan),
    )
