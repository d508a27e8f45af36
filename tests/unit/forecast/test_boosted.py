from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from forecast.ladder import forecast_day
from forecast.models import day_ahead, day_ahead_boosted
from tests.support.forecast_site import batch_of, load_kw


def test_without_the_extra_it_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(day_ahead_boosted, "find_spec", lambda name: None)
    assert not day_ahead_boosted.installed()
    with pytest.raises(day_ahead_boosted.BoostingNotInstalledError, match=r"loadstone\[lightgbm\]"):
        day_ahead_boosted.MODEL.fit(batch_of(load_kw(1, 100)))


def test_nothing_loads_the_library_unless_asked():
    asked = "import sys, forecast.ladder, forecast.models.day_ahead_boosted as one; "
    code = asked + "one.installed(); sys.exit('lightgbm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_trees_earn_a_share_where_load_jumps_with_the_weather():
    pytest.importorskip("lightgbm")
    rng = np.random.default_rng(2)
    load = load_kw(2, 260, seed=3)
    batch = batch_of(load, temperature=True)
    warmth = batch.temperature_c + rng.normal(0, 4, load.shape[:2])[..., None]
    load += np.where((warmth > 14) & (warmth < 18), 40.0, 0.0)  # no line and no hinge
    batch = type(batch)(
        first_day=batch.first_day, load_kw=load, temperature_c=warmth, calendars=batch.calendars,
        lead_days=1, origin_slot=8, signed=batch.signed,
    )  # fmt: skip
    said = forecast_day(batch, day_ahead_boosted.MODEL).explanations
    shares = [dict(one.weights) for one in said]
    assert all(one["boosted"] > 0.2 for one in shares)
    assert [one.model for one in said] == ["day_ahead_boosted"] * 2
    assert "boosted" not in dict(forecast_day(batch, day_ahead.MODEL).explanations[0].weights)
