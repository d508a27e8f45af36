"""The rest of today, after each new quarter hour: the standing forecast and today's errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.quantiles import BoolArray, FloatArray, weighted_quantiles

_CAUTION: Final = 0.1
"""Ridge, as a share of the features' own size."""
_OUTLIER: Final = 5.0
_HALF_LIFE_DAYS: Final = 30.0
_LEAST_DAYS: Final = 14
_FEATURES: Final = 4
_ROUNDS: Final = 3
_ROBUST_FLOOR: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class RestOfDay:
    """Slots from `slot` on hold the update, earlier ones the forecast as it was."""

    slot: int
    mean_kw: FloatArray
    """[C, S]."""
    quantiles_kw: FloatArray
    """[C, S, 11]."""


def rest_of_day(
    mean_kw: FloatArray,
    quantiles_kw: FloatArray,
    today_kw: FloatArray,
    past_errors_kw: FloatArray,
    slot: int,
    signed: BoolArray | None = None,
) -> RestOfDay:
    """Shift the rest of the day by what errors like today's were followed by.

    `mean_kw` [C, S] and `quantiles_kw` [C, S, 11]: the forecast of today issued before;
    `today_kw` [C, S]: measured before `slot`; `past_errors_kw` [C, N, S]: measured minus forecast
    of such forecasts, newest day last, NaN where unknown. Customers with fewer than 14 past days,
    or without a measurement in the last hours, keep their forecast.
    """
    slots = mean_kw.shape[1]
    if not 0 < slot < slots:
        return RestOfDay(slot=slot, mean_kw=mean_kw, quantiles_kw=quantiles_kw)
    errors = _tamed(past_errors_kw)
    today = _tamed(np.where(np.arange(slots) < slot, today_kw - mean_kw, np.nan)[:, None])
    seen, now = _features(errors, slot), _features(today, slot)[:, 0]
    rest = errors[..., slot:]
    usable = np.all(np.isfinite(seen), axis=2) & np.all(np.isfinite(rest), axis=2)
    weight = usable * 0.5 ** (np.arange(seen.shape[1])[::-1] / _HALF_LIFE_DAYS)
    seen, rest = np.nan_to_num(seen), np.nan_to_num(rest)
    found = _fitted(seen, rest, weight)
    shift = (np.nan_to_num(now)[:, None] @ found)[:, 0]
    serves = (usable.sum(1) >= _LEAST_DAYS) & np.all(np.isfinite(now), axis=1)
    left = (rest - seen @ found).transpose(0, 2, 1)
    mass = np.repeat(weight[:, None], left.shape[1], axis=1)
    effective = mass.sum(2) ** 2 / np.maximum((mass**2).sum(2), 1e-12)
    spread = weighted_quantiles(left, mass, 4.0 / np.maximum(effective, 4.0))
    mean, band = mean_kw.copy(), quantiles_kw.copy()
    mean[serves, slot:] += shift[serves]
    band[serves, slot:] = mean[serves, slot:, None] + spread[serves]
    low = np.where(np.zeros(len(mean), dtype=bool) if signed is None else signed, -np.inf, 0.0)
    return RestOfDay(
        slot=slot,
        mean_kw=np.maximum(mean, low[:, None]),
        quantiles_kw=np.maximum(np.sort(band, -1), low[:, None, None]),
    )


def _tamed(errors: FloatArray) -> FloatArray:
    """Errors beyond five times the usual size are cut back to that."""
    known = np.isfinite(errors)
    size = np.where(known, np.abs(errors), 0.0).sum((1, 2)) / np.maximum(known.sum((1, 2)), 1)
    limit = np.where(size > 0, _OUTLIER * size, np.inf)[:, None, None]
    return np.clip(errors, -limit, limit)


def _features(errors: FloatArray, slot: int) -> FloatArray:
    """[C, N, 4]: mean error of the last quarter, the last hour, four hours and the day so far."""
    hour = max(1, errors.shape[2] // 24)
    spans = (1, hour, 4 * hour, slot)
    means = [_mean(errors[..., max(0, slot - span) : slot]) for span in spans]
    return np.stack(means, axis=2)


def _mean(errors: FloatArray) -> FloatArray:
    known = np.isfinite(errors)
    count = known.sum(2)
    total = np.where(known, errors, 0.0).sum(2)
    return np.where(count * 2 >= errors.shape[2], total / np.maximum(count, 1), np.nan)


def _fitted(seen: FloatArray, rest: FloatArray, weight: FloatArray) -> FloatArray:
    """[C, 4, R]: least absolute errors by reweighted ridge, smoothed over a slot on either side."""
    products = (seen[..., :, None] * seen[..., None, :]).reshape(*seen.shape[:2], -1)
    weights = np.repeat(weight[..., None], rest.shape[2], axis=2)
    found = _ridge(products, seen, rest, weights)
    for _ in range(_ROUNDS):
        size = np.abs(rest - seen @ found)
        usual = (size * weight[..., None]).sum(1, keepdims=True)
        usual /= np.maximum(weight.sum(1)[:, None, None], 1e-9)
        floor = np.maximum(_ROBUST_FLOOR * usual, 1e-9)
        weights = weight[..., None] * np.where(usual > 0, usual / np.maximum(size, floor), 1.0)
        found = _ridge(products, seen, rest, weights)
    smooth = found.copy()
    smooth[..., 1:-1] = (found[..., :-2] + found[..., 1:-1] + found[..., 2:]) / 3
    return smooth


def _ridge(
    products: FloatArray, seen: FloatArray, rest: FloatArray, weights: FloatArray
) -> FloatArray:
    """[C, 4, R]: one small regression a slot."""
    turned = weights.swapaxes(1, 2)
    gram = (turned @ products).reshape(*turned.shape[:2], _FEATURES, _FEATURES)
    place = np.arange(_FEATURES)
    size = gram[..., place, place]
    gram[..., place, place] += _CAUTION * size + 1e-6 * size.max(-1, keepdims=True) + 1e-9
    moment = (turned * rest.swapaxes(1, 2)) @ seen
    return np.linalg.solve(gram, moment[..., None])[..., 0].swapaxes(1, 2)
