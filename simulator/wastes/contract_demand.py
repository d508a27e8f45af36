"""A contract demand that was once chosen for plant that never came."""

from __future__ import annotations

from dataclasses import replace

from simulator.model import VirtualCustomer
from simulator.wastes._kind import Planted, Plot, WasteKind

_FACTOR = 1.7


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    customer = plot.customer
    if customer.charge_basis == "capacity" or len(customer.sites) > 1:
        return None
    too_much_kw = customer.contract_demand_kw * _FACTOR
    truth = Planted(
        code=WASTE.name, customer=customer.code, site=customer.sites[0].code, meter=None,
        value=too_much_kw - customer.contract_demand_kw, unit="kW",
    )  # fmt: skip
    return replace(customer, contract_demand_kw=too_much_kw, charge_basis="contract"), truth


WASTE = WasteKind(name="contract_demand", plant=_plant)
