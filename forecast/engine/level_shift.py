"""A new level: what the last two whole days and this morning agree on is expected to last."""

from __future__ import annotations

import numpy as np

from forecast.engine.adaptive_band import TriedDays
from forecast.engine.settings import EngineSettings
from forecast.quantiles import BoolArray, FloatArray


def level_shift(tried: TriedDays, settings: EngineSettings) -> FloatArray:
    """[C, N + 1]: to add to what was told of each day, relative loads; the day asked for last.

    The smallest of the three errors counts where all have one sign, less half a usual error of a
    day: a single odd day, or days that err now up, now down, move nothing. Of lead 0 the morning
    is the day's own, and `forecast.intraday` follows that.
    """
    customers, days = tried.errors.shape[:2]
    if not tried.lead or not days:
        return np.zeros((customers, days + 1))
    whole = _means(tried.errors, tried.known)
    morning = _means(tried.errors[..., tried.early], tried.known[..., tried.early])
    usual = _median(np.abs(whole))[:, None]
    back = tried.days - tried.lead - tried.days[0]
    three = np.stack([_at(whole, back - 2), _at(whole, back - 1), _at(morning, back)])
    alike = np.all(three > 0, axis=0) | np.all(three < 0, axis=0)
    size = np.abs(three).min(0) - settings.shift_dead_ratio * usual
    size = np.clip(np.nan_to_num(size), 0.0, settings.shift_cap_ratio)
    shift: FloatArray = np.where(alike, settings.shift_share_ratio * size * np.sign(three[0]), 0.0)
    return shift


def _means(errors: FloatArray, known: BoolArray) -> FloatArray:
    """[C, N]: mean error of a day; NaN where less than half of its slots is known."""
    count = known.sum(2)
    total = np.where(known, errors, 0.0).sum(2)
    return np.where(2 * count >= max(errors.shape[2], 1), total / np.maximum(count, 1), np.nan)


def _median(values: FloatArray) -> FloatArray:
    """[C], of the known ones; zero for none."""
    ranked = np.sort(values, axis=1)
    number = np.isfinite(values).sum(1)
    row = np.arange(len(values))
    middle = 0.5 * (
        ranked[row, np.maximum((number - 1) // 2, 0)]
        + ranked[row, np.minimum(number // 2, np.maximum(number - 1, 0))]
    )
    return np.where(number > 0, middle, 0.0)


def _at(values: FloatArray, place: np.ndarray) -> FloatArray:
    """[C, N + 1]: NaN before the first tried day."""
    found: FloatArray = np.where(place >= 0, values[:, np.maximum(place, 0)], np.nan)
    return found
