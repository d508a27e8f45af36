"""Plant that runs on into the night after the last people left."""

from __future__ import annotations

from simulator.model import VirtualCustomer
from simulator.wastes._kind import Planted, Plot, WasteKind, peak_kw, planted_load

_RATIO = 0.7  # of the circuit's peak


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    meter = plot.chosen("chiller", "ventilation")
    if plot.customer.kind != "office_tower" or meter is None:  # others are open till night
        return None
    return planted_load(plot, WASTE.name, meter, "run:17.5-23:work", _RATIO * peak_kw(meter))


WASTE = WasteKind(name="late_stop", plant=_plant)
