from __future__ import annotations

import pytest

from simulator.model import CATEGORIES, Portfolio, VirtualMeter
from simulator.portfolio import demo_portfolio


def all_meters(portfolio: Portfolio) -> list[VirtualMeter]:
    return [m for customer in portfolio for site in customer.sites for m in site.meters]


def test_the_demo_has_many_accounts_sites_and_meters():
    portfolio = demo_portfolio()
    sites = [site for customer in portfolio for site in customer.sites]
    assert len(portfolio) >= 14
    assert len(sites) >= 18
    assert len(all_meters(portfolio)) >= 90
    assert any(len(customer.sites) > 2 for customer in portfolio)


def test_codes_and_serials_are_unique():
    portfolio = demo_portfolio(meters=400)
    meters = all_meters(portfolio)
    gateways = [g.code for c in portfolio for s in c.sites for g in s.gateways]
    assert len({meter.code for meter in meters}) == len(meters) == 400
    assert len({meter.serial for meter in meters}) == len(meters)
    assert len(set(gateways)) == len(gateways)
    assert len({customer.name_zh for customer in portfolio}) == len(portfolio)


def test_each_site_has_one_main_meter_and_every_parent_exists():
    for customer in demo_portfolio():
        for site in customer.sites:
            codes = {meter.code for meter in site.meters}
            assert sum(meter.role == "main" for meter in site.meters) == 1
            assert all(meter.parent_code in codes for meter in site.meters if meter.role == "sub")
            assert all(thing.category in CATEGORIES for thing in site.equipment)
            equipment = {thing.code for thing in site.equipment}
            assert {meter.equipment_code for meter in site.meters} == equipment


@pytest.mark.parametrize("count", [1, 7, 22, 23, 60, 90, 115, 117, 150])
def test_the_number_of_meters_is_exactly_what_was_asked_for(count: int):
    portfolio = demo_portfolio(meters=count)
    assert len(all_meters(portfolio)) == count
    assert all(site.meters[0].role == "main" for c in portfolio for site in c.sites)


def test_the_same_seed_gives_the_same_portfolio_and_another_seed_another():
    assert demo_portfolio(3) == demo_portfolio(3)
    assert demo_portfolio(3) != demo_portfolio(4)


def test_a_portfolio_without_meters_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        demo_portfolio(meters=0)
