"""Transformers of which half would do, paid for by their capacity."""

from __future__ import annotations

from dataclasses import replace

from simulator.model import VirtualCustomer
from simulator.wastes._kind import Planted, Plot, WasteKind

_FACTOR = 2.2


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    customer = plot.customer
    if customer.charge_basis == "contract" or len(customer.sites) > 1:
        return None
    too_much_kva = customer.transformer_kva * _FACTOR
    truth = Planted(
        code=WASTE.name, customer=customer.code, site=customer.sites[0].code, meter=None,
        value=too_much_kva - customer.transformer_kva, unit="kVA",
    )  # fmt: skip
    return replace(customer, transformer_kva=too_much_kva, charge_basis="capacity"), truth


WASTE = WasteKind(name="transformer_capacity", plant=_plant)
