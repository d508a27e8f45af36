from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast.quantiles import LEVELS
from forecast.scorecard import Outcomes, portfolio, score

N, S = 10, 24


def outcomes() -> Outcomes:
    y = np.full((N, S), 100.0)
    y[:, 12] = 200.0
    band = np.broadcast_to(100 + 100 * (np.array(LEVELS) - 0.5), (N, S, 11)).copy()
    return Outcomes(
        measured_kw=y, mean_kw=y + 5, quantiles_kw=band, naive_day_kw=y + 10,
        naive_week_kw=y - 20, lead_days=np.repeat([1, 2], 5), special=np.arange(N) < 2,
        usual_week_change_kw=20.0,
    )  # fmt: skip


def test_figures_of_a_simple_case_are_those_of_paper_and_pencil():
    card = score(outcomes())
    assert card.values == N * S
    assert card.wape_pct == pytest.approx(100 * 5 * 24 / 2500)
    assert card.mase_ratio == pytest.approx(0.25)
    assert card.coverage_80_pct == pytest.approx(100 * 23 / 24)
    assert card.bias_pct_by_lead_days[1] == (2, pytest.approx(4.8))
    assert card.peak_error_pct == pytest.approx(2.5)
    assert card.peak_shift_h == 0


def test_skill_is_against_the_better_of_yesterday_and_last_week():
    assert score(outcomes()).skill_ratio == pytest.approx(0.5)
    worse = replace(outcomes(), mean_kw=outcomes().measured_kw + 15)
    assert score(worse).skill_ratio == pytest.approx(-0.5)
    assert score(worse).worse_than_naive


def test_what_was_not_measured_counts_nowhere():
    gappy = outcomes()
    gappy.measured_kw[:5] = np.nan
    card = score(gappy)
    assert card.values == 5 * S
    assert card.mase_ratio == pytest.approx(0.25)


def test_too_little_measured_gives_no_figures():
    gappy = outcomes()
    gappy.measured_kw[1:] = np.nan
    card = score(gappy)
    assert card.wape_pct is None
    assert not card.worse_than_naive


def test_a_portfolio_counts_each_customer_once():
    good, empty = score(outcomes()), score(replace(outcomes(), measured_kw=np.full((N, S), np.nan)))
    both = portfolio((good, empty))
    assert both.mase_ratio == good.mase_ratio
    assert both.bias_pct_by_lead_days == good.bias_pct_by_lead_days
