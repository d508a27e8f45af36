from __future__ import annotations

import numpy as np

from forecast.backtest import PastRecord, backtest, issued, scored
from forecast.calendars.day_kinds import day_kinds
from tests.support.forecast_site import MONDAY, load_kw

DAYS = 140
TARGETS = (125, 130, 139)


def record(load: np.ndarray, temperature: np.ndarray | None = None) -> PastRecord:
    return PastRecord(
        first_day=MONDAY, load_kw=load, calendars=(day_kinds(MONDAY, DAYS, "GB"),) * len(load),
        signed=np.zeros(len(load), dtype=bool), temperature_c=temperature,
    )  # fmt: skip


def test_a_planted_future_changes_no_forecast_of_the_past():
    load = load_kw(1, DAYS)
    planted = load.copy()
    planted[:, 124, 8:] = 5000.0
    planted[:, 125:] = 5000.0
    (_, clean), *_ = backtest(record(load), TARGETS[:1], 1, 8)
    (_, leaky), *_ = backtest(record(planted), TARGETS[:1], 1, 8)
    np.testing.assert_array_equal(clean.quantiles_kw, leaky.quantiles_kw)


def test_the_test_above_would_notice_a_leak():
    load = load_kw(1, DAYS)
    planted = load.copy()
    planted[:, 124, 7] = 50.0  # one slot before the issue: known, so it may and does count
    (_, clean), *_ = backtest(record(load), TARGETS[:1], 1, 8)
    (_, told), *_ = backtest(record(planted), TARGETS[:1], 1, 8)
    assert np.abs(clean.mean_kw - told.mean_kw).max() > 0


def test_an_issue_holds_nothing_after_itself_measured_temperature_included():
    load = load_kw(1, DAYS)
    batch = issued(record(load, temperature=np.full(load.shape, 20.0)), 125, 2, 8)
    assert batch.load_kw.shape[1] == 126
    assert np.isnan(batch.load_kw[:, 123, 8:]).all()
    assert np.isnan(batch.load_kw[:, 124:]).all()
    assert np.isnan(batch.temperature_c[:, 124:]).all()


def test_forecasts_of_the_past_are_scored_against_both_naive_ones():
    past = record(load_kw(2, DAYS))
    told = list(backtest(past, TARGETS, 1, 8))
    cards = scored(past, told, 1, 8)
    assert len(cards) == 2
    assert all(card.skill_ratio is not None and card.skill_ratio > 0 for card in cards)
