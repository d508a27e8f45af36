"""The finder names each waste that is planted in virtual premises, and nothing beside it twice."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecast.opportunities.finder import all_rules, find_opportunities
from forecast.opportunities.residual import Residual
from simulator.demo_premises import demo_premises
from simulator.portfolio import demo_portfolio
from simulator.wastes import Plot, waste_kinds
from tests.support.planted_sites import sites_of

LAST_DAY = date(2026, 11, 20)
DAYS = 63
# One kind of premises for each waste; the benchmark tries every kind.
WHERE = {
    "off_hours_base": "mall", "weekend_run_on": "office_tower", "early_start": "supermarket",
    "late_stop": "office_tower", "voltage": "hospital", "phase_balance": "hotel",
    "pv_self_use": "machining_factory", "load_shift": "cold_store",
    "coincident_peaks": "university", "power_factor": "hotel",
    "transformer_capacity": "cold_store", "contract_demand": "office_tower",
}  # fmt: skip


@pytest.fixture(scope="module")
def customers():
    return {customer.kind: customer for customer in demo_portfolio(seed=7)}


def named(customer) -> list[tuple[str, str, object]]:
    return [
        (site.code, finding.code, finding)
        for site, premises in zip(customer.sites, sites_of(customer, LAST_DAY, DAYS), strict=True)
        for finding in find_opportunities(premises)
    ]


def test_every_rule_has_a_waste_to_be_tried_on():
    assert {rule.name for rule in all_rules()} == set(waste_kinds()) == set(WHERE)


@pytest.mark.parametrize("waste", sorted(WHERE))
def test_a_planted_waste_is_named_and_at_most_one_thing_beside_it(customers, waste):
    done = waste_kinds()[waste].plant(Plot(customer=customers[WHERE[waste]], choice=7))
    assert done is not None
    customer, truth = done
    found = named(customer)
    mine = [finding for site, code, finding in found if (site, code) == (truth.site, waste)]
    assert len(mine) == 1
    assert len(found) - 1 <= 1
    gain = mine[0].gain
    assert gain.energy_low_kwh <= gain.energy_kwh <= gain.energy_high_kwh
    assert gain.low_money <= gain.money <= gain.high_money
    assert gain.money > 0


@pytest.mark.parametrize("kind", ["hotel", "data_centre", "bus_depot", "supermarket", "hospital"])
def test_premises_without_a_waste_have_at_most_one_finding(customers, kind):
    assert len(named(customers[kind])) <= 1


def test_a_base_load_left_on_is_found_in_its_size_and_at_its_meter(customers):
    customer, truth = waste_kinds()["off_hours_base"].plant(Plot(customer=customers["mall"]))
    finding = next(f for _, code, f in named(customer) if code == "off_hours_base")
    # Nine of its hours are after closing; the rule leaves what usually stays on, so it says less.
    true_kwh = truth.value * 9 * 365
    assert 0.7 * true_kwh < finding.gain.energy_kwh < 1.1 * true_kwh
    meters = [meter.code for meter in customer.sites[0].meters]
    assert meters[finding.circuit] == truth.meter


def test_two_wastes_at_one_circuit_are_never_said_to_be_more_than_they_are(customers):
    customer, true_kwh = customers["office_tower"], 0.0
    for waste, hours_a_year in (("off_hours_base", 11 * 365), ("early_start", 4 * 250)):
        customer, truth = waste_kinds()[waste].plant(Plot(customer=customer, choice=2))
        true_kwh += truth.value * hours_a_year
    found = {code: finding.gain.energy_kwh for _, code, finding in named(customer)}
    assert {"off_hours_base", "early_start"} <= found.keys()
    assert 0.6 * true_kwh < sum(found.values()) < 1.1 * true_kwh


def test_what_a_rule_saved_is_gone_for_the_rules_after_it(customers):
    (premises,) = sites_of(customers["office_tower"], LAST_DAY, 30)
    residual = Residual(premises)
    circuit = premises.circuits[0]
    residual.take(circuit, np.full_like(circuit.power_kw, 10.0))
    assert residual.power_kw(circuit) == pytest.approx(circuit.power_kw - 10)
    assert residual.total_kw() == pytest.approx(premises.power_kw - 10)


def test_unknown_quarters_make_no_finding_and_no_nan(customers):
    (premises,) = sites_of(customers["office_tower"], LAST_DAY, 30)
    empty = np.full_like(premises.power_kw, np.nan)
    gone = type(premises)(
        **{
            **{name: getattr(premises, name) for name in type(premises).__slots__},
            "power_kw": empty, "reactive_kvar": empty, "circuits": (), "monthly_peak_kw": (),
        }
    )  # fmt: skip
    assert find_opportunities(gone) == []


def test_a_fortnight_is_the_least(customers):
    (premises,) = sites_of(customers["mall"], LAST_DAY, 13)
    assert find_opportunities(premises) == []


def test_the_finder_names_what_is_planted_in_the_demo_and_at_most_one_thing_more_a_customer():
    portfolio, truths = demo_premises()
    for customer in portfolio:
        true = {(truth.site, truth.code) for truth in truths if truth.customer == customer.code}
        found = [(site, code) for site, code, _ in named(customer)]
        assert true <= set(found)
        assert len([each for each in found if each not in true]) <= 1
