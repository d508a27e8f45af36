"""Voltages, currents and phase powers that belong to a given active and reactive power."""

from __future__ import annotations

import numpy as np

from simulator.faults.measuring import VoltageSag
from simulator.flow import PowerFlow
from simulator.model import VirtualMeter
from simulator.noise import Floats, Ints, key_of, smooth, uniform
from simulator.phases import (
    PHASES,
    has_wiring_fault,
    moving_shares,
    phase_signs,
    static_shares,
)

_GRID_KEY = key_of("grid frequency")
_SQRT3 = 3**0.5
_LOST_VOLTAGE_RATIO = 0.015  # what a meter still shows on a phase whose fuse is gone


def frequency_hz(ts_s: Ints) -> Floats:
    """Return the grid's frequency, the same for all meters: 50 ± 0.03 Hz."""
    wander = 0.6 * smooth(_GRID_KEY, ts_s, 300) + 0.4 * smooth(_GRID_KEY + 1, ts_s, 37)
    return 50 + 0.03 * wander


def electrical_values(
    flow: PowerFlow, meter: VirtualMeter, ts_s: Ints, p_kw: Floats, q_kvar: Floats
) -> dict[str, Floats]:
    """Return the telemetry fields that a meter shows while the true power flows through it.

    The phases' powers sum to `p` and `q`; s is the vector sum, s² = p² + q². A 3P3W meter
    shows line voltages and no phase powers.
    """
    size = np.abs(p_kw) / (_SQRT3 * meter.nominal_voltage_v * meter.ct_primary_a / 1000)
    volts = _phase_voltages(flow, meter, ts_s, size)
    if meter.wiring == "3P3W":
        values = _three_wire(meter, ts_s, volts, p_kw, q_kvar)
    else:
        values = _four_wire(flow, meter, ts_s, volts, p_kw, q_kvar)
    s_kva = np.hypot(values["p"], values["q"])
    values["s"] = s_kva
    no_load = s_kva == 0  # meters show 1 where nothing flows
    values["pf"] = np.where(no_load, 1.0, values["p"] / np.where(no_load, 1.0, s_kva))
    values["hz"] = frequency_hz(ts_s)
    return values


def _phase_voltages(flow: PowerFlow, meter: VirtualMeter, ts_s: Ints, size: Floats) -> Floats:
    """Return the true voltages line to neutral, shape (3, instants), falling with the load."""
    site = key_of(f"volts:{flow.site_of[meter.code].code}:{meter.nominal_voltage_v:g}")
    own = key_of(f"volts:{meter.code}")
    level = 1.022 + 0.011 * smooth(site, ts_s, 3 * 3600) + 0.005 * smooth(site + 1, ts_s, 400)
    level = level * meter.tap_ratio - 0.028 * np.minimum(size, 1.5)
    for sag in flow.faults_of(VoltageSag, meter.code):
        level = np.where(sag.is_on(ts_s), level * sag.remaining_ratio, level)
    offsets = 0.003 * uniform(site + 2, np.arange(3, dtype=np.int64))
    jitter = [0.0015 * smooth(site + 3 + k, ts_s, 900) for k in range(3)]
    tremble = [0.0006 * uniform(own + k, ts_s) for k in range(3)]
    ratio = level + offsets[:, None] + np.stack(jitter) + np.stack(tremble)
    volts: Floats = meter.nominal_voltage_v / _SQRT3 * ratio
    return volts


def _four_wire(
    flow: PowerFlow,
    meter: VirtualMeter,
    ts_s: Ints,
    volts: Floats,
    p_kw: Floats,
    q_kvar: Floats,
) -> dict[str, Floats]:
    shares, signs = moving_shares(meter, ts_s), np.ones((3, len(ts_s)))
    if has_wiring_fault(flow, meter):
        # The registers know the phases' long-term shares only: use them while the fault is on.
        signs = phase_signs(flow, meter, ts_s)
        shares = np.where((signs != 1).any(axis=0), static_shares(meter)[:, None], shares)
    amps = np.hypot(p_kw, q_kvar) * shares / volts * 1000
    shown_volts = np.where(signs == 0, volts * _LOST_VOLTAGE_RATIO, volts)
    p_phase, q_phase = p_kw * shares * signs, q_kvar * shares * signs
    values = {f"u_{x}n": shown_volts[k] for k, x in enumerate(PHASES)}
    values |= {f"u_{x}{y}": _line_volts(shown_volts, i, j) for x, y, i, j in _LINES}
    values |= {f"i_{x}": amps[k] for k, x in enumerate(PHASES)}
    values["i_n"] = _neutral_amps(amps)
    values |= {f"p_{x}": p_phase[k] for k, x in enumerate(PHASES)}
    values |= {f"q_{x}": q_phase[k] for k, x in enumerate(PHASES)}
    values |= {"p": p_phase.sum(axis=0), "q": q_phase.sum(axis=0)}
    return values


_LINES = (("a", "b", 0, 1), ("b", "c", 1, 2), ("c", "a", 2, 0))


def _three_wire(
    meter: VirtualMeter, ts_s: Ints, volts: Floats, p_kw: Floats, q_kvar: Floats
) -> dict[str, Floats]:
    shares = moving_shares(meter, ts_s)
    even = 1 / 3 + 0.3 * (shares - 1 / 3)  # high-voltage feeders carry no single-phase loads
    amps = np.hypot(p_kw, q_kvar) * even / volts * 1000
    values = {f"u_{x}{y}": _line_volts(volts, i, j) for x, y, i, j in _LINES}
    values |= {f"i_{x}": amps[k] for k, x in enumerate(PHASES)}
    values |= {"p": p_kw, "q": q_kvar}
    return values


def _line_volts(volts: Floats, one: int, other: int) -> Floats:
    """Return the voltage between two phases that are 120° apart."""
    u, v = volts[one], volts[other]
    line: Floats = np.sqrt(u * u + v * v + u * v)
    return line


def _neutral_amps(amps: Floats) -> Floats:
    """Return the neutral's current if all phases have the same power factor."""
    a, b, c = amps
    square = a * a + b * b + c * c - a * b - b * c - c * a
    neutral: Floats = np.sqrt(np.clip(square, 0.0, None))
    return neutral
