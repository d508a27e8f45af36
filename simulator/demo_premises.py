"""The demo's premises: the portfolio with some wastes planted, and the truth about them."""

from __future__ import annotations

from simulator.model import Portfolio
from simulator.portfolio import demo_portfolio
from simulator.wastes import Planted, Plot, waste_kinds

# What is wrong at whose premises; the others are as they should be, or nearly.
_WASTES = {
    "office_tower": "early_start",
    "mall": "off_hours_base",
    "supermarket": "voltage",
    "hotel": "phase_balance",
    "cold_store": "load_shift",
    "bus_depot": "transformer_capacity",
    "machining_factory": "weekend_run_on",
    "hospital": "power_factor",
    "university": "coincident_peaks",
}


def demo_premises(
    seed: int = 1, meters: int | None = None
) -> tuple[Portfolio, tuple[Planted, ...]]:
    """The demo's portfolio with its wastes, and what they are.

    A waste that a trimmed portfolio has no place for is left out; `seed` and `meters` are those of
    `demo_portfolio`.
    """
    customers, truths, seen = [], [], set()
    for customer in demo_portfolio(seed=seed, meters=meters):
        waste = None if customer.kind in seen else _WASTES.get(customer.kind)
        seen.add(customer.kind)
        done = waste_kinds()[waste].plant(Plot(customer=customer)) if waste else None
        if done is None:
            customers.append(customer)
            continue
        customers.append(done[0])
        truths.append(done[1])
    return tuple(customers), tuple(truths)
