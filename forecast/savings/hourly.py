"""Hourly baseline: level by hour of the week, and temperature bent at its quantiles (TOWT).

Mathieu et al. (2011): each hour of the week has a level of its own; the response to temperature is
piecewise linear, one for hours of the week in which the place is occupied and one for the others.
Levels are eliminated first, so that only a small system is left to solve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.quantiles import BoolArray, FloatArray, IntArray
from forecast.savings.rows import HOLIDAY, HOURS_A_DAY, KINDS, EnergyRows

SEGMENTS: Final = 6
OCCUPIED_SHARE: Final = 0.65
HEATING_BASE_C: Final = 10.0
COOLING_BASE_C: Final = 18.3
SUNDAY: Final = 6
SLOTS: Final = KINDS * HOURS_A_DAY
SLOPE_SHRINKAGE: Final = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyBaseline:
    """A fitted hourly baseline; `knots_c` is empty where temperature was left out."""

    level_kwh: FloatArray
    slopes: FloatArray
    knots_c: FloatArray
    occupied_slot: BoolArray
    holiday_kind: int
    parameters: float
    used: BoolArray
    occupied: bool

    def predict(self, rows: EnergyRows) -> FloatArray:
        """Energy that the baseline expects; NaN where a driver that it needs is unknown."""
        slot = _slots(rows, self.holiday_kind)
        told: FloatArray = self.level_kwh[slot]
        if self.slopes.size:
            drivers = _drivers(rows, slot, self.knots_c, self.occupied_slot, self.occupied)
            told = told + drivers @ self.slopes
        return told


def fit_hourly(rows: EnergyRows, *, with_temperature: bool = True) -> HourlyBaseline:
    """Fit on the rows whose energy (and temperature, where wanted) is known."""
    used = rows.known(with_temperature=with_temperature)
    known = rows.only(used)
    holiday_kind = _holidays_are_like(known)
    slot = _slots(known, holiday_kind)
    count = np.bincount(slot, minlength=SLOTS).astype(float)
    busy = known.occupancy_ratio
    driven = busy is not None and bool(np.isfinite(busy).all())
    occupied = np.zeros(SLOTS, dtype=bool)
    knots: FloatArray = np.zeros(0)
    if with_temperature:
        occupied = _occupied(known, slot, count)
        knots = _knots(known.temperature_c)
    drivers = _drivers(known, slot, knots, occupied, driven)
    level, slopes, freedom = _solve(slot, count, drivers, known.energy_kwh)
    return HourlyBaseline(
        level_kwh=level,
        slopes=slopes,
        knots_c=knots,
        occupied_slot=occupied,
        holiday_kind=holiday_kind,
        parameters=freedom,
        used=used,
        occupied=driven,
    )


def _slots(rows: EnergyRows, holiday_kind: int) -> IntArray:
    kind = np.where(rows.day_kind == HOLIDAY, holiday_kind, rows.day_kind)
    return kind * HOURS_A_DAY + rows.hour


def _holidays_are_like(rows: EnergyRows) -> int:
    """The kind of day whose mean hours the holidays of the baseline resemble most; else Sunday."""
    away = rows.day_kind == HOLIDAY
    if not away.any():
        return SUNDAY
    slot = rows.day_kind * HOURS_A_DAY + rows.hour
    count = np.bincount(slot, minlength=SLOTS).reshape(KINDS, HOURS_A_DAY)
    total = np.bincount(slot, weights=rows.energy_kwh, minlength=SLOTS)
    mean = total.reshape(KINDS, HOURS_A_DAY) / np.maximum(count, 1)
    gap = np.abs(mean[:HOLIDAY] - mean[HOLIDAY]).sum(axis=1)
    gap[count[:HOLIDAY].min(axis=1) == 0] = np.inf
    return int(np.argmin(gap)) if np.isfinite(gap).any() else SUNDAY


def _occupied(rows: EnergyRows, slot: IntArray, count: FloatArray) -> BoolArray:
    """Hours of the week that mostly use more than the weather alone explains."""
    warm = rows.temperature_c
    weather = np.column_stack(
        [
            np.ones(len(warm)),
            np.maximum(HEATING_BASE_C - warm, 0),
            np.maximum(warm - COOLING_BASE_C, 0),
        ]
    )
    products = weather.T @ weather + 1e-6 * np.eye(3)
    left = rows.energy_kwh - weather @ np.linalg.solve(products, weather.T @ rows.energy_kwh)
    above = np.bincount(slot, weights=(left > 0).astype(float), minlength=SLOTS)
    busy: BoolArray = above > OCCUPIED_SHARE * np.maximum(count, 1)
    return busy


def _knots(temperature_c: FloatArray) -> FloatArray:
    """Where the response may bend: [lowest, inner quantiles..., highest]."""
    return np.unique(np.quantile(temperature_c, np.linspace(0, 1, SEGMENTS + 1)))


def _drivers(
    rows: EnergyRows, slot: IntArray, knots: FloatArray, occupied_slot: BoolArray, driven: bool
) -> FloatArray:
    parts: list[FloatArray] = []
    if len(knots) > 1:
        warm = rows.temperature_c[:, None]
        bent = np.hstack([warm - knots[0], np.maximum(warm - knots[None, 1:-1], 0.0)])
        busy = occupied_slot[slot].astype(float)[:, None]
        parts += [bent, bent * busy]
    if driven and rows.occupancy_ratio is not None:
        parts.append(rows.occupancy_ratio[:, None])
    return np.hstack(parts) if parts else np.zeros((len(rows), 0))


def _solve(
    slot: IntArray, count: FloatArray, drivers: FloatArray, energy_kwh: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Levels by slot and slopes, levels eliminated; slots never seen take the mean level."""
    many = np.maximum(count, 1.0)

    def mean_by_slot(column: FloatArray) -> FloatArray:
        told: FloatArray = np.bincount(slot, weights=column, minlength=SLOTS) / many
        return told

    energy_mean = mean_by_slot(energy_kwh)
    wide = drivers.shape[1]
    means = np.column_stack([mean_by_slot(drivers[:, k]) for k in range(wide)]) if wide else None
    slopes: FloatArray = np.zeros(0)
    freedom = float((count > 0).sum())
    level = energy_mean
    if means is not None:
        centred = drivers - means[slot]
        products = centred.T @ centred
        ridge = SLOPE_SHRINKAGE * np.diag(np.diag(products)) + 1e-9 * np.eye(wide)
        slopes = np.linalg.solve(products + ridge, centred.T @ (energy_kwh - energy_mean[slot]))
        freedom += float(np.trace(np.linalg.solve(products + ridge, products)))
        level = energy_mean - means @ slopes
    seen = count > 0
    level = np.where(seen, level, float(np.average(level[seen], weights=count[seen])))
    return level, slopes, freedom
