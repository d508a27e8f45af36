"""A portfolio, its faults and everything needed to read its meters at any instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from simulator.blocks import BLOCK_S, chunk_of, ripple_value
from simulator.dials import Dials
from simulator.electrics import electrical_values
from simulator.faults.kinds import Fault
from simulator.flow import ANCHOR, PowerFlow, block_of
from simulator.model import Portfolio, VirtualGateway, VirtualMeter
from simulator.noise import Floats
from simulator.registers import RegisterBook


class PortfolioContext:
    """The virtual world: pure functions of (portfolio, faults, anchor, instant), with caches.

    Not safe for use from several threads at once.
    """

    def __init__(
        self, portfolio: Portfolio, faults: Sequence[Fault] = (), *, anchor: datetime = ANCHOR
    ) -> None:
        self.flow = PowerFlow(portfolio, faults, anchor=anchor)
        self.dials = Dials(self.flow, RegisterBook(self.flow))
        self._truth = RegisterBook(self.flow, seen=False)

    @property
    def meters(self) -> dict[str, VirtualMeter]:
        """All meters by code."""
        return self.flow.meters

    @property
    def gateways(self) -> dict[str, VirtualGateway]:
        """All gateways by code."""
        return self.flow.gateways

    def power(self, meter: VirtualMeter, ts_s: Floats) -> tuple[Floats, Floats]:
        """Return the true active and reactive power (kW, kvar) at each instant."""
        p_kw, q_kvar = np.empty(len(ts_s)), np.empty(len(ts_s))
        chunks = chunk_of(ts_s)
        for chunk in np.unique(chunks):
            here = chunks == chunk
            p_kw[here], q_kvar[here] = self._power_in(meter, int(chunk), ts_s[here])
        return p_kw, q_kvar

    def instantaneous(self, meter: VirtualMeter, ts_s: Floats) -> dict[str, Floats]:
        """Return the telemetry fields of kind `inst` that the meter measures."""
        p_kw, q_kvar = self.power(meter, ts_s)
        return electrical_values(self.flow, meter, ts_s.astype(np.int64), p_kw, q_kvar)

    def truth_energy_kwh(self, meter: VirtualMeter, start: datetime, end: datetime) -> float:
        """Return the energy that truly flowed in `[start, end)`: import less export."""
        edges = np.array([start.timestamp(), end.timestamp()])
        total = self._truth.since_anchor(meter, edges)
        net = total[0] - total[1]
        return float(net[1] - net[0])

    def _power_in(self, meter: VirtualMeter, chunk: int, ts_s: Floats) -> tuple[Floats, Floats]:
        flow = self.flow.blocks(meter.code, chunk)
        block, tau_s = block_of(ts_s, chunk)
        part = tau_s / BLOCK_S
        p_kw = flow.p0_kw[block] + (flow.p1_kw - flow.p0_kw)[block] * part
        q_kvar = flow.q0_kvar[block] + (flow.q1_kvar - flow.q0_kvar)[block] * part
        if (tau_s > 0).any():
            ripple = self.flow.ripple(meter.code, chunk)
            p_kw += ripple_value(ripple.p_kw[block], tau_s)
            q_kvar += ripple_value(ripple.q_kvar[block], tau_s)
        return p_kw, q_kvar


def truth_energy_kwh(
    context: PortfolioContext, meter: VirtualMeter, start: datetime, end: datetime
) -> float:
    """Return the energy that truly flowed in `[start, end)` in kWh, whatever was transmitted."""
    return context.truth_energy_kwh(meter, start, end)
