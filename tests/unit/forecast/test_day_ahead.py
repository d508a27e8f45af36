from __future__ import annotations

import numpy as np
import pytest

from forecast.ladder import REFUSED, forecast_day
from tests.support.forecast_site import batch_of, load_kw

DAYS = 200


def error(load: np.ndarray, told: np.ndarray) -> float:
    return float(np.abs(told - load[:, -1]).sum() / np.abs(load[:, -1]).sum())


def test_an_ordinary_workday_is_forecast_within_its_noise():
    load = load_kw(2, DAYS)
    told = forecast_day(batch_of(load, temperature=True))
    assert error(load, told.mean_kw) < 0.04
    inside = (load[:, -1] >= told.quantiles_kw[..., 1]) & (load[:, -1] <= told.quantiles_kw[..., 9])
    assert 0.6 < inside.mean() < 0.97


def test_a_day_off_is_not_forecast_as_a_workday():
    load = load_kw(1, DAYS - DAYS % 7 + 6)  # the last day is a Saturday
    told = forecast_day(batch_of(load))
    assert told.mean_kw.max() < 50


def test_what_stands_in_the_history_after_the_issue_changes_nothing():
    load = load_kw(2, DAYS)
    poisoned = load.copy()
    poisoned[:, -2, 8:] = 9999.0
    poisoned[:, -1] = -500.0
    for lead in (1, 4, 7):
        clean = load.copy()
        clean[:, -1 - lead, 8:] = np.nan
        clean[:, -lead:] = np.nan
        poisoned[:, -1 - lead, 8:] = 7777.0
        poisoned[:, -lead:] = 7777.0
        first = forecast_day(batch_of(clean, lead=lead))
        second = forecast_day(batch_of(poisoned, lead=lead))
        np.testing.assert_array_equal(first.mean_kw, second.mean_kw)
        np.testing.assert_array_equal(first.quantiles_kw, second.quantiles_kw)


def test_the_same_question_has_the_same_answer():
    batch = batch_of(load_kw(2, DAYS), temperature=True)
    np.testing.assert_array_equal(forecast_day(batch).mean_kw, forecast_day(batch).mean_kw)


def test_customers_do_not_color_each_other():
    load = load_kw(3, DAYS)
    load[1, 50:60] = np.nan
    together = forecast_day(batch_of(load))
    alone = forecast_day(batch_of(load[2:]))
    np.testing.assert_allclose(together.mean_kw[2], alone.mean_kw[0], rtol=1e-3)


def with_missing_days(load: np.ndarray) -> None:
    load[:, 20:45] = np.nan
    load[:, -9:-3] = np.nan


def with_a_level_shift(load: np.ndarray) -> None:
    load[:, -30:] *= 3.0


def with_zero_days(load: np.ndarray) -> None:
    load[:, -20:-10] = 0.0


def all_zero(load: np.ndarray) -> None:
    load[:] = 0.0


def with_gaps(load: np.ndarray) -> None:
    load[np.random.default_rng(4).random(load.shape) < 0.3] = np.nan


def with_short_and_long_days(load: np.ndarray) -> None:
    load[:, 83, 2] = np.nan
    load[:, 174, 2] *= 1.5


def new_meter(load: np.ndarray) -> None:
    load[:, :-60] = np.nan


def newer_meter(load: np.ndarray) -> None:
    load[:, :-12] = np.nan


def newest_meter(load: np.ndarray) -> None:
    load[:, :-2] = np.nan


def with_one_burst(load: np.ndarray) -> None:
    load[:, -4, 12] = 1e6


def with_infinities(load: np.ndarray) -> None:
    load[:, 100] = np.inf


def dead_since_a_month(load: np.ndarray) -> None:
    load[:, -30:] = np.nan


def constant(load: np.ndarray) -> None:
    load[:] = 40.0


def come_alive_lately(load: np.ndarray) -> None:
    load[:, :-20] = 0.0


def shut_down_lately(load: np.ndarray) -> None:
    load[:, -12:] = 0.0


def with_levels_that_change_within_days(load: np.ndarray) -> None:
    load *= np.repeat(np.random.default_rng(8).choice([0.2, 1.0, 2.5], DAYS // 4), 4)[:, None]


def with_three_days_of_bursts(load: np.ndarray) -> None:
    load[:, -5:] = 1e5


def with_a_gap_before_the_issue(load: np.ndarray) -> None:
    load[:, -2, 2:8] = np.nan
    load[:, -3, 12:] = np.nan


def known_only_by_night(load: np.ndarray) -> None:
    load[:, :, 6:22] = np.nan


CALAMITIES = [
    with_missing_days, with_a_level_shift, with_zero_days, all_zero, with_gaps,
    with_short_and_long_days, new_meter, newer_meter, newest_meter, with_one_burst,
    with_infinities, dead_since_a_month, constant, come_alive_lately, shut_down_lately,
    with_levels_that_change_within_days, with_three_days_of_bursts, with_a_gap_before_the_issue,
    known_only_by_night,
]  # fmt: skip


@pytest.mark.parametrize("calamity", CALAMITIES)
@pytest.mark.parametrize("lead", [1, 7])
def test_a_calamity_leaves_an_answer_within_bounds(calamity, lead):
    load = load_kw(2, DAYS)
    calamity(load)
    told = forecast_day(batch_of(load, lead=lead, temperature=True))
    top = 3 * np.nanmax(np.where(np.isfinite(load), load, 0), axis=(1, 2))
    assert np.isfinite(told.mean_kw).all()
    assert np.isfinite(told.quantiles_kw).all()
    assert (told.mean_kw >= 0).all()
    assert (told.quantiles_kw >= 0).all()
    assert (told.quantiles_kw <= top[:, None, None] + 1e-6).all()
    assert (np.diff(told.quantiles_kw, axis=2) >= 0).all()
    if lead == 1 or calamity is not newest_meter:
        assert all(one.model != REFUSED and one.reason for one in told.explanations)


@pytest.mark.parametrize("calamity", [with_gaps, with_three_days_of_bursts, all_zero])
def test_a_calamity_of_quarter_hours_or_of_a_feeder_stays_within_bounds(calamity):
    load = load_kw(1, 120, slots=96)
    calamity(load)
    for signed in (False, True):
        told = forecast_day(batch_of(load, signed=signed, temperature=True))
        top = 3 * np.nanmax(np.abs(load))
        assert np.isfinite(told.quantiles_kw).all()
        assert (np.abs(told.quantiles_kw) <= top + 1e-6).all()


def test_a_shut_down_is_forecast_as_one():
    load = load_kw(1, DAYS)
    shut_down_lately(load)
    assert forecast_day(batch_of(load)).mean_kw.max() < 8  # of 100 kW


@pytest.mark.parametrize("calamity", [with_missing_days, with_gaps, with_short_and_long_days])
def test_gaps_cost_little_accuracy(calamity):
    load = load_kw(2, DAYS)
    whole = load.copy()
    calamity(load)
    assert error(whole, forecast_day(batch_of(load)).mean_kw) < 0.08


def test_a_level_shift_is_followed():
    load = load_kw(2, DAYS)
    with_a_level_shift(load)
    assert error(load, forecast_day(batch_of(load)).mean_kw) < 0.15


def test_a_site_with_solar_may_feed_in():
    load = load_kw(1, DAYS)
    load[:, :, 10:15] -= 150.0
    told = forecast_day(batch_of(load, signed=True))
    assert told.mean_kw[0, 12] < -20
    assert (forecast_day(batch_of(load)).mean_kw >= 0).all()


def test_quarter_hours_are_forecast_like_hours():
    load = load_kw(1, 120, slots=96)
    told = forecast_day(batch_of(load))
    assert told.mean_kw.shape == (1, 96)
    assert error(load, told.mean_kw) < 0.05


def test_no_measurement_at_all_is_refused_with_a_reason():
    told = forecast_day(batch_of(np.full((1, 90, 24), np.nan)))
    assert told.explanations[0].model == REFUSED
    assert told.explanations[0].reason == "nothing was ever measured"


def test_a_young_meter_borrows_the_shape_of_its_peers():
    load = load_kw(1, DAYS)
    peers = np.stack([load[:, 0], load[:, 5]], axis=1) / load.mean()
    load[:, :-6] = np.nan
    told = forecast_day(batch_of(load, peers=peers))
    assert told.explanations[0].model == "peer_profile"
    assert "fewer than 54 measured days" in told.explanations[0].reason
    assert error(load, told.mean_kw) < 0.1


def test_negative_skill_falls_back_to_the_naive_model_and_says_so():
    load = load_kw(2, DAYS)
    told = forecast_day(batch_of(load), negative_skill=np.array([False, True]))
    assert [one.model for one in told.explanations] == ["day_ahead", "better_naive"]
    assert "naive model did better" in told.explanations[1].reason


def test_every_forecast_names_what_it_stands_on():
    said = forecast_day(batch_of(load_kw(1, DAYS), temperature=True)).explanations[0]
    assert said.inputs == ("load", "calendar", "temperature")
    assert sum(share for _, share in said.weights) == pytest.approx(1.0, abs=1e-3)
