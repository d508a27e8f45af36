"""How a meter's power is shared among its phases, and what a wiring fault hides of it."""

from __future__ import annotations

import numpy as np

from simulator.faults.measuring import PhaseLoss, ReversedCt
from simulator.flow import PowerFlow
from simulator.model import VirtualMeter
from simulator.noise import Floats, Ints, key_of, smooth, uniform

PHASES = ("a", "b", "c")
_UNEVEN = 0.07  # how far one phase's share may be off a third, relative
_SKEW = np.array([1.0, 0.0, -1.0])
_UNEVEN_BY_PATTERN = {"office": 0.16, "lights": 0.14, "facade": 0.12, "school": 0.14}


def static_shares(meter: VirtualMeter) -> Floats:
    """Return the three phases' long-term shares of the power; they sum to 1."""
    uneven = max((_UNEVEN_BY_PATTERN.get(load.pattern, _UNEVEN) for load in meter.load), default=0)
    weights = 1 + uneven * uniform(key_of(f"shares:{meter.code}"), np.arange(3, dtype=np.int64))
    weights *= 1 + meter.phase_skew_ratio * _SKEW
    shares: Floats = weights / weights.sum()
    return shares


def moving_shares(meter: VirtualMeter, ts_s: Ints) -> Floats:
    """Return the phases' shares at each instant, shape (3, instants); each column sums to 1."""
    key = key_of(f"shares:{meter.code}")
    moves = np.stack([smooth(key + 1 + phase, ts_s, 700) for phase in range(3)])
    weights = static_shares(meter)[:, None] * (1 + 0.025 * moves)
    shares: Floats = weights / weights.sum(axis=0)
    return shares


def phase_signs(flow: PowerFlow, meter: VirtualMeter, ts_s: Ints) -> Floats:
    """Return what the meter sees of each phase, shape (3, instants): 1, -1 reversed, 0 lost."""
    signs = np.ones((3, len(ts_s)))
    for reversed_ct in flow.faults_of(ReversedCt, meter.code):
        row = PHASES.index(reversed_ct.phase)
        signs[row] = np.where(reversed_ct.is_on(ts_s), -1.0, signs[row])
    for loss in flow.faults_of(PhaseLoss, meter.code):
        row = PHASES.index(loss.phase)
        signs[row] = np.where(loss.is_on(ts_s), 0.0, signs[row])
    return signs


def has_wiring_fault(flow: PowerFlow, meter: VirtualMeter) -> bool:
    """Say whether the meter ever sees less than flows."""
    return bool(flow.faults_of(ReversedCt, meter.code) or flow.faults_of(PhaseLoss, meter.code))


def seen_ratio(flow: PowerFlow, meter: VirtualMeter, ts_s: Ints) -> Floats:
    """Return measured over true power at each instant (1 without a wiring fault)."""
    if not has_wiring_fault(flow, meter):
        return np.ones(len(ts_s))
    ratio: Floats = (phase_signs(flow, meter, ts_s) * static_shares(meter)[:, None]).sum(axis=0)
    return ratio
