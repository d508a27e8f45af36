"""Whether the data bears a judgement at all, and what about it an auditor would ask."""

from __future__ import annotations

from typing import Final

import numpy as np

from forecast.savings.guideline14 import CVRMSE_LIMIT, NMBE_LIMIT, R2_ADVISED
from forecast.savings.result import DataFinding, FitStatistics
from forecast.savings.rows import EnergyRows

LEAST_BASELINE_DAYS: Final = 329
LEAST_REPORTING_DAYS: Final = 28
WHOLE_CYCLE_DAYS: Final = 329
LEAST_KNOWN_RATIO: Final = 0.9
MOST_ZERO_RATIO: Final = 0.05
MOST_OUTSIDE_RATIO: Final = 0.05
OUTSIDE_MARGIN_C: Final = 1.0
MOST_APART_DAYS: Final = 366


def findings_of(
    baseline: EnergyRows, reporting: EnergyRows, statistics: FitStatistics
) -> tuple[DataFinding, ...]:
    """Every limit that is missed, the ones that forbid a verdict marked `blocks`."""
    told = [
        _least("baseline_too_short", "baseline", _days(baseline), LEAST_BASELINE_DAYS, blocks=True),
        _least(
            "reporting_too_short", "reporting", _days(reporting), LEAST_REPORTING_DAYS, blocks=True
        ),
        _least("not_a_whole_year", "reporting", _days(reporting), WHOLE_CYCLE_DAYS),
        _least("energy_missing", "baseline", _known(baseline), LEAST_KNOWN_RATIO, blocks=True),
        _least("energy_missing", "reporting", _known(reporting), LEAST_KNOWN_RATIO, blocks=True),
        _least("temperature_missing", "baseline", _warm(baseline), LEAST_KNOWN_RATIO),
        _least("temperature_missing", "reporting", _warm(reporting), LEAST_KNOWN_RATIO),
        _most("zeros", "baseline", _zeros(baseline), MOST_ZERO_RATIO),
        _most("zeros", "reporting", _zeros(reporting), MOST_ZERO_RATIO),
        _most(
            "weather_not_seen_before",
            "reporting",
            _outside(baseline, reporting),
            MOST_OUTSIDE_RATIO,
        ),
        _most("periods_far_apart", "reporting", _apart(baseline, reporting), MOST_APART_DAYS),
        _most("cvrmse_above_limit", "baseline", statistics.cvrmse_ratio, CVRMSE_LIMIT),
        _most("nmbe_above_limit", "baseline", abs(statistics.nmbe_ratio), NMBE_LIMIT),
        _least("r2_below_advice", "baseline", statistics.r2, R2_ADVISED),
    ]
    return tuple(one for one in told if one is not None)


def _least(
    code: str, period: str, figure: float, limit: float, *, blocks: bool = False
) -> DataFinding | None:
    if figure >= limit:
        return None
    return DataFinding(code=code, period=period, figure=figure, limit=limit, blocks=blocks)


def _most(code: str, period: str, figure: float, limit: float) -> DataFinding | None:
    if figure <= limit:
        return None
    return DataFinding(code=code, period=period, figure=figure, limit=limit, blocks=False)


def _days(rows: EnergyRows) -> float:
    return float(rows.day.max() - rows.day.min() + 1) if len(rows) else 0.0


def _known(rows: EnergyRows) -> float:
    return float(np.isfinite(rows.energy_kwh).mean()) if len(rows) else 0.0


def _warm(rows: EnergyRows) -> float:
    return float(np.isfinite(rows.temperature_c).mean()) if len(rows) else 0.0


def _zeros(rows: EnergyRows) -> float:
    known = rows.energy_kwh[np.isfinite(rows.energy_kwh)]
    return float((known <= 0).mean()) if len(known) else 0.0


def _outside(baseline: EnergyRows, reporting: EnergyRows) -> float:
    """Share of the reporting temperatures beyond what the baseline has seen."""
    before = baseline.temperature_c[np.isfinite(baseline.temperature_c)]
    after = reporting.temperature_c[np.isfinite(reporting.temperature_c)]
    if not len(before) or not len(after):
        return 0.0
    low, high = before.min() - OUTSIDE_MARGIN_C, before.max() + OUTSIDE_MARGIN_C
    return float(((after < low) | (after > high)).mean())


def _apart(baseline: EnergyRows, reporting: EnergyRows) -> float:
    return (
        float(reporting.day.min() - baseline.day.max()) if len(baseline) and len(reporting) else 0.0
    )
