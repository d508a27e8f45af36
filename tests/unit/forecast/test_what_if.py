"""What-if: load moved by the clock, a warmer day, and the chance of going beyond a limit."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.exceedance import paths_of, peak_chance
from forecast.load_shift import LoadShift, by_clock, shifted
from forecast.quantiles import LEVELS, NORMAL_SCORES
from forecast.temperature_response import fit_response, response_change, widened

HOUR = np.arange(24)


def test_energy_moved_to_other_hours_is_the_energy_taken_away() -> None:
    mean = np.full(48, 100.0)
    day = np.repeat([0, 1], 24)
    clock = np.tile(HOUR * 60, 2)
    shift = LoadShift(
        power_kw=30, out_of=by_clock(14 * 60, 22 * 60, clock), into=by_clock(0, 6 * 60, clock)
    )
    found = shifted(mean, day, shift, 3600)
    assert found.moved_kwh == pytest.approx(2 * 8 * 30)
    assert found.left_kwh == 0
    assert found.change_kw.sum() == pytest.approx(0)
    assert found.change_kw[14:22] == pytest.approx(np.full(8, -30))
    assert found.change_kw[:6] == pytest.approx(np.full(6, 40))
    assert found.change_kw[6:14] == pytest.approx(np.zeros(8))


def test_nobody_gives_up_more_than_is_expected_of_a_pure_consumer() -> None:
    mean = np.array([10.0, 50.0, -5.0, np.nan])
    shift = LoadShift(power_kw=30, out_of=np.ones(4, dtype=bool), into=None)
    found = shifted(mean, np.zeros(4, dtype=int), shift, 900)
    assert found.change_kw.tolist() == [-10, -30, 0, 0]
    assert found.moved_kwh == pytest.approx(10)
    signed = shifted(mean, np.zeros(4, dtype=int), shift, 900, signed=True)
    assert signed.change_kw.tolist() == [-30, -30, -30, 0]


def test_load_that_finds_no_hour_of_its_day_is_told() -> None:
    shift = LoadShift(power_kw=30, out_of=np.array([True, False]), into=np.array([False, True]))
    found = shifted(np.array([100.0, 100.0]), np.array([0, 1]), shift, 3600)
    assert (found.moved_kwh, found.left_kwh) == (30, 30)
    assert found.change_kw.tolist() == [-30, 0]


def test_a_window_may_lie_across_midnight() -> None:
    assert by_clock(22 * 60, 6 * 60, HOUR * 60).sum() == 8
    assert by_clock(0, 24 * 60, HOUR * 60).all()
    with pytest.raises(ValueError, match="ends where it begins"):
        by_clock(60, 60, HOUR * 60)


def test_load_cannot_be_moved_into_where_it_comes_from() -> None:
    some = np.array([True, False])
    with pytest.raises(ValueError, match="taken from"):
        LoadShift(power_kw=1, out_of=some, into=some)
    with pytest.raises(ValueError, match="cannot be moved"):
        LoadShift(power_kw=0, out_of=some, into=None)


def history(days: int, *, cooling_kw_per_k: float, seed: int = 1):
    """Loads of an office that grows over the year and cools above 20 °C."""
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    warmth = 18 + 10 * np.sin(day / 365 * 2 * np.pi)[:, None] + rng.normal(0, 3, (days, 1))
    warmth = warmth + 4 * np.sin(HOUR / 24 * 2 * np.pi - 2)
    load = 400 + 0.5 * day[:, None] + 100 * (day % 7 < 5)[:, None]
    load = load + cooling_kw_per_k * np.maximum(warmth - 20, 0)
    return load + rng.normal(0, 8, (days, 24)), warmth, np.where(day % 7 < 5, 0, 1)


def test_the_response_to_warmth_is_found_beside_growth_and_weekdays() -> None:
    response = fit_response(*history(200, cooling_kw_per_k=8.0))
    assert response is not None
    assert response.cooling_base_c == 20
    assert response.cooling_kw_per_k == pytest.approx(np.full(6, 8.0), rel=0.08)
    warmth = np.array([15.0, 19.0, 25.0, np.nan])
    change, error = response_change(response, warmth, np.array([3.0, 10, 15, 20]), 3.0)
    assert change[:3] == pytest.approx([0, 16, 24], rel=0.1)
    assert np.isnan(change[3])
    assert error[2] > error[1] > error[0] == 0


def test_what_does_not_answer_to_the_weather_is_not_said_to() -> None:
    for seed in range(4):
        response = fit_response(*history(200, cooling_kw_per_k=0.0, seed=seed))
        assert response is not None
        assert np.abs(response.cooling_kw_per_k).max() < 0.5
        assert response.explained_ratio < 0.1


def test_too_short_a_history_gives_no_response() -> None:
    load, warmth, kind = history(80, cooling_kw_per_k=8.0)
    load[20:50] = np.nan
    assert fit_response(load, warmth, kind) is None


def test_an_uncertain_response_widens_the_band_and_leaves_the_middle() -> None:
    band = 100 + 10 * np.array(NORMAL_SCORES)[None]
    wide = widened(band, np.array([7.5]))
    assert wide[0, 5] == 100
    assert wide[0] == pytest.approx(100 + 12.5 * np.array(NORMAL_SCORES))
    assert widened(band, np.zeros(1)) == pytest.approx(band)


def test_paths_have_the_bands_they_are_made_of() -> None:
    mean = 500 + 200 * np.sin(np.arange(96) / 96 * 2 * np.pi)
    band = mean[:, None] + 30 * np.array(NORMAL_SCORES)
    paths = paths_of(band, 900)
    told = np.quantile(paths, LEVELS, axis=0).T
    assert told == pytest.approx(band, abs=6)
    assert np.array_equal(paths, paths_of(band, 900))


def test_the_chance_lies_between_the_worst_slot_and_slots_that_know_nothing_of_each_other() -> None:
    band = 100 + 10 * np.repeat(np.array(NORMAL_SCORES)[None], 24, axis=0)
    limit = 100 + 10 * 1.2816  # each slot alone: one in ten
    chance = peak_chance(paths_of(band, 3600), limit)
    assert chance.exceeds_ratio is not None
    assert 0.1 < chance.exceeds_ratio < 1 - 0.9**24
    assert peak_chance(paths_of(band, 3600, 1.0), limit).exceeds_ratio == pytest.approx(
        0.1, abs=0.02
    )
    assert peak_chance(paths_of(band, 3600, 0.0), limit).exceeds_ratio == pytest.approx(
        1 - 0.9**24, abs=0.03
    )


def test_a_peak_that_is_set_is_never_undercut() -> None:
    band = 100 + 10 * np.repeat(np.array(NORMAL_SCORES)[None], 4, axis=0)
    chance = peak_chance(paths_of(band, 900), 140.0, floor_kw=150.0)
    assert chance.exceeds_ratio == 1
    assert chance.peak_kw.min() >= 150
    assert peak_chance(paths_of(band, 900), None).exceeds_ratio is None
