from __future__ import annotations

import numpy as np
import pytest

from forecast.intraday import rest_of_day
from forecast.month import MonthSoFar, month_end
from forecast.quantiles import NORMAL_SCORES
from forecast.today import forecast_today
from tests.support.forecast_site import batch_of, load_kw

S = 24
RNG = np.random.default_rng(3)
PERSISTENT = np.repeat(RNG.normal(0, 10, (1, 60, 1)), S, axis=2) + RNG.normal(0, 1, (1, 60, S))
MEAN = np.full((1, S), 100.0)
BAND = MEAN[..., None] + 10 * np.array(NORMAL_SCORES)


def test_a_day_that_runs_high_is_expected_to_go_on_where_days_did_so():
    today = np.where(np.arange(S) < 12, 120.0, np.nan)[None]
    told = rest_of_day(MEAN, BAND, today, PERSISTENT, 12)
    assert told.mean_kw[0, 18] == pytest.approx(120, abs=5)
    assert told.mean_kw[0, 5] == 100
    width = told.quantiles_kw[0, 18, 9] - told.quantiles_kw[0, 18, 1]
    assert width < 0.5 * (BAND[0, 18, 9] - BAND[0, 18, 1])


def test_errors_that_do_not_last_move_nothing():
    today = np.where(np.arange(S) < 12, 120.0, np.nan)[None]
    told = rest_of_day(MEAN, BAND, today, RNG.normal(0, 10, (1, 300, S)), 12)
    assert np.abs(told.mean_kw[0, 13:] - 100).mean() < 6  # a third of the 20 kW of the morning


def test_too_few_days_or_no_reading_keep_the_forecast():
    today = np.where(np.arange(S) < 12, 120.0, np.nan)[None]
    few = rest_of_day(MEAN, BAND, today, PERSISTENT[:, :8], 12)
    silent = rest_of_day(MEAN, BAND, np.full((1, S), np.nan), PERSISTENT, 12)
    np.testing.assert_array_equal(few.mean_kw, MEAN)
    np.testing.assert_array_equal(silent.quantiles_kw, BAND)


def test_the_update_is_ordered_and_not_negative():
    today = np.where(np.arange(S) < 12, 0.0, np.nan)[None]
    told = rest_of_day(MEAN, BAND, today, PERSISTENT * 5, 12)
    assert (np.diff(told.quantiles_kw, axis=2) >= 0).all()
    assert (told.quantiles_kw >= 0).all()


def settled(energy: float = 1000.0, peak: float = 0.0) -> MonthSoFar:
    return MonthSoFar(energy_kwh=np.array([energy]), peak_kw=np.array([peak]))


def test_a_month_without_errors_lands_where_the_path_leads():
    path = np.full((1, 10, S), 50.0)
    path[0, 0, :8] = np.nan  # settled already
    end = month_end(settled(), path, np.zeros((1, 70, S)), 3600.0)
    np.testing.assert_allclose(end.energy_kwh[0], 1000 + 50 * (240 - 8))
    np.testing.assert_allclose(end.peak_kw[0], 50.0)


def test_the_peak_already_set_is_a_floor():
    end = month_end(settled(peak=90.0), np.full((1, 3, S), 50.0), np.zeros((1, 70, S)), 3600.0)
    assert (end.peak_kw == 90.0).all()


def test_errors_that_come_together_widen_the_month_more_than_lone_ones():
    path = np.full((1, 14, S), 100.0)
    weeks = np.repeat(RNG.normal(0, 10, (1, 12, 1)), 7, axis=1) + np.zeros((1, 84, S))
    lone = RNG.permuted(weeks, axis=1)
    wide = month_end(settled(), path, weeks, 3600.0).energy_kwh[0]
    narrow = month_end(settled(), path, lone, 3600.0).energy_kwh[0]
    assert wide[9] - wide[1] > 1.5 * (narrow[9] - narrow[1])


def test_the_chance_of_exceeding_the_contract_is_a_share_of_paths():
    path, errors = np.full((1, 7, S), 100.0), RNG.normal(0, 5, (1, 70, S))
    end = month_end(settled(), path, errors, 3600.0, contract_kw=np.array([1000.0]))
    assert end.exceeds[0] == 0
    sure = month_end(settled(), path, errors, 3600.0, contract_kw=np.array([50.0]))
    assert sure.exceeds[0] == 1


def test_today_is_forecast_anew_at_noon_for_old_and_young_meters():
    load = load_kw(2, 200)
    load[1, :-20] = np.nan
    told = forecast_today(batch_of(load, lead=0, slot=12))
    assert np.isfinite(told.quantiles_kw).all()
    assert np.abs(told.mean_kw[0, 12:] - load[0, -1, 12:]).mean() < 0.06 * load[0, -1, 12:].mean()


def test_today_looks_at_nothing_after_noon():
    load = load_kw(1, 200)
    planted = load.copy()
    planted[:, -1, 12:] = 5000.0
    clean = forecast_today(batch_of(load, lead=0, slot=12))
    leaky = forecast_today(batch_of(planted, lead=0, slot=12))
    np.testing.assert_array_equal(clean.quantiles_kw, leaky.quantiles_kw)


def test_a_batch_of_yesterday_is_not_of_today():
    with pytest.raises(ValueError, match="not of today"):
        forecast_today(batch_of(load_kw(1, 100)))
