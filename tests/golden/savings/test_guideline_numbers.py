"""Numbers of Guideline 14 and of Sun and Baltazar (2013), by hand and by OpenDSM's formulas.

The domain reference gives them rounded; here they stand with the digits of an independent
calculation (scipy.stats.t for the quantiles).
"""

from __future__ import annotations

import numpy as np
import pytest

from forecast.savings.guideline14 import (
    alpha,
    cvrmse,
    effective_rows,
    minimum_provable_ratio,
    nmbe,
    r_squared,
    savings_uncertainty,
)
from forecast.savings.student import two_sided_t

MEASURED = np.array([100.0, 110, 120, 115, 105, 130])
FITTED = np.array([102.0, 108, 118, 117, 108, 126])


def test_bias_scatter_and_r_squared_of_six_months() -> None:
    # sum of residuals 1, of squares 41; n - p = 4; mean 113.3333; total of squares 583.3333
    assert nmbe(MEASURED, FITTED, 2) == pytest.approx(1 / 4 / (680 / 6), abs=1e-9)
    assert nmbe(MEASURED, FITTED, 2) == pytest.approx(0.002206, abs=1e-6)
    assert cvrmse(MEASURED, FITTED, 2) == pytest.approx(0.028249, abs=1e-6)
    assert r_squared(MEASURED, FITTED) == pytest.approx(0.929714, abs=1e-6)


def test_a_degree_day_model_gives_the_saving_of_the_example() -> None:
    # E = 20 + 3.2 CDD at 0, 2, 5, 8 degree days; actual 19, 24, 33, 41
    expected = 20 + 3.2 * np.array([0.0, 2, 5, 8])
    saved = float(expected.sum() - (19 + 24 + 33 + 41))
    assert saved == pytest.approx(11.0, abs=1e-9)
    assert 100 * saved / float(expected.sum()) == pytest.approx(8.59375, abs=1e-9)


@pytest.mark.parametrize(
    ("confidence", "freedom", "expected"),
    [
        (0.95, 10, 2.228138851986274),
        (0.90, 360, 1.6490972984794114),
        (0.68, 360, 0.9958333378931493),
        (0.90, 9, 1.833112932656237),
        (0.90, 1, 6.313751514675037),
    ],
)
def test_quantiles_of_student_t(confidence: float, freedom: float, expected: float) -> None:
    assert two_sided_t(confidence, freedom) == pytest.approx(expected, abs=1e-9)


def test_effective_rows_and_alpha_of_the_table() -> None:
    assert effective_rows(365, 0.45) == pytest.approx(138.448276, abs=1e-6)
    assert effective_rows(8760, 0.85) == pytest.approx(710.270270, abs=1e-6)
    assert alpha("daily", 12) == pytest.approx(1.39250, abs=1e-9)
    assert alpha("daily", 3) == pytest.approx(1.10675, abs=1e-9)
    assert alpha("hourly", 12) == pytest.approx(1.26, abs=1e-9)
    assert alpha("monthly", 12) == pytest.approx(1.30558, abs=1e-9)


DAILY = {
    "frequency": "daily",
    "rows": 365,
    "parameters": 5,
    "cvrmse_ratio": 0.12,
    "correlation_ratio": 0.45,
    "saved_ratio": 0.10,
}
HOURLY = {
    "frequency": "hourly",
    "rows": 8760,
    "parameters": 40,
    "cvrmse_ratio": 0.20,
    "correlation_ratio": 0.85,
    "saved_ratio": 0.10,
}
MONTHLY = {
    "frequency": "monthly",
    "rows": 12,
    "parameters": 3,
    "cvrmse_ratio": 0.10,
    "correlation_ratio": 0.0,
    "saved_ratio": 0.10,
}


@pytest.mark.parametrize(
    ("case", "confidence", "expected"),
    [
        (DAILY | {"reporting_rows": 365, "months": 12}, 0.90, 0.235881230),
        (DAILY | {"reporting_rows": 365, "months": 12}, 0.68, 0.142440591),
        (DAILY | {"reporting_rows": 90, "months": 3}, 0.90, 0.377548621),
        (HOURLY | {"reporting_rows": 8760, "months": 12}, 0.90, 0.155766015),
        (MONTHLY | {"reporting_rows": 12, "months": 12}, 0.90, 0.746234772),
    ],
)
def test_fractional_savings_uncertainty(
    case: dict[str, object], confidence: float, expected: float
) -> None:
    told = savings_uncertainty(**case, confidence_ratio=confidence)  # type: ignore[arg-type]
    assert told == pytest.approx(expected, abs=1e-6)


def test_the_smallest_provable_saving_of_the_daily_case() -> None:
    told = savings_uncertainty(  # type: ignore[arg-type]
        **DAILY, reporting_rows=365, months=12, confidence_ratio=0.90
    )
    assert 100 * minimum_provable_ratio(told, 0.10) == pytest.approx(4.717625, abs=1e-6)
