"""How wide the band must be: errors against what was usual then, and levels that learn.

Conformal with adaptive correction. Each tried day's errors are measured in the size that errors
had in the days before it, so a quiet or a wild season shows in the size, not in the shape. Levels
are then moved online as in adaptive conformal inference (Gibbs and Candes 2021): where too many
measurements fell below a quantile, it goes down. All of it follows from the tried days alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.engine.calibration import Spread
from forecast.engine.settings import EngineSettings
from forecast.quantiles import LEVELS, MEDIAN, BoolArray, FloatArray, IntArray, weighted_quantiles

_LOAD_FLOOR: Final = 0.05
_SIZE_FLOOR: Final = 0.02
_FAST_FLOOR: Final = 0.2
_NEIGHBOUR_LOSS: Final = 0.4
_OVERLAP: Final = 0.6
_SMALL_SAMPLE: Final = 1.6
_BURN_IN: Final = 14
"""Tried days without a size of their own yet."""
_SILENT: Final = 24
"""Tried days before levels begin to move."""
_OUTERMOST: Final = 0.004


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedDays:
    """N days that were forecast as they would have been; the day asked for stands last in some."""

    errors: FloatArray
    """[C, N, S]: measured minus forecast."""
    told: FloatArray
    """[C, N, S]."""
    known: BoolArray
    """[C, N, S]: counted and measured."""
    days: IntArray
    """[N + 1]."""
    off: BoolArray
    """[C, N + 1]."""
    lead: int
    early: BoolArray
    """[S]: slots that the day of issue knows."""


def adaptive_spread(tried: TriedDays, point: FloatArray, settings: EngineSettings) -> Spread:
    """Quantiles of the error to expect around `point` [C, S], relative loads."""
    reach = max(1, tried.errors.shape[2] // 48)
    known = tried.known.astype(np.float32)
    scaled = np.where(tried.known, tried.errors / _root(tried.told), 0.0).astype(np.float32)
    size = _sizes(np.abs(scaled), known, tried, reach, settings)
    shape = scaled / size[:, :-1]
    gap = tried.days[-1] - tried.days[:-1]
    same = tried.off[:, :-1] == tried.off[:, -1:]
    weight = known * _weights(gap, same, settings.band_half_life_days, settings)[..., None]
    weight[:, :_BURN_IN] = 0.0
    pool, mass = _pooled(shape, reach), _pooled(weight, reach, _NEIGHBOUR_LOSS)
    effective = mass.sum(2) ** 2 / np.maximum((mass**2).sum(2), 1e-12)
    widen = _SMALL_SAMPLE / np.maximum(effective / (1.0 + _OVERLAP * (2 * reach + 1)), 1.0)
    levels = _levels(shape, tried, settings)
    found = weighted_quantiles(pool, mass, widen, levels[:, None])
    found *= (size[:, -1] * _root(point))[..., None]
    return Spread(quantiles=found, median=found[..., MEDIAN])


def _root(load: FloatArray) -> FloatArray:
    return np.sqrt(np.maximum(np.abs(load), _LOAD_FLOOR))


def _weights(
    gap: IntArray, same: BoolArray, half_life_days: float, settings: EngineSettings
) -> FloatArray:
    other = np.where(same, 1.0, settings.band_other_kind_ratio)
    return np.asarray(other * 0.5 ** (gap / half_life_days), dtype=np.float32)


def _pooled(values: FloatArray, reach: int, loss: float = 0.0) -> FloatArray:
    """[C, S, N * (2 reach + 1)]: what stands around each slot, `loss` less at the rim."""
    steps = range(-reach, reach + 1)
    parts = [np.roll(values, step, axis=2) * (1 - loss * abs(step) / reach) for step in steps]
    return np.concatenate(parts, axis=1).transpose(0, 2, 1)


def _sizes(
    size: FloatArray, known: FloatArray, tried: TriedDays, reach: int, settings: EngineSettings
) -> FloatArray:
    """[C, N + 1, S]: the usual size of errors as known at each day's issue."""
    gap = tried.days[:, None] - tried.days[None, :-1]
    same = tried.off[:, :, None] == tried.off[:, None, :-1]
    total, mass = _around(size * known, reach), _around(known, reach)
    both = []
    for half_life in (settings.band_fast_half_life_days, settings.band_slow_half_life_days):
        fade = 0.5 ** (np.maximum(gap, 0) / half_life)
        weight = np.where(same, 1.0, settings.size_other_kind_ratio) * fade
        whole = (weight * (gap > tried.lead)).astype(np.float32)
        part = (weight * ((gap == tried.lead) & (tried.lead > 0))).astype(np.float32)
        above = whole @ total + part @ (total * tried.early)
        below = whole @ mass + part @ (mass * tried.early)
        both.append(above / np.maximum(below, 1e-9))
    fast, slow = both
    fast = np.maximum(fast, _FAST_FLOOR * slow)
    floor = _SIZE_FLOOR * slow.mean((1, 2), keepdims=True) + 1e-6
    usual: FloatArray = np.maximum(np.sqrt(fast * slow), floor)
    return usual


def _around(values: FloatArray, reach: int) -> FloatArray:
    out = np.zeros_like(values)
    for step in range(-reach, reach + 1):
        fade = values.dtype.type(1 - _NEIGHBOUR_LOSS * abs(step) / reach)
        out += fade * np.roll(values, step, axis=2)
    return out


def _levels(shape: FloatArray, tried: TriedDays, settings: EngineSettings) -> FloatArray:
    """[C, 11]: the levels to ask for, so that as many measurements fall below as should."""
    nominal = np.array(LEVELS)
    rank = _ranks(shape, tried, settings)
    customers, days = shape.shape[:2]
    moved = np.zeros((customers, days + 1, len(LEVELS)))
    share = tried.known.mean(2)
    for day in range(days):
        moved[:, day + 1] = moved[:, day]
        if day < _SILENT:
            continue
        # what came of a day is known only `lead` days later
        asked = np.clip(nominal + moved[:, max(day - tried.lead, 0)], 0.0, 1.0)
        counted = tried.known[:, day, :, None]
        below = ((rank[:, day, :, None] <= asked[:, None]) & counted).sum(1)
        below = below / np.maximum(counted.sum(1), 1)
        step = settings.band_step_ratio * share[:, day, None]
        fresh = (1 - settings.band_leak_ratio) * moved[:, day] + step * (nominal - below)
        moved[:, day + 1] = np.where(share[:, day, None] > 0, fresh, moved[:, day])
    return np.sort(np.clip(nominal + moved[:, -1], _OUTERMOST, 1 - _OUTERMOST), axis=1)


def _ranks(shape: FloatArray, tried: TriedDays, settings: EngineSettings) -> FloatArray:
    """[C, N, S]: share of the errors known at each day's issue that were smaller than its own.

    Drawn toward the middle as the levels of a small sample are pulled apart, so what comes of the
    levels is held against what was asked for.
    """
    gap = tried.days[:-1, None] - tried.days[None, :-1]
    same = tried.off[:, :-1, None] == tried.off[:, None, :-1]
    weight = _weights(np.maximum(gap, 0), same, settings.band_half_life_days, settings)
    weight = weight * (gap > tried.lead)
    weight[:, :, :_BURN_IN] = 0.0
    turned = shape.transpose(0, 2, 1)
    known = tried.known.transpose(0, 2, 1).astype(np.float32)
    out = np.zeros(shape.shape, dtype=np.float32)
    for day in range(_SILENT, shape.shape[1]):
        mine = weight[:, day, None] * known
        smaller = turned < turned[:, :, day, None]
        mass = mine.sum(2)
        rank = (mine * smaller).sum(2) / np.maximum(mass, 1e-9)
        effective = mass**2 / np.maximum((mine**2).sum(2), 1e-12)
        out[:, day] = 0.5 + (rank - 0.5) / (1.0 + _SMALL_SAMPLE / np.maximum(effective, 1.0))
    return out
