"""Daily baseline: level by kind of day, heating below one temperature, cooling above another.

A change-point regression whose two balance points are looked for on a grid, all pairs at once,
from one matrix of products. Kinds of day, and the slopes' difference on days off, are shrunk
(ridge); the level is not, so the residuals of the fit add up to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.quantiles import BoolArray, FloatArray, IntArray
from forecast.savings.rows import HOLIDAY, KINDS, EnergyRows

KIND_SHRINKAGE_ROWS: Final = 1.0
SLOPE_SHRINKAGE_ROWS: Final = 8.0
LEAST_ROWS_BEYOND: Final = 20
GRID_POINTS: Final = 14
LEAST_HEATING_RANGE_C: Final = 22.0
OFF_FROM_KIND: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyBaseline:
    """A fitted daily baseline; a balance point is NaN where that part was not found."""

    heating_base_c: float
    cooling_base_c: float
    coefficients: FloatArray
    parameters: float
    used: BoolArray
    occupied: bool

    def predict(self, rows: EnergyRows) -> FloatArray:
        """Energy that the baseline expects; NaN where a driver that it needs is unknown."""
        parts = [_fixed(rows, self.occupied)]
        for sign, base in ((-1.0, self.heating_base_c), (1.0, self.cooling_base_c)):
            if np.isfinite(base):
                beyond = _beyond(rows.temperature_c, np.array([base]), sign)
                parts += [beyond, beyond * _off(rows.day_kind)]
        told: FloatArray = np.hstack(parts) @ self.coefficients
        return told


@dataclass(frozen=True, slots=True)
class _Choice:
    """Candidate columns [K, k] of one shape of model, and their balance points [K, 2]."""

    columns: IntArray
    balance_c: FloatArray


def fit_daily(rows: EnergyRows, *, with_temperature: bool = True) -> DailyBaseline:
    """Fit on the rows whose energy (and temperature, where wanted) is known."""
    used = rows.known(with_temperature=with_temperature)
    known = rows.only(used)
    busy = known.occupancy_ratio
    occupied = busy is not None and bool(np.isfinite(busy).all())
    fixed = _fixed(known, occupied)
    heating = _grid(known.temperature_c, -1.0) if with_temperature else np.zeros(0)
    cooling = _grid(known.temperature_c, 1.0) if with_temperature else np.zeros(0)
    hot, cold = (
        _beyond(known.temperature_c, heating, -1.0),
        _beyond(known.temperature_c, cooling, 1.0),
    )
    off = _off(known.day_kind)
    every = np.hstack([fixed, hot, hot * off, cold, cold * off])
    products, targets = every.T @ every, every.T @ known.energy_kwh
    ridge = _ridge(products, fixed.shape[1], len(heating), len(cooling))
    columns, balance, coefficients = _best(
        products + np.diag(ridge),
        targets,
        _choices(fixed.shape[1], heating, cooling),
        float(known.energy_kwh @ known.energy_kwh),
        len(known),
    )
    gram = products[np.ix_(columns, columns)]
    freedom = float(np.trace(np.linalg.solve(gram + np.diag(ridge[columns]), gram)))
    return DailyBaseline(
        heating_base_c=float(balance[0]),
        cooling_base_c=float(balance[1]),
        coefficients=coefficients,
        parameters=freedom + float(np.isfinite(balance).sum()),
        used=used,
        occupied=occupied,
    )


def _fixed(rows: EnergyRows, occupied: bool) -> FloatArray:
    parts: list[FloatArray] = [np.ones((len(rows), 1)), np.eye(KINDS)[rows.day_kind]]
    if occupied and rows.occupancy_ratio is not None:
        parts.append(rows.occupancy_ratio[:, None])
    return np.hstack(parts)


def _beyond(temperature_c: FloatArray, base_c: FloatArray, sign: float) -> FloatArray:
    """Degrees below (sign -1) or above (sign 1) each base: [N, K]."""
    gap: FloatArray = sign * (temperature_c[:, None] - base_c[None, :])
    return np.maximum(gap, 0.0)


def _off(kind: IntArray) -> FloatArray:
    return (kind >= OFF_FROM_KIND).astype(float)[:, None]


def _grid(temperature_c: FloatArray, sign: float) -> FloatArray:
    """Balance points beyond which enough rows lie to tell a slope."""
    ordered = np.sort(temperature_c)
    if len(ordered) <= 2 * LEAST_ROWS_BEYOND:
        return np.zeros(0)
    low, high = ordered[LEAST_ROWS_BEYOND], ordered[-LEAST_ROWS_BEYOND - 1]
    if sign < 0:
        high = min(high, 22.0)
    else:
        low = max(low, 8.0)
    return np.linspace(low, high, GRID_POINTS) if high > low else np.zeros(0)


def _ridge(products: FloatArray, fixed: int, heating: int, cooling: int) -> FloatArray:
    """What is added to the diagonal: nothing to speak of on level, driver and main slopes."""
    diagonal = np.diag(products)
    ridge = 1e-9 * (diagonal + 1.0)
    ridge[1 : 1 + KINDS] = KIND_SHRINKAGE_ROWS
    ridge[1 + HOLIDAY] = KIND_SHRINKAGE_ROWS
    rows = max(diagonal[0], 1.0)
    for start, many in ((fixed, heating), (fixed + 2 * heating, cooling)):
        main = diagonal[start : start + many]
        ridge[start + many : start + 2 * many] = SLOPE_SHRINKAGE_ROWS * main / rows + 1e-9
    return ridge


def _choices(fixed: int, heating: FloatArray, cooling: FloatArray) -> list[_Choice]:
    """No weather, heating alone, cooling alone, and every pair with heating below cooling."""
    always = np.arange(fixed)
    h, c = len(heating), len(cooling)
    unknown = np.full(1, np.nan)

    def shape(left: IntArray, right: IntArray) -> _Choice:
        many = max(len(left), len(right), 1)
        parts = [np.broadcast_to(always, (many, fixed))]
        if len(left):
            parts += [(fixed + left)[:, None], (fixed + h + left)[:, None]]
        if len(right):
            parts += [(fixed + 2 * h + right)[:, None], (fixed + 2 * h + c + right)[:, None]]
        heat = heating[left] if len(left) else np.broadcast_to(unknown, many)
        cool = cooling[right] if len(right) else np.broadcast_to(unknown, many)
        return _Choice(np.hstack(parts), np.column_stack([heat, cool]))

    none = np.zeros(0, dtype=np.int64)
    told = [shape(none, none)]
    if h:
        told.append(shape(np.arange(h), none))
    if c:
        told.append(shape(none, np.arange(c)))
    left, right = np.nonzero(heating[:, None] <= cooling[None, :])
    if len(left):
        told.append(shape(left, right))
    return told


def _best(
    products: FloatArray, targets: FloatArray, choices: list[_Choice], square: float, rows: int
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Columns, balance points and coefficients with the least penalised squares (BIC)."""
    told: list[tuple[float, IntArray, FloatArray, FloatArray]] = []
    for choice in choices:
        wanted = choice.columns
        left = products[wanted[:, :, None], wanted[:, None, :]]
        right = targets[wanted]
        found = np.linalg.solve(left, right[:, :, None])[:, :, 0]
        squares = np.maximum(square - np.sum(found * right, axis=1), 1e-12 * max(square, 1e-12))
        at = int(np.argmin(squares))
        extra = wanted.shape[1] - len(choices[0].columns[0])
        score = rows * np.log(squares[at] / rows) + np.log(rows) * 1.5 * extra
        told.append((float(score), wanted[at], choice.balance_c[at], found[at]))
    _, columns, balance, coefficients = min(told, key=lambda one: one[0])
    return columns, balance, coefficients
