from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast.savings.daily import fit_daily
from forecast.savings.hourly import fit_hourly
from forecast.savings.judging import bridged, by_day, fit_and_expect
from forecast.savings.result import Method
from forecast.savings.rows import HOLIDAY
from tests.support.made_energy import daily, hourly, split


def test_the_daily_baseline_finds_both_balance_points_and_leaves_no_bias() -> None:
    rows = daily(365)
    model = fit_daily(rows)
    assert model.heating_base_c == pytest.approx(12, abs=1.5)
    assert model.cooling_base_c == pytest.approx(20, abs=1.5)
    assert model.predict(rows).sum() == pytest.approx(rows.energy_kwh.sum(), rel=1e-6)


def test_a_load_without_weather_gets_no_balance_points() -> None:
    rows = daily(365)
    flat = np.where(rows.day_kind >= 5, 600.0, 1000.0)
    noise = np.random.default_rng(3).normal(1, 0.03, len(rows))
    model = fit_daily(replace(rows, energy_kwh=flat * noise))
    assert np.isnan(model.heating_base_c)
    assert np.isnan(model.cooling_base_c)


def test_next_year_is_expected_within_half_a_percent_at_other_temperatures() -> None:
    for rows in (daily(730), hourly(730)):
        before, after = split(rows, 365)
        fit = fit_and_expect(before, after)
        assert fit.expected_kwh.sum() == pytest.approx(after.energy_kwh.sum(), rel=0.005)


def test_the_hourly_baseline_knows_which_hours_are_busy() -> None:
    model = fit_hourly(hourly(365))
    monday, saturday = model.occupied_slot[:24], model.occupied_slot[5 * 24 : 6 * 24]
    assert monday[9:17].all()
    assert not monday[:7].any()
    assert not saturday.any()


def test_holidays_behave_as_those_of_the_baseline_did() -> None:
    rows = daily(730)
    away = np.isin((rows.day - rows.day[0]) % 365, np.arange(120, 130))
    energy = np.where(away, 400.0, rows.energy_kwh)
    rows = replace(rows, energy_kwh=energy, day_kind=np.where(away, HOLIDAY, rows.day_kind))
    before, after = split(rows, 365)
    expected = fit_and_expect(before, after).expected_kwh
    closed = after.day_kind == HOLIDAY
    assert expected[closed].mean() == pytest.approx(400, rel=0.15)


def test_holidays_by_the_hour_are_like_the_kind_of_day_that_they_resemble() -> None:
    rows = hourly(365)
    away = np.isin(rows.day - rows.day[0], np.arange(123, 128))
    saturday_like = np.where(away, 25.0, rows.energy_kwh)
    kind = np.where(away, HOLIDAY, rows.day_kind)
    model = fit_hourly(replace(rows, energy_kwh=saturday_like, day_kind=kind))
    assert model.holiday_kind in (5, 6)


def test_measured_occupancy_is_a_driver() -> None:
    rows = daily(730)
    busy = np.where(np.arange(730) < 365, 1.0, 0.5)
    busy = busy * np.random.default_rng(5).uniform(0.6, 1.0, 730)
    rows = replace(rows, energy_kwh=rows.energy_kwh + 500 * busy, occupancy_ratio=busy)
    before, after = split(rows, 365)
    with_people = fit_and_expect(before, after).expected_kwh.sum()
    assert with_people == pytest.approx(after.energy_kwh.sum(), rel=0.01)
    blind = fit_and_expect(
        replace(before, occupancy_ratio=None), replace(after, occupancy_ratio=None)
    )
    assert blind.expected_kwh.sum() > 1.1 * after.energy_kwh.sum()


def test_without_temperatures_the_calendar_alone_speaks() -> None:
    before, after = split(daily(730), 365)
    unknown = np.full(len(after), np.nan)
    fit = fit_and_expect(before, replace(after, temperature_c=unknown))
    assert fit.method is Method.DAILY_CALENDAR
    assert fit.judged.all()


def test_short_gaps_of_temperature_are_bridged_and_long_ones_left_unknown() -> None:
    rows = daily(365)
    warm = rows.temperature_c.copy()
    warm[10:12] = np.nan
    warm[40:48] = np.nan
    told = bridged(replace(rows, temperature_c=warm)).temperature_c
    assert np.isfinite(told[10:12]).all()
    assert not np.isfinite(told[40:48]).any()


def test_a_day_of_too_few_known_hours_is_unknown_and_one_of_23_counts_whole() -> None:
    rows = hourly(10)
    energy = rows.energy_kwh.copy()
    energy[24:30] = np.nan
    days = by_day(replace(rows, energy_kwh=energy)).energy_kwh
    assert np.isnan(days[1])
    short = by_day(rows.only(np.arange(len(rows)) != 2)).energy_kwh
    assert short[0] == pytest.approx(24 * np.delete(rows.energy_kwh[:24], 2).mean())
