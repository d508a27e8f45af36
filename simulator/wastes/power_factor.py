"""Old motors behind a capacitor bank that has been out of order for years."""

from __future__ import annotations

from dataclasses import replace

from simulator.model import VirtualCustomer, VirtualMeter
from simulator.wastes._kind import Planted, Plot, WasteKind

_LESS = 0.12  # of the loads' power factors
_LOWEST = 0.55


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    site = plot.customer.sites[plot.choice % len(plot.customer.sites)]
    loads = [load for meter in site.meters for load in meter.load]
    bank_kvar = site.meters[0].capacitor_kvar
    if bank_kvar <= 0 or any(load.power_factor < 0 for load in loads):
        return None
    truth = Planted(
        code=WASTE.name, customer=plot.customer.code, site=site.code, meter=None,
        value=bank_kvar, unit="kvar",
    )  # fmt: skip
    gateways = tuple(
        replace(gateway, meters=tuple(_spoilt(m) for m in gateway.meters))
        for gateway in site.gateways
    )
    sites = tuple(
        replace(s, gateways=gateways) if s.code == site.code else s for s in plot.customer.sites
    )
    return replace(plot.customer, sites=sites), truth


def _spoilt(meter: VirtualMeter) -> VirtualMeter:
    loads = tuple(
        replace(load, power_factor=max(_LOWEST, load.power_factor - _LESS))
        if load.weather != "sun"
        else load
        for load in meter.load
    )
    return replace(meter, load=loads, capacitor_kvar=0.0)


WASTE = WasteKind(name="power_factor", plant=_plant)
