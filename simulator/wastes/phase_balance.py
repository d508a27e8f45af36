"""Single-phase loads that all hang on the same phase."""

from __future__ import annotations

from dataclasses import replace

from simulator.model import VirtualCustomer
from simulator.wastes._kind import Planted, Plot, WasteKind, with_meter

_SKEW_RATIO = 0.55


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    meter = plot.chosen("office", "other", "kitchen", "medical", "production", "ev", "lighting")
    if meter is None or meter.wiring != "3P4W":
        return None
    truth = Planted(
        code=WASTE.name, customer=plot.customer.code, site=plot.site_of(meter.code).code,
        meter=meter.code, value=_SKEW_RATIO * 100, unit="%",
    )  # fmt: skip
    skewed = with_meter(
        plot.customer, meter.code, lambda m: replace(m, phase_skew_ratio=_SKEW_RATIO)
    )
    return skewed, truth


WASTE = WasteKind(name="phase_balance", plant=_plant)
