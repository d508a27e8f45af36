"""What a meter cannot have measured, by the limits of DOMAIN §2; whole batches at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loadstone.domain.batch import ReadingBatch
from loadstone.domain.quality import Quality
from loadstone.domain.quantities import FIRST_REGISTER, POSITION, QUANTITIES
from loadstone.domain.refusal import Refusal
from loadstone.domain.registry import MeterLimits

_ROOT_3 = np.sqrt(3.0)
_PHASE_VOLTS = [POSITION[name] for name in ("u_an", "u_bn", "u_cn")]
_LINE_VOLTS = [POSITION[name] for name in ("u_ab", "u_bc", "u_ca")]
_CURRENTS = [POSITION[name] for name in ("i_a", "i_b", "i_c", "i_n")]
_POWERS = [POSITION[name] for name in ("p", "p_a", "p_b", "p_c", "q", "s")]
_PHASE_POWERS = [POSITION[name] for name in ("p_a", "p_b", "p_c")]
_PHASE_CURRENTS = [POSITION[name] for name in ("i_a", "i_b", "i_c")]
_P, _Q, _S, _PF, _HZ = (POSITION[name] for name in ("p", "q", "s", "pf", "hz"))
_CAPACITY = np.array(
    [
        (2**53 if q.wide else 2**15 - 1 if q.column == "pf_e4" else 2**31 - 1) / q.scale
        for q in QUANTITIES
    ]
)

_RULES: dict[str, str] = {
    "u_phase": "0 to 1.5 x nominal phase voltage",
    "u_line": "0 to 1.5 x nominal voltage",
    "i": "0 to 7.2 x CT primary current (1.2 x 6 for inrush)",
    "p": "at most 1.3 x root 3 x nominal voltage x CT primary current, or the rated power",
    "pf": "-1.001 to 1.001",
    "hz": "45 to 55 Hz",
    "register": "a register is never negative",
    "capacity": "larger than any meter can say",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Implausible:
    """One value that was taken out of row `row` of the batch."""

    row: int
    refusal: Refusal


def screen(batch: ReadingBatch, limits: Mapping[int, MeterLimits]) -> list[Implausible]:
    """Take impossible values out of the batch (they become NaN) and mark doubtful rows.

    Changes `values` and `quality` in place; returns each value taken out with its rule.
    """
    if not len(batch):
        return []
    turns = np.append(True, np.diff(batch.meter_id) != 0)
    firsts, meter_of = np.flatnonzero(turns), np.cumsum(turns) - 1
    known = [limits[meter] for meter in batch.meter_id[firsts].tolist()]
    found = _take_out(batch, known, firsts, meter_of)
    _mark_doubtful(batch, np.array([m.wiring == "3P4W" for m in known], dtype=bool)[meter_of])
    return found


def _take_out(
    batch: ReadingBatch,
    known: Sequence[MeterLimits],
    firsts: NDArray[np.intp],
    meter_of: NDArray[np.intp],
) -> list[Implausible]:
    """Take impossible values out; each meter's extremes tell whether there are any at all."""
    low, high, rule = _bounds(known)
    least = np.fmin.reduceat(batch.values, firsts, axis=0)
    most = np.fmax.reduceat(batch.values, firsts, axis=0)
    with np.errstate(invalid="ignore"):
        if not ((least < low) | (most > high)).any():
            return []
        bad = (batch.values < low[meter_of]) | (batch.values > high[meter_of])
    found = [
        Implausible(row=int(row), refusal=_refusal(int(at), batch.values[row, at], rule[at]))
        for row, at in np.argwhere(bad)
    ]
    batch.values[bad] = np.nan
    batch.quality[bad.any(axis=1)] |= int(Quality.OUT_OF_RANGE)
    return found


def _refusal(at: int, value: float, rule: str) -> Refusal:
    return Refusal(
        code="implausible", field=QUANTITIES[at].field, value=f"{value:g}", rule=_RULES[rule]
    )


def _bounds(
    known: Sequence[MeterLimits],
) -> tuple[NDArray[np.float64], NDArray[np.float64], Sequence[str]]:
    """Lowest and highest believable value, (meters, quantities), and each column's rule."""
    shape = (len(known), len(QUANTITIES))
    low, high = np.broadcast_to(-_CAPACITY, shape).copy(), np.broadcast_to(_CAPACITY, shape).copy()
    rule = ["capacity"] * len(QUANTITIES)
    volts = _or_any([m.nominal_voltage_v for m in known])
    amps = _or_any([m.ct_primary_a for m in known])
    kilowatts = _or_any([m.max_power_kw for m in known])
    _limit(low, high, rule, _PHASE_VOLTS, "u_phase", 0.0, 1.5 * volts / _ROOT_3)
    _limit(low, high, rule, _LINE_VOLTS, "u_line", 0.0, 1.5 * volts)
    _limit(low, high, rule, _CURRENTS, "i", 0.0, 7.2 * amps)
    _limit(low, high, rule, _POWERS, "p", -kilowatts, kilowatts)
    _limit(low, high, rule, [_PF], "pf", -1.001, np.full(shape[0], 1.001))
    _limit(low, high, rule, [_HZ], "hz", 45.0, np.full(shape[0], 55.0))
    low[:, FIRST_REGISTER:] = 0.0
    rule[FIRST_REGISTER:] = ["register"] * (len(QUANTITIES) - FIRST_REGISTER)
    return low, high, rule


def _or_any(known: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.inf if value is None else value for value in known], dtype=np.float64)


def _limit(
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    rules: list[str],
    columns: Sequence[int],
    rule: str,
    least: float | NDArray[np.float64],
    most: NDArray[np.float64],
) -> None:
    for at in columns:
        low[:, at] = np.maximum(low[:, at], least)
        high[:, at] = np.minimum(high[:, at], most)
        rules[at] = rule


def _mark_doubtful(batch: ReadingBatch, four_wire: NDArray[np.bool_]) -> None:
    """Soft rules: the power triangle, the sum of the phases, and a reversed transformer."""
    v = batch.values
    phase_powers = v[:, _PHASE_POWERS]
    with np.errstate(invalid="ignore", divide="ignore"):
        triangle = np.abs(v[:, _S] ** 2 - v[:, _P] ** 2 - v[:, _Q] ** 2) / v[:, _S] ** 2 > 0.05
        apart = np.abs(phase_powers.sum(axis=1) - v[:, _P])
        phases = apart > np.maximum(0.02 * np.abs(v[:, _P]), 0.05)
        backwards = (phase_powers < 0).sum(axis=1) == 1
        others_forward = (phase_powers > 0).sum(axis=1) >= 1
        loaded = np.nan_to_num(v[:, _PHASE_CURRENTS]).max(axis=1) > 0
    doubtful = (triangle & (v[:, _S] > 1.0)) | phases
    reversed_phase = backwards & others_forward & loaded & four_wire
    batch.quality[doubtful] |= int(Quality.QUESTIONABLE)
    batch.quality[reversed_phase] |= int(Quality.PHASE_REVERSED)
