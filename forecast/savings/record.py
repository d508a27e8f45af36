"""A judgement as plain JSON and back: what is kept of a verification, to the last figure."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Any, Final

from forecast.savings.result import (
    ComparisonAdjusted,
    DailyCurve,
    DataFinding,
    Doubt,
    EventFlag,
    FitStatistics,
    Method,
    NormalisedSavings,
    Option,
    PlaceboInterval,
    SavingsResult,
    Verdict,
)

Record = dict[str, Any]
FORMAT_VERSION: Final = 1


def to_record(result: SavingsResult) -> Record:
    """Plain values only: dates as ISO text; what is not a finite number becomes None."""
    told = _plain(asdict(result))
    told["format_version"] = FORMAT_VERSION
    return dict(told)


def from_record(record: Record) -> SavingsResult:
    """The judgement that `to_record` was given."""
    told = {key: value for key, value in record.items() if key != "format_version"}
    for day in ("baseline_from", "baseline_to", "reporting_from", "reporting_to"):
        told[day] = date.fromisoformat(told[day])
    comparison, usual = told["comparison"], told["normalised"]
    told |= {
        "method": Method(told["method"]),
        "option": Option(told["option"]),
        "interval": _interval(told["interval"]),
        "statistics": _statistics(told["statistics"]),
        "verdict": Verdict(told["verdict"]),
        "doubts": tuple(Doubt(one) for one in told["doubts"]),
        "findings": tuple(DataFinding(**one) for one in told["findings"]),
        "events": tuple(_event(one) for one in told["events"]),
        "curve": _curve(told["curve"]),
        "comparison": ComparisonAdjusted(**comparison) if comparison else None,
        "normalised": NormalisedSavings(**usual) if usual else None,
    }
    return SavingsResult(**told)


def _plain(value: Any) -> Any:  # noqa: ANN401  # whatever a dataclass holds
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def _statistics(record: Record) -> FitStatistics:
    """What was no number was infinite (an uncertainty of no saving at all) or unknown: NaN."""
    told: Record = {key: float("nan") if v is None else v for key, v in record.items()}
    return FitStatistics(**told)


def _interval(record: Record) -> PlaceboInterval:
    errors = ("own_errors_pct", "comparable_errors_pct")
    return PlaceboInterval(**{**record, **{one: tuple(record[one]) for one in errors}})


def _event(record: Record) -> EventFlag:
    days = ("first_day", "end_day")
    return EventFlag(**{**record, **{one: date.fromisoformat(record[one]) for one in days}})


def _curve(record: Record) -> DailyCurve:
    return DailyCurve(
        days=tuple(date.fromisoformat(one) for one in record["days"]),
        actual_kwh=tuple(record["actual_kwh"]),
        baseline_kwh=tuple(record["baseline_kwh"]),
    )
