"""Wastes are planted where they are said to be, and change nothing elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from simulator.context import PortfolioContext
from simulator.demo_premises import demo_premises
from simulator.patterns import pattern_of
from simulator.portfolio import demo_portfolio
from simulator.wastes import Plot, waste_kinds

QUARTERS = int(datetime(2026, 11, 15, 16, tzinfo=UTC).timestamp()) + 900.0 * np.arange(7 * 96)
CUSTOMERS = demo_portfolio(seed=3)


@pytest.mark.parametrize("name", sorted(waste_kinds()))
def test_each_kind_finds_a_place_and_leaves_the_other_sites_and_meters_as_they_are(name):
    planted = 0
    for customer in CUSTOMERS:
        done = waste_kinds()[name].plant(Plot(customer=customer, choice=1))
        if done is None:
            continue
        planted += 1
        changed, truth = done
        assert (truth.code, truth.customer) == (name, customer.code)
        assert [site.code for site in changed.sites] == [site.code for site in customer.sites]
        for before, after in zip(customer.sites, changed.sites, strict=True):
            if before.code != truth.site:
                assert after == before
            elif truth.meter is not None:
                others = [
                    (m, n) for m, n in zip(before.meters, after.meters, strict=True)
                    if m.code != truth.meter
                ]  # fmt: skip
                assert all(m == n for m, n in others)
    assert planted > 0


def test_a_load_left_on_at_night_flows_through_its_meter_and_the_main_one():
    mall = next(c for c in CUSTOMERS if c.kind == "mall")
    changed, truth = waste_kinds()["off_hours_base"].plant(Plot(customer=mall))
    hour = (QUARTERS / 3600 + 8) % 24
    night = (hour >= 0) & (hour < 5)
    for code in (truth.meter, mall.sites[0].meters[0].code):
        was, _ = _power(mall, code)
        now, _ = _power(changed, code)
        assert (now - was)[night].mean() == pytest.approx(truth.value, rel=0.03)
        assert (now - was)[(hour > 9) & (hour < 19)] == pytest.approx(0, abs=1e-9)


def _power(customer, code: str):
    context = PortfolioContext((customer,))
    return context.power(context.meters[code], QUARTERS)


def test_a_skewed_circuit_keeps_its_power_and_a_higher_tap_its_energy():
    hotel = next(c for c in CUSTOMERS if c.kind == "hotel")
    meter = hotel.sites[0].meters[1]
    for change in ({"phase_skew_ratio": 0.5}, {"tap_ratio": 1.06}):
        changed = replace(meter, **change)
        sites = [
            replace(site, gateways=tuple(
                replace(g, meters=tuple(changed if m.code == meter.code else m for m in g.meters))
                for g in site.gateways
            ))
            for site in hotel.sites
        ]  # fmt: skip
        context = PortfolioContext((replace(hotel, sites=tuple(sites)),))
        values = context.instantaneous(changed, QUARTERS)
        was = PortfolioContext((hotel,)).instantaneous(meter, QUARTERS)
        assert values["p"] == pytest.approx(was["p"])
        if "tap_ratio" in change:
            assert np.median(values["u_an"] / was["u_an"]) == pytest.approx(1.06, abs=0.003)
        else:
            assert np.median(values["i_a"] / values["i_c"]) > 2


def test_a_run_lasts_from_hour_to_hour_on_its_days_and_may_pass_midnight():
    night = dict(pattern_of("run:20-7:all").work)
    assert night[0.0] == 1.0 and night[7.0] == 0.0 and night[20.0] == 0.0 and night[24.0] == 1.0
    assert set(dict(pattern_of("run:7-20:rest").work).values()) == {0.0}
    assert max(dict(pattern_of("run:7-20:rest").sunday).values()) == 1.0
    with pytest.raises(KeyError):
        pattern_of("nothing")


def test_the_demos_premises_are_the_portfolio_with_nine_wastes_and_a_trimmed_one_has_fewer():
    portfolio, truths = demo_premises()
    assert [c.code for c in portfolio] == [c.code for c in demo_portfolio()]
    assert len({truth.code for truth in truths}) == len(truths) == 9
    assert len(demo_premises(meters=20)[1]) < 9
