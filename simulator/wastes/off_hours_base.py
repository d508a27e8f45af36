"""Something is left on all night, every night."""

from __future__ import annotations

from simulator.model import VirtualCustomer
from simulator.wastes._kind import OPENING_HOUR, Planted, Plot, WasteKind, peak_kw, planted_load

_RATIO = 0.55  # of the circuit's peak


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    meter = plot.chosen("chiller", "office", "kitchen", "compressor")
    if plot.customer.kind not in OPENING_HOUR or meter is None:
        return None
    return planted_load(plot, WASTE.name, meter, "run:20-7:all", _RATIO * peak_kw(meter))


WASTE = WasteKind(name="off_hours_base", plant=_plant)
