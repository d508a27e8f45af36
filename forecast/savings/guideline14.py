"""The statistics of ASHRAE Guideline 14, as OpenDSM reckons them (opendsm common/metrics.py).

Fractional savings uncertainty is that of Sun and Baltazar (2013), with the number of rows lessened
by the residuals' lag-one correlation. These are told for compliance; they are no measure of how
sure a saving is, for on real buildings their intervals held the truth in 8 to 14 % of the cases.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from forecast.quantiles import FloatArray
from forecast.savings.student import two_sided_t

ALPHA_HOURLY = 1.26
ALPHA_DAILY = (-0.00024, 0.03535, 1.00286)
ALPHA_MONTHLY = (-0.00022, 0.03306, 0.94054)
FSU_LIMIT = 0.5
CVRMSE_LIMIT = 0.25
NMBE_LIMIT = 0.005
R2_ADVISED = 0.7


def nmbe(observed: FloatArray, fitted: FloatArray, parameters: float) -> float:
    """Bias of the fit as a share of the mean; positive where the fit is too low."""
    gap = float(np.sum(observed - fitted))
    return gap / ((len(observed) - parameters) * float(np.mean(observed)))


def cvrmse(observed: FloatArray, fitted: FloatArray, parameters: float) -> float:
    """Scatter of the fit as a share of the mean."""
    squares = float(np.sum((observed - fitted) ** 2))
    return sqrt(squares / (len(observed) - parameters)) / float(np.mean(observed))


def r_squared(observed: FloatArray, fitted: FloatArray) -> float:
    """Share of the variance that the fit explains; NaN where nothing varies."""
    total = float(np.sum((observed - np.mean(observed)) ** 2))
    return 1.0 - float(np.sum((observed - fitted) ** 2)) / total if total > 0 else float("nan")


def lag1(residuals: FloatArray) -> float:
    """Correlation of each residual with the one before; 0 where nothing varies."""
    centred = residuals - np.mean(residuals)
    total = float(centred @ centred)
    return float(centred[1:] @ centred[:-1]) / total if total > 0 else 0.0


def effective_rows(rows: int, correlation_ratio: float) -> float:
    """How many independent rows would say as much."""
    return rows * (1 - correlation_ratio) / (1 + correlation_ratio)


def alpha(frequency: str, months: float) -> float:
    """The factor of Sun and Baltazar for `hourly`, `daily` or `monthly` rows over that time."""
    if frequency == "hourly":
        return ALPHA_HOURLY
    square, linear, constant = ALPHA_DAILY if frequency == "daily" else ALPHA_MONTHLY
    return square * months**2 + linear * months + constant


def savings_uncertainty(
    *,
    frequency: str,
    rows: int,
    parameters: float,
    cvrmse_ratio: float,
    correlation_ratio: float,
    reporting_rows: int,
    months: float,
    saved_ratio: float,
    confidence_ratio: float,
) -> float:
    """Fractional savings uncertainty: half the interval's width as a share of the saving."""
    alike = effective_rows(rows, correlation_ratio)
    spread = sqrt(rows / alike * (1 + 2 / alike) / reporting_rows)
    t = two_sided_t(confidence_ratio, rows - parameters)
    if saved_ratio == 0:
        return float("inf")
    return alpha(frequency, months) * t * cvrmse_ratio * spread / abs(saved_ratio)


def minimum_provable_ratio(uncertainty_ratio: float, saved_ratio: float) -> float:
    """The smallest share saved whose uncertainty would just be the guideline's 50 %."""
    return abs(saved_ratio) * uncertainty_ratio / FSU_LIMIT
