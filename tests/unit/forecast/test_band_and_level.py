from __future__ import annotations

import numpy as np
import pytest

from forecast.engine.adaptive_band import TriedDays, adaptive_spread
from forecast.engine.ceiling import under_ceiling
from forecast.engine.level_shift import level_shift
from forecast.engine.settings import EngineSettings
from forecast.ladder import forecast_day
from forecast.models.day_ahead import DayAhead
from tests.support.forecast_site import batch_of, load_kw

S, N = 24, 85
SETTINGS = EngineSettings()
POINT = np.ones((1, S))


def tried(errors: np.ndarray, *, lead: int = 1, first: int = 100) -> TriedDays:
    """Tried days up to the morning of issue, the day asked for `lead` days later."""
    days = np.append(first + np.arange(errors.shape[1]), first + errors.shape[1] - 1 + lead)
    known = np.isfinite(errors)
    early = np.arange(S) < 8
    known[:, -1, ~early] = False
    return TriedDays(
        errors=np.where(known, errors, 0.0),
        told=np.ones_like(errors),
        known=known,
        days=days,
        off=np.zeros((len(errors), len(days)), dtype=bool),
        lead=lead,
        early=early,
    )


def noise(scale: float = 0.1, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, scale, (1, N, S))


def width(errors: np.ndarray) -> float:
    found = adaptive_spread(tried(errors), POINT, SETTINGS).quantiles
    return float((found[..., 9] - found[..., 1]).mean())


def test_the_band_of_steady_errors_is_as_wide_as_they_are():
    assert width(noise()) == pytest.approx(2 * 1.2816 * 0.1, rel=0.12)


def test_the_band_widens_within_days_when_errors_grow_and_narrows_when_they_shrink():
    wild, calm = noise(), noise()
    wild[:, -10:] *= 3
    calm[:, -10:] /= 3
    assert width(wild) > 1.6 * width(noise())
    assert width(calm) < 0.65 * width(noise())


def test_a_band_that_was_missed_on_one_side_moves_to_that_side():
    drifting = noise()
    drifting[:, -20:] += np.linspace(0, 0.3, 20)[None, :, None]
    found = adaptive_spread(tried(drifting), POINT, SETTINGS).quantiles
    still = adaptive_spread(tried(noise()), POINT, SETTINGS).quantiles
    assert found[0, :, 9].mean() > still[0, :, 9].mean() + 0.1
    assert (np.diff(found, axis=2) >= 0).all()


def test_the_band_is_the_same_whenever_it_is_reckoned_and_looks_at_nothing_unknown():
    errors = noise()
    one = adaptive_spread(tried(errors), POINT, SETTINGS).quantiles
    errors[:, -1, 8:] = 1e6
    errors_unknown = adaptive_spread(tried(errors), POINT, SETTINGS).quantiles
    np.testing.assert_array_equal(one, errors_unknown)


def test_few_tried_days_or_silent_ones_still_give_finite_quantiles():
    for days in (1, 5, 20):
        found = adaptive_spread(tried(noise()[:, :days]), POINT, SETTINGS)
        assert np.isfinite(found.quantiles).all()
    silent = adaptive_spread(tried(np.full((1, N, S), np.nan)), POINT, SETTINGS)
    assert np.isfinite(silent.quantiles).all()


def test_quantiles_seldom_pass_the_peaks_of_late_but_the_point_may():
    loads = np.ones((1, N, S))
    known = np.ones_like(loads, dtype=bool)
    band = np.full((1, S, 11), 1.5)
    assert under_ceiling(band, POINT, loads, known) == pytest.approx(1.15)
    np.testing.assert_array_equal(under_ceiling(band, 2 * POINT, loads, known), band)
    np.testing.assert_array_equal(under_ceiling(band, POINT, loads, ~known), band)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_what_two_days_and_a_morning_agree_on_is_carried(sign):
    errors = noise(0.02)
    errors[:, -3:] += sign * 0.4
    shift = level_shift(tried(errors), SETTINGS)[0]
    assert 0.1 < sign * shift[-1] < 0.4
    assert np.abs(shift[:-5]).max() < 0.02


def test_a_single_odd_day_moves_nothing():
    errors = noise(0.02)
    errors[:, -3] += 0.4
    errors[:, -2:] = -0.01
    assert level_shift(tried(errors), SETTINGS)[0, -1] == 0.0


def test_of_today_the_morning_speaks_elsewhere():
    assert not level_shift(tried(noise(), lead=0), SETTINGS).any()


def test_premises_that_changed_level_days_ago_are_forecast_nearer_to_the_new_level():
    load = load_kw(1, 200)
    load[:, -4:] *= 1.5
    slow = DayAhead(settings=EngineSettings(shift_share_ratio=0.0))
    missed = [
        np.abs(forecast_day(batch_of(load), model).mean_kw - load[:, -1]).mean()
        for model in (DayAhead(), slow)
    ]
    assert missed[0] < 0.9 * missed[1]
