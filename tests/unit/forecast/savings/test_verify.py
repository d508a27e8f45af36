from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from forecast.savings.judging import fit_and_expect
from forecast.savings.placebo import traits_of
from forecast.savings.record import from_record, to_record
from forecast.savings.result import Doubt, Verdict
from forecast.savings.rows import EnergyRows
from forecast.savings.verify import Settled, TooLittleToJudgeError, verify
from tests.support.made_energy import FIRST, daily, hourly, split


def saved(days: int = 1095, after: int = 730, ratio: float = 0.2) -> tuple[EnergyRows, EnergyRows]:
    factor = np.where(np.arange(days) < after, 1.0, 1.0 - ratio)
    return split(daily(days, factor=factor), after)


def test_a_plain_saving_is_found_and_proven() -> None:
    told = verify(*saved(ratio=0.2))
    assert told.savings_pct == pytest.approx(20, abs=0.7)
    assert told.verdict is Verdict.PROVEN
    assert told.interval.low_pct < 20 < told.interval.high_pct
    assert told.gbt_savings_kwh == -told.savings_kwh
    assert told.savings_kwh == pytest.approx(told.baseline_kwh - told.observed_kwh)


def test_a_year_in_which_nothing_was_done_is_not_proven() -> None:
    told = verify(*saved(ratio=0.0))
    assert told.verdict is Verdict.NOT_PROVEN
    assert Doubt.PLACEBO_INCLUDES_ZERO in told.doubts


def test_hourly_rows_give_the_saving_of_the_night() -> None:
    rows = hourly(730)
    night = (rows.day >= FIRST + 365) & (rows.hour < 6)
    rows = replace(rows, energy_kwh=np.where(night, 0.5, 1.0) * rows.energy_kwh)
    before, after = split(rows, 365)
    truth = after.energy_kwh[after.hour < 6].sum()
    told = verify(before, after)
    assert told.savings_kwh == pytest.approx(truth, rel=0.06)
    assert told.savings_pct == pytest.approx(
        100 * truth / (after.energy_kwh.sum() + truth), abs=0.5
    )


def test_an_interval_that_includes_nothing_saved_is_never_proven() -> None:
    for ratio in (0.0, 0.02, 0.04, 0.08, 0.16):
        told = verify(*saved(ratio=ratio))
        if told.interval.includes_zero or told.statistics.fsu_68_ratio > 0.5:
            assert told.verdict is Verdict.NOT_PROVEN


def test_a_place_that_drifted_before_gets_a_wider_interval() -> None:
    calm = verify(*saved())
    drift = np.concatenate([np.ones(365), np.full(365, 1.25), np.full(365, 0.8)])
    restless = verify(*split(daily(1095, factor=drift), 730))
    assert restless.interval.spread_pct > 1.2 * calm.interval.spread_pct
    assert len(restless.interval.own_errors_pct) == 1
    assert restless.interval.own_errors_pct[0] == pytest.approx(-25, abs=2)


def test_a_short_or_distant_period_is_less_sure() -> None:
    before, after = saved()
    year = verify(before, after).interval.spread_pct
    quarter = verify(before, after.only(after.day < after.day[0] + 90)).interval.spread_pct
    late = replace(after, day=after.day + 700)
    assert quarter > 1.2 * year
    assert verify(before, late).interval.spread_pct > 1.2 * year


def test_a_rise_in_the_last_months_moves_the_interval_and_not_the_figure() -> None:
    rows = daily(730)
    rise = np.where((np.arange(730) >= 275), 1.06, 1.0)
    rows = replace(rows, energy_kwh=rows.energy_kwh * rise)
    told = verify(*split(rows, 365))
    middle = (told.interval.low_pct + told.interval.high_pct) / 2
    assert middle > told.savings_pct + 1


def test_too_short_a_baseline_forbids_a_verdict() -> None:
    before, after = saved()
    told = verify(before.only(before.day >= before.day[-1] - 200), after)
    assert Doubt.DATA_INSUFFICIENT in told.doubts
    assert "baseline_too_short" in {one.code for one in told.findings if one.blocks}


def test_weather_that_the_baseline_never_saw_is_named() -> None:
    before, after = saved()
    hot = replace(after, temperature_c=after.temperature_c + 8)
    assert "weather_not_seen_before" in {one.code for one in verify(before, hot).findings}


def test_missing_energy_is_left_out_of_both_sides_and_named() -> None:
    before, after = saved()
    energy = after.energy_kwh.copy()
    energy[:100] = np.nan
    told = verify(before, replace(after, energy_kwh=energy))
    assert told.savings_pct == pytest.approx(20, abs=0.8)
    assert "energy_missing" in {one.code for one in told.findings if one.period == "reporting"}
    assert len(told.curve.days) == 265


def test_confirmed_events_are_left_out_or_added() -> None:
    before, after = saved()
    energy = after.energy_kwh.copy()
    energy[50:71] *= 0.1
    after = replace(after, energy_kwh=energy)
    flagged = [one for one in verify(before, after).events if one.kind == "shutdown"]
    assert [(one.first_day, one.end_day) for one in flagged] == [(_day(730 + 50), _day(730 + 71))]
    assert verify(before, after).savings_pct > 23
    settled = Settled(excluded=((flagged[0].first_day, flagged[0].end_day),))
    assert verify(before, after, settled=settled).savings_pct == pytest.approx(20, abs=0.8)
    added = verify(before, after, settled=Settled(non_routine_kwh=-15_000))
    assert added.savings_kwh == pytest.approx(verify(before, after).savings_kwh - 15_000)


def _day(number: int) -> date:
    return date.fromordinal(FIRST) + timedelta(days=number)


def test_a_shift_of_level_within_the_period_is_flagged() -> None:
    factor = np.ones(730)
    factor[365 + 180 :] = 1.2
    told = verify(*split(daily(730, factor=factor), 365))
    shifts = [one for one in told.events if one.kind == "level_shift"]
    assert len(shifts) == 1
    assert abs((shifts[0].first_day - _day(365 + 180)).days) <= 7
    assert shifts[0].effect_kwh > 0


def test_a_quiet_year_has_no_events() -> None:
    assert verify(*saved(ratio=0.2)).events == ()


def test_what_like_customers_did_is_taken_off_beside_the_raw_figure() -> None:
    before, after = saved(ratio=0.2)
    others = []
    for seed in range(2, 7):
        factor = np.where(np.arange(1095) < 730, 1.0, 0.95)
        first, last = split(daily(1095, seed=seed, factor=factor), 730)
        year = first.only(first.day >= first.day[-1] - 364)
        others.append(traits_of(year, last, fit_and_expect(year, last)))
    told = verify(before, after, comparable=others)
    assert told.comparison is not None
    assert told.comparison.drift_pct == pytest.approx(5, abs=1)
    assert told.comparison.savings_pct == pytest.approx(100 * (1 - 0.8 / 0.95), abs=1.2)
    assert told.savings_pct == pytest.approx(20, abs=0.7)


def test_a_usual_year_s_saving_is_told_after_a_whole_year_only() -> None:
    before, after = saved(ratio=0.2)
    whole = verify(before, after).normalised
    assert whole is not None
    assert whole.savings_pct == pytest.approx(20, abs=0.7)
    assert verify(before, after.only(after.day < after.day[0] + 200)).normalised is None


def test_nothing_to_judge_is_an_error_with_a_name() -> None:
    before, after = saved()
    with pytest.raises(TooLittleToJudgeError):
        verify(before, replace(after, energy_kwh=np.full(len(after), np.nan)))


def test_a_judgement_survives_being_kept_as_json() -> None:
    told = verify(*saved(ratio=0.2))
    assert from_record(json.loads(json.dumps(to_record(told)))) == told
