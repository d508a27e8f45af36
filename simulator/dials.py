"""What a meter's dials show: start value, exchange, reset, rollover, and the last digit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simulator.faults.register import MeterExchange, RegisterReset, RegisterRollover
from simulator.flow import PowerFlow
from simulator.model import VirtualMeter
from simulator.noise import Floats, Ints, key_of, uniform
from simulator.registers import ROWS, RegisterBook

_DIGIT = 100.0  # dials show 0.01 kWh
_ROUNDING = 1e-6  # of a digit: a sum that is whole but for the last bit counts as whole


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredExchange:
    """The readings that were noted down when registers started anew (kWh, kvarh)."""

    fault: MeterExchange | RegisterReset
    closing: dict[str, float]
    opening: dict[str, float]


class Dials:
    """Reads the dials of all meters at any instant."""

    def __init__(self, flow: PowerFlow, book: RegisterBook) -> None:
        self._flow = flow
        self._book = book

    def read(self, meter: VirtualMeter, ts_s: Floats) -> dict[str, Floats]:
        """Return the registers in kWh and kvarh; eq_q2 and eq_q3 only where power is exported."""
        total = self._book.since_anchor(meter, ts_s)
        begins = self._begins(meter)
        shown = np.empty_like(total)
        for (start, _), (end, _) in pairwise([*begins, (np.inf, None)]):
            here = (ts_s >= start) & (ts_s < end)
            offset = self._offset(meter, start, end, dict(begins)[start])
            shown[:, here] = total[:, here] + offset[:, None]
        digits = _quantised(_wrapped(shown, meter.register_modulus_kwh))
        names = ROWS if self.exports(meter) else ("ep_imp", "ep_exp", "eq_q1", "eq_q4")
        return {name: digits[ROWS.index(name)] for name in names}

    def epoch(self, meter: VirtualMeter, ts_s: Floats) -> Ints:
        """Return how often the registers were declared to start anew before each instant."""
        count = np.zeros(len(ts_s), dtype=np.int64)
        for fault in self._restarts(meter):
            if isinstance(fault, MeterExchange) or fault.announced:
                count += ts_s >= fault.at.timestamp()
        return count

    def exports(self, meter: VirtualMeter) -> bool:
        """Say whether generation stands behind the meter."""
        own = any(load.pattern == "pv" for load in meter.load)
        return own or any(self.exports(child) for child in self._flow.children.get(meter.code, ()))

    def declared(self, meter: VirtualMeter) -> list[DeclaredExchange]:
        """Return the exchanges and announced resets of a meter with their readings."""
        return [
            self._declared(meter, fault)
            for fault in self._restarts(meter)
            if isinstance(fault, MeterExchange) or fault.announced
        ]

    def _declared(
        self, meter: VirtualMeter, fault: MeterExchange | RegisterReset
    ) -> DeclaredExchange:
        at = fault.at.timestamp()
        starts = [start for start, _ in self._begins(meter)]
        before = starts[starts.index(at) - 1]
        offset = self._offset(meter, before, at, dict(self._begins(meter))[before])
        total = self._book.since_anchor(meter, np.array([at])) + offset[:, None]
        closing = _quantised(_wrapped(total, meter.register_modulus_kwh))[:, 0]
        names = ROWS if self.exports(meter) else ("ep_imp", "ep_exp", "eq_q1", "eq_q4")
        opening = dict.fromkeys(names, 0.0)
        if isinstance(fault, MeterExchange):
            opening["ep_imp"] = fault.opening_kwh
        shown = {name: round(float(closing[ROWS.index(name)]), 2) for name in names}
        return DeclaredExchange(fault=fault, closing=shown, opening=opening)

    def _restarts(self, meter: VirtualMeter) -> list[MeterExchange | RegisterReset]:
        faults: list[MeterExchange | RegisterReset] = [
            *self._flow.faults_of(MeterExchange, meter.code),
            *self._flow.faults_of(RegisterReset, meter.code),
        ]
        return sorted(faults, key=lambda fault: fault.at)

    def _begins(
        self, meter: VirtualMeter
    ) -> list[tuple[float, MeterExchange | RegisterReset | None]]:
        restarts = self._restarts(meter)
        return [(-np.inf, None), *((fault.at.timestamp(), fault) for fault in restarts)]

    def _offset(
        self,
        meter: VirtualMeter,
        start: float,
        end: float,
        restart: MeterExchange | RegisterReset | None,
    ) -> Floats:
        """Return what to add to the energy since the anchor between two restarts."""
        if restart is None:
            offset = self._first_reading(meter)
        else:
            offset = -self._book.since_anchor(meter, np.array([start]))[:, 0]
            offset[0] += restart.opening_kwh if isinstance(restart, MeterExchange) else 0.0
        for rollover in self._flow.faults_of(RegisterRollover, meter.code):
            at = rollover.at.timestamp()
            if start <= at < end:
                offset[0] = -self._book.since_anchor(meter, np.array([at]))[0, 0]
        return offset

    def _first_reading(self, meter: VirtualMeter) -> Floats:
        """Return the dials at the anchor: as if some years of use lay behind."""
        chance = 0.5 + 0.5 * uniform(key_of(f"dials:{meter.serial}"), np.arange(2, dtype=np.int64))
        used_kwh = self._peak_kw(meter) * (1500 + 14_000 * chance[0])
        reading = np.zeros(len(ROWS))
        exports_only = all(load.pattern == "pv" for load in meter.load) and bool(meter.load)
        reading[1 if exports_only else 0] = used_kwh
        if not exports_only:
            reading[2] = used_kwh * (0.2 + 0.2 * chance[1])
            reading[5] = used_kwh * 0.004 * chance[1]
        return np.floor(reading * _DIGIT) / _DIGIT

    def _peak_kw(self, meter: VirtualMeter) -> float:
        own = sum(load.peak_kw for load in meter.load)
        return own + sum(self._peak_kw(child) for child in self._flow.children.get(meter.code, ()))


def _wrapped(shown: Floats, modulus_kwh: float | None) -> Floats:
    if modulus_kwh is None:
        return shown
    wrapped: Floats = np.mod(shown, modulus_kwh)
    return wrapped


def _quantised(value: Floats) -> Floats:
    digits: Floats = np.floor(value * _DIGIT + _ROUNDING) / _DIGIT
    return digits
