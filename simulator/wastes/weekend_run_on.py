"""Plant that nobody switches off for the weekend."""

from __future__ import annotations

from simulator.model import VirtualCustomer
from simulator.wastes._kind import (
    CLOSED_AT_WEEKENDS,
    Planted,
    Plot,
    WasteKind,
    peak_kw,
    planted_load,
)

_RATIO = 0.75  # of the circuit's peak


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    meter = plot.chosen("chiller", "compressor", "ventilation")
    if plot.customer.kind not in CLOSED_AT_WEEKENDS or meter is None:
        return None
    return planted_load(plot, WASTE.name, meter, "run:7-20:rest", _RATIO * peak_kw(meter))


WASTE = WasteKind(name="weekend_run_on", plant=_plant)
