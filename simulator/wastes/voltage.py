"""A transformer whose tap stands too high since the day it was put up."""

from __future__ import annotations

from dataclasses import replace

from simulator.model import VirtualCustomer
from simulator.wastes._kind import Planted, Plot, WasteKind, with_meters

_TAP_RATIO = 1.06
_LOW_VOLTAGE_V = 1000.0


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    site = plot.customer.sites[plot.choice % len(plot.customer.sites)]
    low = {m.code for m in site.meters if m.nominal_voltage_v < _LOW_VOLTAGE_V}
    if not low:
        return None
    truth = Planted(
        code=WASTE.name, customer=plot.customer.code, site=site.code, meter=None,
        value=(_TAP_RATIO - 1) * 100, unit="%",
    )  # fmt: skip
    return with_meters(
        plot.customer, lambda m: replace(m, tap_ratio=_TAP_RATIO) if m.code in low else m
    ), truth


WASTE = WasteKind(name="voltage", plant=_plant)
