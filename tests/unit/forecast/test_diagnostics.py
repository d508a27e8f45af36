from __future__ import annotations

import numpy as np
import pytest

from forecast.diagnostics import available
from forecast.engine.activity import activity_of
from forecast.engine.past import past_of
from forecast.engine.profiles import profiles_of
from forecast.engine.settings import EngineSettings
from tests.support.forecast_site import batch_of, load_kw

needed = pytest.mark.skipif(not available.installed(), reason="loadstone[diagnostics] is not there")


def test_without_the_extra_it_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(available, "find_spec", lambda name: None)
    with pytest.raises(available.DiagnosticsNotInstalledError, match=r"loadstone\[diagnostics\]"):
        available.parts_of(load_kw(1, 60)[0])


@needed
def test_the_parts_add_up_and_tell_a_week_of_workdays():
    load = load_kw(1, 42)[0]
    parts = available.parts_of(load)
    total = parts.trend_kw + parts.daily_kw + parts.weekly_kw + parts.rest_kw
    np.testing.assert_allclose(total, load, atol=1e-6)
    assert parts.daily_strength_ratio > 0.8
    assert parts.weekly_strength_ratio > 0.8


@needed
def test_noise_alone_has_weak_seasons():
    load = 50 + np.random.default_rng(1).normal(0, 5, (42, 24))
    assert available.parts_of(load).daily_strength_ratio < 0.6


@needed
def test_gaps_and_short_histories_are_refused():
    load = load_kw(1, 60)[0]
    with pytest.raises(ValueError, match="four weeks"):
        available.parts_of(load[:20])
    load[3, 4] = np.nan
    with pytest.raises(ValueError, match="gaps"):
        available.parts_of(load)


@needed
def test_the_engines_usual_days_agree_with_the_seasonal_parts():
    """Two ways to the same thing: what MSTL finds seasonal is what our profiles call usual."""
    load = load_kw(1, 58)
    parts = available.parts_of(load[0, :-2])
    seasonal = parts.trend_kw + parts.daily_kw + parts.weekly_kw
    past = past_of(batch_of(load, country=None))
    profiles = profiles_of(past, activity_of(past, EngineSettings()))
    usual = profiles.of(profiles.off)[0] * past.scale_kw[0]
    week = slice(-9, -2)
    gap = np.abs(usual[week] - seasonal[-7:]).mean() / load.mean()
    assert gap < 0.05
    for ours, theirs in zip(usual[week], seasonal[-7:], strict=True):
        if np.ptp(ours) > 30:  # workdays; days off are flat here
            assert np.corrcoef(ours, theirs)[0, 1] > 0.98
