"""Where each meter stands, and the blocks of power that truly flow there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

import numpy as np

from simulator.blocks import (
    BLOCK_S,
    CHUNK_S,
    RIPPLE_SHARES,
    Blocks,
    Ripple,
    block_indices,
)
from simulator.cities import CITIES
from simulator.faults.kinds import Fault
from simulator.faults.measuring import PhaseLoss, ReversedCt
from simulator.faults.physical import NightLoad, Saving
from simulator.faults.register import RegisterRollover
from simulator.loads import Load
from simulator.model import Portfolio, VirtualGateway, VirtualMeter, VirtualSite
from simulator.noise import Floats, Ints, key_of, smooth, uniform
from simulator.shapes import Surroundings, knots_kw, surroundings

ANCHOR = datetime(2025, 1, 1, tzinfo=UTC)
_TARGET_TAN_PHI = 0.29  # capacitor controllers aim at about 0.96
_CAPACITOR_STEPS = 12
_MOTOR_LIKE_BELOW = 0.945
_KEPT_CHUNKS = 260  # about 150 kB each: more than a site's meters over a year

_F = TypeVar("_F", bound=Fault)


class PowerFlow:
    """Answers what flows through a meter; the same portfolio and faults give the same answers.

    Registers count from the start of the chunk of `anchor` on; earlier instants are refused.
    Not safe for use from several threads at once.
    """

    def __init__(
        self, portfolio: Portfolio, faults: Sequence[Fault] = (), *, anchor: datetime = ANCHOR
    ) -> None:
        self.portfolio = portfolio
        self.faults: tuple[Fault, ...] = tuple(faults)
        self.first_chunk = int(anchor.timestamp()) // CHUNK_S
        self.sites: dict[str, VirtualSite] = {}
        self.gateways: dict[str, VirtualGateway] = {}
        self.meters: dict[str, VirtualMeter] = {}
        self.site_of: dict[str, VirtualSite] = {}
        self.gateway_of: dict[str, VirtualGateway] = {}
        self.children: dict[str, list[VirtualMeter]] = {}
        for customer in portfolio:
            for site in customer.sites:
                self._add_site(site)
        self._refuse_impossible_faults()
        self.kept_chunks = max(_KEPT_CHUNKS, 2 * len(self.meters))  # live: a chunk for each meter
        self.blocks = lru_cache(maxsize=self.kept_chunks)(self._blocks)
        self.ripple = lru_cache(maxsize=self.kept_chunks // 2)(self._ripple)

    def faults_of(self, kind: type[_F], code: str) -> list[_F]:
        """Return the faults of a kind that sit at this meter or gateway."""
        return [
            fault for fault in self.faults if isinstance(fault, kind) and place_of(fault) == code
        ]

    def surroundings_of(self, meter_code: str, chunk: int) -> Surroundings:
        """Return calendar and weather at the meter's site."""
        site = self.site_of[meter_code]
        return surroundings(CITIES[site.city_en], site.zone, chunk)

    def _add_site(self, site: VirtualSite) -> None:
        self.sites[site.code] = site
        for gateway in site.gateways:
            self.gateways[gateway.code] = gateway
            for meter in gateway.meters:
                if meter.code in self.meters:
                    raise ValueError(f"meter {meter.code} occurs twice in the portfolio")
                self.meters[meter.code] = meter
                self.site_of[meter.code] = site
                self.gateway_of[meter.code] = gateway
                if meter.parent_code is not None:
                    self.children.setdefault(meter.parent_code, []).append(meter)

    def _refuse_impossible_faults(self) -> None:
        for fault in self.faults:
            place = place_of(fault)
            if place not in self.meters and place not in self.gateways:
                raise ValueError(f"no such meter or gateway: {fault.describe()}")
            if isinstance(fault, ReversedCt | PhaseLoss) and self.meters[place].wiring != "3P4W":
                raise ValueError(f"only 3P4W meters measure each phase: {fault.describe()}")
            endless = isinstance(fault, RegisterRollover)
            if endless and self.meters[place].register_modulus_kwh is None:
                raise ValueError(f"the register has no modulus: {fault.describe()}")

    def _blocks(self, meter_code: str, chunk: int) -> Blocks:
        """Return what truly flows through the meter in a chunk (kW, kvar)."""
        meter = self.meters[meter_code]
        around = self.surroundings_of(meter_code, chunk)
        factor = self._saving_factor(meter, around)
        total = Blocks.zero()
        for load in meter.load:
            total = total.plus(_load_blocks(load, around).times(factor))
        night_kw = self._night_kw(meter, around)
        total = total.with_offset(night_kw, night_kw * 0.4)
        for child in self.children.get(meter_code, ()):
            total = total.plus(self.blocks(child.code, chunk))
        return _compensated(total, meter.capacitor_kvar)

    def _ripple(self, meter_code: str, chunk: int) -> Ripple:
        """Return the ripple of what truly flows through the meter in a chunk."""
        meter = self.meters[meter_code]
        around = self.surroundings_of(meter_code, chunk)
        factor = self._saving_factor(meter, around)
        total = Ripple.zero()
        for load in meter.load:
            total = total.plus(_load_ripple(load, chunk, around).times(factor))
        for child in self.children.get(meter_code, ()):
            total = total.plus(self.ripple(child.code, chunk))
        return total

    def _saving_factor(self, meter: VirtualMeter, around: Surroundings) -> Floats:
        starts = around.ts_s[:-1]
        factor = np.ones(len(starts))
        above: VirtualMeter | None = meter
        while above is not None:
            for saving in self.faults_of(Saving, above.code):
                left = saving.factor(around.hour[:-1])
                factor = np.where(saving.is_on(starts), factor * left, factor)
            above = self.meters[above.parent_code] if above.parent_code else None
        return factor

    def _night_kw(self, meter: VirtualMeter, around: Surroundings) -> Floats:
        hour, starts = around.hour[:-1], around.ts_s[:-1]
        power = np.zeros(len(starts))
        for night in self.faults_of(NightLoad, meter.code):
            at_night = (hour >= night.from_hour) | (hour < night.to_hour)
            power += np.where(night.is_on(starts) & at_night, night.power_kw, 0.0)
        return power


def place_of(fault: Fault) -> str:
    """Return the code of the meter or gateway that the fault sits at."""
    meter = getattr(fault, "meter", None)
    return str(meter if meter is not None else getattr(fault, "gateway", ""))


def _load_blocks(load: Load, around: Surroundings) -> Blocks:
    knots = knots_kw(load, around)
    reactive = knots * load.tan_phi * _reactive_ratio(load, knots, around)
    bound = load.ripple_ratio * np.minimum(np.abs(knots[:-1]), np.abs(knots[1:]))
    return Blocks(
        p0_kw=knots[:-1],
        p1_kw=knots[1:],
        q0_kvar=reactive[:-1],
        q1_kvar=reactive[1:],
        p_ripple_kw=bound,
        q_ripple_kvar=bound * abs(load.tan_phi),
    )


def _reactive_ratio(load: Load, knots: Floats, around: Surroundings) -> Floats:
    """Return how much more reactive power the load takes than its rated power factor says."""
    wander = 1 + 0.07 * smooth(key_of(load.key) + 31, around.ts_s, 5400)
    if not 0 < load.power_factor < _MOTOR_LIKE_BELOW:
        return wander
    idle = 1 - np.clip(np.abs(knots) / max(load.peak_kw, 1e-9), 0.0, 1.0)
    return wander + 0.3 * idle  # motors magnetise, whatever they turn


def _load_ripple(load: Load, chunk: int, around: Surroundings) -> Ripple:
    bound = _load_blocks(load, around).p_ripple_kw
    key, index = key_of(load.key) + 21, block_indices(chunk)
    chance = np.stack([uniform(key + k, index) for k in range(len(RIPPLE_SHARES))], axis=1)
    amplitudes = bound[:, None] * RIPPLE_SHARES * chance
    return Ripple(p_kw=amplitudes, q_kvar=amplitudes * load.tan_phi)


def _compensated(flow: Blocks, bank_kvar: float) -> Blocks:
    """Switch as many capacitor steps as the block's mean needs."""
    if bank_kvar <= 0:
        return flow
    step = bank_kvar / _CAPACITOR_STEPS
    surplus = 0.5 * (
        flow.q0_kvar + flow.q1_kvar - _TARGET_TAN_PHI * np.abs(flow.p0_kw + flow.p1_kw)
    )
    steps = np.clip(np.round(surplus / step), 0, _CAPACITOR_STEPS)
    return flow.with_offset(np.zeros(len(steps)), -steps * step)


def block_of(ts_s: Floats, chunk: int) -> tuple[Ints, Floats]:
    """Return each instant's block inside the chunk and the seconds since that block began."""
    inside = ts_s - chunk * CHUNK_S
    block = np.floor_divide(inside, BLOCK_S).astype(np.int64)
    return block, inside - block * BLOCK_S
