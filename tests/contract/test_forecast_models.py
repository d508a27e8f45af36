from __future__ import annotations

import numpy as np
import pytest

import forecast.models
from forecast.model import ForecastModel
from forecast.models import day_ahead_boosted
from loadstone.plugins import offered
from tests.support.forecast_site import batch_of, load_kw

MODELS = offered(forecast.models, ForecastModel, "MODEL")


@pytest.fixture(autouse=True)
def _only_what_is_installed(request):
    asked = request.node.callspec.params.get("name")
    if asked == day_ahead_boosted.MODEL.name and not day_ahead_boosted.installed():
        pytest.skip("the extra loadstone[lightgbm] is not installed")


def batch(lead: int = 1):
    load = load_kw(2, 120)
    peers = np.stack([load[:, 0], load[:, 5]], axis=1) / load.mean((1, 2), keepdims=True)
    return batch_of(load, peers=peers, lead=lead, temperature=True)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_says_what_it_needs_and_costs(name):
    model = MODELS[name]
    assert model.needs.history_days >= 1
    assert model.cost.cpu_ms > 0


@pytest.mark.parametrize("name", sorted(MODELS))
@pytest.mark.parametrize("lead", [1, 7])
def test_a_model_answers_with_ordered_finite_quantiles(name, lead):
    told = MODELS[name].fit(batch(lead)).predict()
    assert told.mean_kw.shape == (2, 24)
    assert told.quantiles_kw.shape == (2, 24, 11)
    assert np.isfinite(told.quantiles_kw).all()
    assert (np.diff(told.quantiles_kw, axis=2) >= 0).all()
    assert all(one.model == name and one.inputs for one in told.explanations)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_never_looks_past_the_issue(name):
    clean, planted = batch(), batch()
    planted.load_kw[:, -2, 8:] = 1e5
    planted.load_kw[:, -1] = 1e5
    one, other = MODELS[name].fit(clean).predict(), MODELS[name].fit(planted).predict()
    np.testing.assert_array_equal(one.quantiles_kw, other.quantiles_kw)
