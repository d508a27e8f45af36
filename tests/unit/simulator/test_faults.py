from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from simulator.context import PortfolioContext
from simulator.faults import (
    ClockSkew,
    Fault,
    GatewayOutage,
    MeterExchange,
    NightLoad,
    PhaseLoss,
    RegisterReset,
    RegisterRollover,
    ReversedCt,
    Saving,
    StuckValue,
    VoltageSag,
    ZeroGlitch,
    demo_faults,
)
from simulator.history import QUALITY_BACKFILL, history_quality, meter_history
from simulator.phases import static_shares
from simulator.portfolio import demo_portfolio

PORTFOLIO = demo_portfolio()
START = datetime(2026, 5, 18, tzinfo=UTC)
NOON = START + timedelta(hours=12)
END = START + timedelta(days=1)
METER, SUB, GATEWAY = "M004-00", "M004-01", PORTFOLIO[3].sites[0].gateways[0].code
CLEAN = PortfolioContext(PORTFOLIO)


def faulty(*faults: Fault) -> PortfolioContext:
    return PortfolioContext(PORTFOLIO, faults)


def history(context: PortfolioContext, code: str, step_s: int = 900):
    return meter_history(context, context.meters[code], START, END, step_s)


def truth(context: PortfolioContext, code: str = METER) -> float:
    return context.truth_energy_kwh(context.meters[code], START, END)


def test_a_lost_outage_leaves_a_gap_and_the_register_goes_on():
    window = {"start": NOON, "end": NOON + timedelta(hours=4)}
    context = faulty(GatewayOutage(gateway=GATEWAY, lost=True, **window))
    rows, clean = history(context, METER), history(CLEAN, METER)
    assert len(rows["ts_ms"]) == len(clean["ts_ms"]) - 16
    assert rows["ep_imp"][-1] == clean["ep_imp"][-1]
    assert truth(context) == truth(CLEAN)


def test_a_back_filled_outage_leaves_no_gap_but_is_marked():
    window = {"start": NOON, "end": NOON + timedelta(hours=4)}
    context = faulty(GatewayOutage(gateway=GATEWAY, lost=False, **window))
    np.testing.assert_array_equal(history(context, METER)["ts_ms"], history(CLEAN, METER)["ts_ms"])
    bits = history_quality(context, context.meters[METER], START, END)
    assert ((bits & QUALITY_BACKFILL) > 0).sum() == 16


def test_a_saving_lowers_the_truth_of_the_meter_and_of_everything_behind_it():
    context = faulty(Saving(meter=METER, saving_pct=12.0, start=START))
    assert truth(context) == pytest.approx(0.88 * truth(CLEAN), rel=1e-9)
    assert truth(context, SUB) == pytest.approx(0.88 * truth(CLEAN, SUB), rel=1e-9)


def test_a_night_load_adds_its_hours_and_shows_on_the_main_meter():
    night = NightLoad(meter=SUB, power_kw=100.0, start=START, from_hour=22, to_hour=6)
    context = faulty(night)
    assert truth(context, SUB) - truth(CLEAN, SUB) == pytest.approx(800.0)
    assert truth(context) - truth(CLEAN) == pytest.approx(800.0)


def test_a_rollover_passes_the_modulus_at_its_instant():
    at = NOON + timedelta(minutes=7)
    context = faulty(RegisterRollover(meter=SUB, at=at))
    meter = context.meters[SUB]
    edge = at.timestamp() + np.array([-60.0, 60.0])
    before, after = context.dials.read(meter, edge)["ep_imp"]
    assert meter.register_modulus_kwh is not None
    assert after < 20 < meter.register_modulus_kwh - 20 < before
    difference = after + meter.register_modulus_kwh - before
    clean = CLEAN.dials.read(meter, edge)["ep_imp"]
    assert difference == pytest.approx(clean[1] - clean[0], abs=0.02)


def test_an_exchange_declares_readings_that_close_the_balance():
    at = NOON + timedelta(minutes=20)
    context = faulty(MeterExchange(meter=SUB, at=at, new_serial="42", opening_kwh=3.5))
    meter = context.meters[SUB]
    (declared,) = context.dials.declared(meter)
    edges = np.array([START.timestamp(), END.timestamp()])
    first, last = context.dials.read(meter, edges)["ep_imp"]
    counted = declared.closing["ep_imp"] - first + last - declared.opening["ep_imp"]
    assert counted == pytest.approx(truth(CLEAN, SUB), abs=0.03)
    assert list(context.dials.epoch(meter, edges)) == [0, 1]
    assert context.dials.read(meter, np.array([at.timestamp()]))["ep_imp"][0] == 3.5


def test_a_silent_reset_starts_at_zero_in_the_same_epoch():
    context = faulty(RegisterReset(meter=SUB, at=NOON, announced=False))
    meter, at = context.meters[SUB], np.array([NOON.timestamp()])
    assert context.dials.read(meter, at)["ep_imp"][0] == 0
    assert context.dials.epoch(meter, at)[0] == 0
    assert context.dials.declared(meter) == []


def test_a_zero_glitch_and_a_stuck_value_change_only_what_is_sent():
    quarter = {"start": NOON, "end": NOON + timedelta(minutes=15)}
    glitch = history(faulty(ZeroGlitch(meter=SUB, **quarter)), SUB)
    assert (glitch["ep_imp"] == 0).sum() == (glitch["u_an"] == 0).sum() == 1
    hours = {"start": NOON, "end": NOON + timedelta(hours=2)}
    context = faulty(StuckValue(meter=SUB, **hours))
    stuck, clean = history(context, SUB), history(CLEAN, SUB)
    assert len(set(stuck["ep_imp"][48:56])) == 1
    assert stuck["ep_imp"][56] == clean["ep_imp"][56]
    assert truth(context, SUB) == truth(CLEAN, SUB)


def test_a_reversed_ct_registers_less_than_flows_and_phases_still_sum():
    context = faulty(ReversedCt(meter=SUB, phase="c", start=NOON))
    rows, clean, meter = history(context, SUB, 60), history(CLEAN, SUB, 60), context.meters[SUB]
    assert (rows["p_c"][720:] < 0).all()
    assert (rows["p_c"][:720] > 0).all()
    np.testing.assert_allclose(rows["p_a"] + rows["p_b"] + rows["p_c"], rows["p"], atol=0.002)
    ratio = 1 - 2 * static_shares(meter)[2]
    seen = rows["ep_imp"][-1] - rows["ep_imp"][720]
    assert seen == pytest.approx(ratio * (clean["ep_imp"][-1] - clean["ep_imp"][720]), rel=1e-3)
    assert truth(context, SUB) == truth(CLEAN, SUB)


def test_a_lost_phase_voltage_hides_its_power():
    context = faulty(PhaseLoss(meter=SUB, phase="b", start=NOON))
    rows = history(context, SUB)
    assert rows["u_bn"][48:].max() < 10
    assert (rows["p_b"][48:] == 0).all()
    assert rows["i_b"][48:].min() > 0


def test_a_sag_lowers_the_voltage_and_raises_the_current():
    quarter = {"start": NOON, "end": NOON + timedelta(minutes=15)}
    rows = history(faulty(VoltageSag(meter=SUB, remaining_ratio=0.7, **quarter)), SUB)
    clean = history(CLEAN, SUB)
    assert rows["u_an"][48] == pytest.approx(0.7 * clean["u_an"][48], rel=0.01)
    assert rows["i_a"][48] > 1.3 * clean["i_a"][48]


def test_a_skewed_clock_shifts_the_stamps():
    context = faulty(ClockSkew(gateway=GATEWAY, offset_s=420.0, start=START))
    assert history(context, SUB)["ts_ms"][0] == START.timestamp() * 1000 + 420_000


def test_impossible_faults_are_refused():
    with pytest.raises(ValueError, match="3P4W"):
        faulty(ReversedCt(meter=METER, phase="a", start=START))
    with pytest.raises(ValueError, match="no such meter"):
        faulty(ZeroGlitch(meter="nobody", start=START))
    with pytest.raises(ValueError, match="after its start"):
        ZeroGlitch(meter=SUB, start=START, end=START)
    with pytest.raises(ValueError, match="aware"):
        ZeroGlitch(meter=SUB, start=datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="100 %"):
        Saving(meter=SUB, saving_pct=0, start=START)


def test_the_demos_faults_fit_its_portfolio_and_describe_themselves():
    now = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
    faults = demo_faults(PORTFOLIO, now)
    context = PortfolioContext(PORTFOLIO, faults)
    assert {type(fault) for fault in faults} == {
        GatewayOutage,
        NightLoad,
        Saving,
        ReversedCt,
        ZeroGlitch,
        RegisterRollover,
        MeterExchange,
    }
    assert all(fault.describe() for fault in context.flow.faults)
    assert {fault.lost for fault in faults if isinstance(fault, GatewayOutage)} == {True, False}
    assert demo_faults(demo_portfolio(meters=1), now) == ()
