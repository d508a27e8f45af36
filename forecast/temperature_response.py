"""How a site's load answers to the weather: kW per kelvin, by part of the day, as it was measured.

A regression of its own on the site's last year, not a run of the forecast model: the model's
combination leans on yesterday's load too, and would say half of what a lasting +3 K does. What is
told apart from weekday, level and season is only what load and temperature did *within* four
weeks, so the response is that of days, not of refurbishments or of people who feel the cold first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.quantiles import MEDIAN, NORMAL_SCORES, FloatArray, IntArray

PARTS: Final = 6
"""Parts of the day, of four hours each."""
LEAST_DAYS: Final = 56
_BLOCK_DAYS: Final = 28
_COOLING_BASES: Final = (16.0, 18.0, 20.0, 22.0, 24.0)
_HEATING_BASES: Final = (8.0, 10.0, 12.0, 14.0, 16.0)
_LEAST_DEGREE_DAYS: Final = 10
_SURE: Final = 2.0
"""Standard errors that a slope must be away from zero to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureResponse:
    """What a kelvin above `cooling_base_c` or below `heating_base_c` adds, [6] by part of day."""

    cooling_base_c: float
    heating_base_c: float
    cooling_kw_per_k: FloatArray
    heating_kw_per_k: FloatArray
    cooling_error_kw_per_k: FloatArray
    heating_error_kw_per_k: FloatArray
    explained_ratio: float
    """Of the variance within four weeks and kinds of day: R²."""
    days: int
    """Days with load and temperature that it was fitted on."""

    @property
    def is_none(self) -> bool:
        """Whether no part of the day answers to the weather beyond doubt."""
        return not (self.cooling_kw_per_k.any() or self.heating_kw_per_k.any())


def fit_response(
    load_kw: FloatArray, temperature_c: FloatArray, kind: IntArray
) -> TemperatureResponse | None:
    """From [D, S] loads and temperatures and [D] kinds of day; None below 56 whole days.

    Ordinary least squares on means of four hours, minus the mean of their four weeks and kind of
    day; the bases are those that explain most. Slopes within two standard errors of zero are zero.
    """
    load, warmth = _parts(load_kw), _parts(temperature_c)
    whole = np.isfinite(load).all(1) & np.isfinite(warmth).all(1)
    block = np.arange(len(load)) // _BLOCK_DAYS
    group = np.unique(np.stack([block, kind]), axis=1, return_inverse=True)[1].reshape(-1)
    load, warmth, group = load[whole], warmth[whole], group[whole]
    if len(load) < LEAST_DAYS:
        return None
    best: TemperatureResponse | None = None
    for cooling in _COOLING_BASES:
        for heating in _HEATING_BASES:
            one = _fitted(load, warmth, group, cooling, heating)
            if best is None or one.explained_ratio > best.explained_ratio:
                best = one
    return best


def response_change(
    response: TemperatureResponse, temperature_c: FloatArray, hour: FloatArray, warmer_k: float
) -> tuple[FloatArray, FloatArray]:
    """Change of the mean and its standard error, both [N] in kW, where it is `warmer_k` warmer.

    `hour` [N] is the local time of day in hours; slots without a temperature get NaN.
    """
    before = _degrees(temperature_c, response.cooling_base_c, response.heating_base_c)
    after = _degrees(temperature_c + warmer_k, response.cooling_base_c, response.heating_base_c)
    cooler, heater = after[0] - before[0], after[1] - before[1]
    change = cooler * _at(response.cooling_kw_per_k, hour)
    change = change + heater * _at(response.heating_kw_per_k, hour)
    error = np.hypot(
        cooler * _at(response.cooling_error_kw_per_k, hour),
        heater * _at(response.heating_error_kw_per_k, hour),
    )
    return change, error


def widened(quantiles_kw: FloatArray, error_kw: FloatArray) -> FloatArray:
    """[N, 11] quantiles with an error of this standard deviation [N] on top of their own."""
    middle = quantiles_kw[:, MEDIAN, None]
    more = error_kw[:, None] * np.array(NORMAL_SCORES)[None]
    away = quantiles_kw - middle
    return np.asarray(middle + np.sign(np.array(NORMAL_SCORES)) * np.hypot(away, more))


def _parts(values: FloatArray) -> FloatArray:
    """[D, 6] means of four hours; NaN where less than half of one is known."""
    days, slots = values.shape
    cut = values.reshape(days, PARTS, slots // PARTS)
    known = np.isfinite(cut)
    count = known.sum(2)
    total = np.where(known, cut, 0.0).sum(2)
    return np.where(count * 2 >= cut.shape[2], total / np.maximum(count, 1), np.nan)


def _degrees(warmth: FloatArray, cooling: float, heating: float) -> tuple[FloatArray, FloatArray]:
    return np.maximum(warmth - cooling, 0.0), np.maximum(heating - warmth, 0.0)


def _within(values: FloatArray, group: IntArray) -> FloatArray:
    """Minus the mean of the group."""
    count = np.bincount(group)
    mean = np.stack([np.bincount(group, weights=column) for column in values.T], axis=1)
    return np.asarray(values - (mean / np.maximum(count, 1)[:, None])[group])


def _fitted(
    load: FloatArray, warmth: FloatArray, group: IntArray, cooling: float, heating: float
) -> TemperatureResponse:
    degrees = np.stack(_degrees(warmth, cooling, heating))
    # too few days of a season teach nothing about it
    enough = (degrees > 0).sum(1) >= _LEAST_DEGREE_DAYS
    moved = np.stack([_within(one, group) for one in degrees]) * enough[:, None]
    answer = _within(load, group)
    freedom = max(len(load) - len(np.unique(group)) - 2, 1)
    slopes, errors = np.zeros((2, PARTS)), np.zeros((2, PARTS))
    for part in range(PARTS):
        slopes[:, part], errors[:, part] = _line(moved[:, :, part], answer[:, part], freedom)
    sure = np.abs(slopes) > _SURE * errors
    slopes, errors = np.where(sure, slopes, 0.0), np.where(sure, errors, 0.0)
    left = answer - (slopes[:, None] * moved).sum(0)
    total = float((answer**2).sum())
    return TemperatureResponse(
        cooling_base_c=cooling, heating_base_c=heating, cooling_kw_per_k=slopes[0],
        heating_kw_per_k=slopes[1], cooling_error_kw_per_k=errors[0],
        heating_error_kw_per_k=errors[1], days=len(load),
        explained_ratio=1 - float((left**2).sum()) / total if total > 0 else 0.0,
    )  # fmt: skip


def _line(moved: FloatArray, answer: FloatArray, freedom: int) -> tuple[FloatArray, FloatArray]:
    """Two slopes and their standard errors; zero for what never moved."""
    gram = moved @ moved.T
    inverse = np.linalg.pinv(gram, hermitian=True)
    slope = inverse @ moved @ answer
    left = answer - slope @ moved
    variance = float(left @ left) / freedom
    return slope, np.sqrt(np.maximum(np.diag(inverse), 0.0) * variance)


def _at(by_part: FloatArray, hour: FloatArray) -> FloatArray:
    """[N]: between the middles of the parts, round the clock."""
    middles = (np.arange(PARTS) + 0.5) * 24 / PARTS
    return np.asarray(np.interp(hour, middles, by_part, period=24))
