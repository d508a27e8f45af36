"""What a meter's gateway has transmitted over a stretch of the past."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from simulator.context import PortfolioContext
from simulator.faults.transmission import ClockSkew, GatewayOutage, StuckValue, ZeroGlitch
from simulator.model import VirtualMeter
from simulator.noise import Floats
from simulator.precision import rounded

QUALITY_CLOCK_UNSYNCED = 1 << 3
QUALITY_BACKFILL = 1 << 9


def meter_history(
    context: PortfolioContext,
    meter: VirtualMeter,
    start: datetime,
    end: datetime,
    step_s: int = 900,
) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    """Return readings at each multiple of `step_s` in `[start, end)`, as they were transmitted.

    "ts_ms" is UTC epoch ms; the other keys are telemetry v1 fields in the protocol's units.
    Lost readings have no row; NaN is a reading that failed.
    """
    ts_s = sample_instants(start, end, step_s)
    ts_s = ts_s[~is_lost(context, meter, ts_s)]
    values = transmitted_values(context, meter, ts_s)
    skew_ms = np.round(clock_offset_s(context, meter, ts_s) * 1000).astype(np.int64)
    return {"ts_ms": ts_s.astype(np.int64) * 1000 + skew_ms, **values}


def history_quality(
    context: PortfolioContext,
    meter: VirtualMeter,
    start: datetime,
    end: datetime,
    step_s: int = 900,
) -> NDArray[np.uint16]:
    """Return the quality bits of the same rows: back-filled (9), clock not synchronised (3)."""
    ts_s = sample_instants(start, end, step_s)
    ts_s = ts_s[~is_lost(context, meter, ts_s)]
    bits = np.zeros(len(ts_s), dtype=np.uint16)
    gateway = context.flow.gateway_of[meter.code].code
    for outage in context.flow.faults_of(GatewayOutage, gateway):
        bits[outage.is_on(ts_s)] |= QUALITY_BACKFILL
    for skew in context.flow.faults_of(ClockSkew, gateway):
        if not skew.synchronised:
            bits[skew.is_on(ts_s)] |= QUALITY_CLOCK_UNSYNCED
    return bits


def sample_instants(start: datetime, end: datetime, step_s: int) -> Floats:
    """Return the multiples of `step_s` in `[start, end)`, in s since the epoch."""
    first = -(-start.timestamp() // step_s)
    last = -(-end.timestamp() // step_s)
    return np.arange(int(first), int(last), dtype=np.float64) * step_s


def is_lost(context: PortfolioContext, meter: VirtualMeter, ts_s: Floats) -> NDArray[np.bool_]:
    """Say which readings never arrive because the meter's gateway lost them."""
    lost = np.zeros(len(ts_s), dtype=np.bool_)
    for outage in context.flow.faults_of(GatewayOutage, context.flow.gateway_of[meter.code].code):
        if outage.lost:
            lost |= outage.is_on(ts_s)
    return lost


def clock_offset_s(context: PortfolioContext, meter: VirtualMeter, ts_s: Floats) -> Floats:
    """Return how far the gateway's clock is ahead at each instant."""
    offset = np.zeros(len(ts_s))
    for skew in context.flow.faults_of(ClockSkew, context.flow.gateway_of[meter.code].code):
        offset = np.where(skew.is_on(ts_s), skew.offset_s, offset)
    return offset


def transmitted_values(
    context: PortfolioContext, meter: VirtualMeter, ts_s: Floats
) -> dict[str, Floats]:
    """Return the fields at the given instants with stuck values and zero glitches in them."""
    shown_s = ts_s
    for stuck in context.flow.faults_of(StuckValue, meter.code):
        shown_s = np.where(stuck.is_on(ts_s), stuck.start.timestamp(), shown_s)
    values = context.instantaneous(meter, shown_s) | context.dials.read(meter, shown_s)
    for glitch in context.flow.faults_of(ZeroGlitch, meter.code):
        on = glitch.is_on(ts_s)
        values = {field: np.where(on, 0.0, array) for field, array in values.items()}
    return rounded(values)
