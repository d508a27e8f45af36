"""Does the finder name what was planted, and nothing else? Each waste alone, in pairs, and none.

    python -m benchmarks.finder [--seeds 3] [--days 91] [--last-day 2026-11-20]

Prints every miss and every name too many; ends with 1 where a waste was missed or a customer has
more than one finding that nobody planted.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from datetime import date

from forecast.opportunities.finder import find_opportunities
from simulator.model import VirtualCustomer
from simulator.portfolio import demo_portfolio
from simulator.wastes import Planted, Plot, waste_kinds
from tests.support.planted_sites import sites_of

Named = tuple[str, str]  # site, code


def planted(
    customer: VirtualCustomer, names: tuple[str, ...], choice: int
) -> tuple[VirtualCustomer, list[Planted]]:
    """The customer with these wastes, where they can be there."""
    truths = []
    for name in names:
        done = waste_kinds()[name].plant(Plot(customer=customer, choice=choice))
        if done is not None:
            customer, truth = done
            truths.append(truth)
    return customer, truths


def named_in(customer: VirtualCustomer, last_day: date, days: int) -> list[Named]:
    """What the finder names at the customer's sites."""
    return [
        (site.code, finding.code)
        for site, premises in zip(customer.sites, sites_of(customer, last_day, days), strict=True)
        for finding in find_opportunities(premises)
    ]


def judge(named: list[Named], truths: list[Planted]) -> tuple[set[Named], list[Named]]:
    """What was missed, and what is named beyond the truth."""
    true = {(truth.site, truth.code) for truth in truths}
    return true - set(named), [each for each in named if each not in true]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--days", type=int, default=91)
    parser.add_argument("--last-day", type=date.fromisoformat, default=date(2026, 11, 20))
    parser.add_argument("--pairs", action="store_true", help="two wastes at once, too")
    asked = parser.parse_args()
    names = tuple(waste_kinds())
    plans = [(), *((name,) for name in names)]
    if asked.pairs:
        plans += [(a, b) for a in names for b in names if a < b]
    count, missed, too_many = Counter(), 0, 0
    begun = time.perf_counter()
    for seed in range(1, asked.seeds + 1):
        for customer in demo_portfolio(seed=seed):
            for plan in plans:
                with_wastes, truths = planted(customer, plan, seed)
                if len(truths) < len(plan):
                    continue
                named = named_in(with_wastes, asked.last_day, asked.days)
                misses, extra = judge(named, truths)
                count["+".join(plan) or "clean"] += 1
                missed += len(misses)
                too_many += len(extra) > 1
                if misses or extra:
                    print(seed, customer.kind, "+".join(plan) or "clean", "missed", sorted(misses),
                          "not planted", extra)  # fmt: skip
    print(dict(count), f"{time.perf_counter() - begun:.0f} s")
    print(f"missed {missed}, customers with more than one not planted {too_many}")
    sys.exit(bool(missed or too_many))


if __name__ == "__main__":
    main()
