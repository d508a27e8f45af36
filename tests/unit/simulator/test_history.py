from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from simulator.context import PortfolioContext
from simulator.history import meter_history
from simulator.model import VirtualMeter
from simulator.portfolio import demo_portfolio

NOW = datetime(2026, 5, 20, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def context() -> PortfolioContext:
    return PortfolioContext(demo_portfolio())


def main_meters(context: PortfolioContext) -> list[VirtualMeter]:
    return [meter for meter in context.meters.values() if meter.role == "main"]


def test_a_window_does_not_change_the_values(context: PortfolioContext):
    meter = next(iter(context.meters.values()))
    wide = meter_history(context, meter, NOW - 3 * DAY, NOW, 60)
    narrow = meter_history(PortfolioContext(demo_portfolio()), meter, NOW - DAY, NOW, 60)
    for field, values in narrow.items():
        np.testing.assert_array_equal(values, wide[field][-len(values) :], err_msg=field)


def test_a_coarse_step_picks_from_the_fine_one(context: PortfolioContext):
    meter = context.meters["M002-01"]
    fine = meter_history(context, meter, NOW - DAY, NOW, 10)
    coarse = meter_history(context, meter, NOW - DAY, NOW, 900)
    for field, values in coarse.items():
        np.testing.assert_array_equal(values, fine[field][::90], err_msg=field)


def test_another_seed_gives_other_values(context: PortfolioContext):
    meter = context.meters["M002-01"]
    other = PortfolioContext(demo_portfolio(2))
    ours = meter_history(context, meter, NOW - DAY, NOW)
    theirs = meter_history(other, other.meters["M002-01"], NOW - DAY, NOW)
    assert not np.allclose(ours["p"], theirs["p"])


def test_the_phases_sum_to_the_total_and_s_squared_is_p_squared_plus_q_squared(
    context: PortfolioContext,
):
    ts_s = np.arange(NOW.timestamp(), NOW.timestamp() + 7200, 10)
    for meter in context.meters.values():
        v = context.instantaneous(meter, ts_s)
        np.testing.assert_allclose(v["s"] ** 2, v["p"] ** 2 + v["q"] ** 2, rtol=1e-12)
        np.testing.assert_allclose(v["pf"] * v["s"], v["p"], rtol=1e-9, atol=1e-9)
        assert np.abs(v["hz"] - 50).max() <= 0.03
        if meter.wiring == "3P4W":
            np.testing.assert_allclose(v["p_a"] + v["p_b"] + v["p_c"], v["p"], rtol=1e-12)
            np.testing.assert_allclose(v["q_a"] + v["q_b"] + v["q_c"], v["q"], rtol=1e-9)
            volt_amps = sum(v[f"u_{x}n"] * v[f"i_{x}"] for x in "abc") / 1000
            np.testing.assert_allclose(volt_amps, v["s"], rtol=1e-9, atol=1e-9)
        else:
            assert "p_a" not in v
            assert "u_an" not in v


def test_voltages_and_currents_stay_in_the_meters_range(context: PortfolioContext):
    for meter in context.meters.values():
        history = meter_history(context, meter, NOW - 60 * DAY, NOW)
        assert np.isfinite(history["p"]).all()
        line = history["u_ab"] / meter.nominal_voltage_v
        assert 0.93 < line.min() < line.max() < 1.07, meter
        assert history["i_a"].max() < 1.2 * meter.ct_primary_a, meter


def test_a_registers_difference_is_the_integral_of_the_power(context: PortfolioContext):
    start = NOW + timedelta(minutes=7, seconds=20)
    for code in ("M001-05", "M003-04", "M008-01", "M012-01"):
        meter = context.meters[code]
        ts_s = start.timestamp() + np.arange(0, 3600 * 5 + 1, 1.0)
        power, _ = context.power(meter, ts_s)
        integral = np.trapezoid(power, ts_s) / 3600
        register = context.dials.read(meter, ts_s[[0, -1]])["ep_imp"]
        assert register[1] - register[0] == pytest.approx(integral, abs=0.02 + 2e-4 * integral)
        truth = context.truth_energy_kwh(meter, start, start + timedelta(hours=5))
        assert register[1] - register[0] == pytest.approx(truth, abs=0.0101)


def test_reactive_registers_balance_the_reactive_power(context: PortfolioContext):
    meter = context.meters["M002-00"]
    ts_s = np.arange(NOW.timestamp(), NOW.timestamp() + 86_401, 5.0)
    _, reactive = context.power(meter, ts_s)
    dials = context.dials.read(meter, ts_s[[0, -1]])
    net = np.diff(dials["eq_q1"] - dials["eq_q4"])[0]
    # The sum over 5 s steps misses only the capacitor bank's switching inside a step.
    assert net == pytest.approx(np.trapezoid(reactive, ts_s) / 3600, rel=0.005, abs=5)


def test_registers_never_run_backwards(context: PortfolioContext):
    for meter in context.meters.values():
        history = meter_history(context, meter, NOW - DAY, NOW, 60)
        for field in ("ep_imp", "ep_exp", "eq_q1", "eq_q4"):
            assert (np.diff(history[field]) >= 0).all(), (meter.code, field)


def test_a_main_meter_measures_its_sub_meters_and_the_remainder(context: PortfolioContext):
    ts_s = np.arange(NOW.timestamp(), NOW.timestamp() + 86_400, 61.0)
    for main in main_meters(context):
        children = context.flow.children.get(main.code, [])
        below = sum(context.power(child, ts_s)[0] for child in children)
        remainder = context.power(main, ts_s)[0] - below
        largest = sum(load.peak_kw for load in main.load)
        assert remainder.min() > 0
        assert remainder.max() < 1.6 * largest


def test_trimmed_sub_meters_leave_the_main_meter_unchanged(context: PortfolioContext):
    trimmed = PortfolioContext(demo_portfolio(meters=40))
    for main in main_meters(context):
        ours = context.truth_energy_kwh(main, NOW - DAY, NOW)
        theirs = trimmed.truth_energy_kwh(trimmed.meters[main.code], NOW - DAY, NOW)
        assert ours == pytest.approx(theirs, rel=1e-9)


def test_photovoltaics_export_and_the_main_meter_balances(context: PortfolioContext):
    panels = context.meters["M010-05"]
    main = context.meters["M010-00"]
    start = datetime(2026, 4, 1, tzinfo=UTC)
    roof = meter_history(context, panels, start, start + 30 * DAY)
    assert roof["ep_exp"][-1] - roof["ep_exp"][0] > 20_000
    assert roof["ep_imp"][-1] == roof["ep_imp"][0]
    site = meter_history(context, main, start, start + 30 * DAY)
    net = (site["ep_imp"] - site["ep_exp"])[[0, -1]]
    truth = context.truth_energy_kwh(main, start, start + 30 * DAY - timedelta(minutes=15))
    assert net[1] - net[0] == pytest.approx(truth, abs=0.05)
    assert site["ep_exp"][-1] > site["ep_exp"][0]


def test_an_instant_before_the_anchor_is_refused(context: PortfolioContext):
    meter = next(iter(context.meters.values()))
    with pytest.raises(ValueError, match="anchor"):
        meter_history(context, meter, datetime(2023, 1, 1, tzinfo=UTC), NOW)
