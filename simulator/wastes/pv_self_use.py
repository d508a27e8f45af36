"""A photovoltaic roof that is too large for what the premises need at noon."""

from __future__ import annotations

from dataclasses import replace

from simulator.model import VirtualCustomer
from simulator.wastes._kind import Planted, Plot, WasteKind, peak_kw, with_meter

_FACTOR = 3.0


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    meter = plot.chosen("pv")
    if meter is None:
        return None
    truth = Planted(
        code=WASTE.name, customer=plot.customer.code, site=plot.site_of(meter.code).code,
        meter=meter.code, value=peak_kw(meter) * (_FACTOR - 1), unit="kW",
    )  # fmt: skip
    larger = with_meter(
        plot.customer,
        meter.code,
        lambda m: replace(
            m, load=tuple(replace(each, peak_kw=each.peak_kw * _FACTOR) for each in m.load)
        ),
    )
    return larger, truth


WASTE = WasteKind(name="pv_self_use", plant=_plant)
