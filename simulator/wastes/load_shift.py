"""Charging or washing that begins when energy is dearest."""

from __future__ import annotations

from simulator.model import VirtualCustomer
from simulator.wastes._kind import Planted, Plot, WasteKind, peak_kw, planted_load

_RATIO = 1.6  # of the circuit's peak


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    meter = plot.chosen("ev", "laundry")
    if meter is None:
        return None
    return planted_load(plot, WASTE.name, meter, "run:16-21:all", _RATIO * peak_kw(meter))


WASTE = WasteKind(name="load_shift", plant=_plant)
