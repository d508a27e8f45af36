"""Plant whose timer starts it hours before anybody comes."""

from __future__ import annotations

from simulator.model import VirtualCustomer
from simulator.wastes._kind import OPENING_HOUR, Planted, Plot, WasteKind, peak_kw, planted_load

_RATIO = 0.7  # of the circuit's peak
_EARLY_H = 4.0


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    opening = OPENING_HOUR.get(plot.customer.kind)
    meter = plot.chosen("chiller", "compressor", "ventilation", "escalator")
    if opening is None or meter is None:
        return None
    pattern = f"run:{opening - _EARLY_H:g}-{opening:g}:work"
    return planted_load(plot, WASTE.name, meter, pattern, _RATIO * peak_kw(meter))


WASTE = WasteKind(name="early_start", plant=_plant)
