"""One judgement from rows: baseline, figure, statistics, interval, events and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from forecast.savings import guideline14
from forecast.savings.events import flag_events
from forecast.savings.judging import Fit, by_day, daily_sums, fit_and_expect
from forecast.savings.placebo import Traits, interval, own_placebos, traits_of
from forecast.savings.result import (
    ComparisonAdjusted,
    DailyCurve,
    DataFinding,
    Doubt,
    EventFlag,
    FitStatistics,
    NormalisedSavings,
    Option,
    PlaceboInterval,
    SavingsResult,
    Verdict,
)
from forecast.savings.rows import EnergyRows, months_of
from forecast.savings.sufficiency import findings_of

YEAR_DAYS: Final = 365
LEAST_YEAR_DAYS: Final = 330
WHOLE_BASELINE_DAYS: Final = 400


class TooLittleToJudgeError(ValueError):
    """There are no rows on which a baseline, or a comparison with it, could stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What people have confirmed: days to leave out, and energy to add to the baseline."""

    excluded: tuple[tuple[date, date], ...] = ()
    non_routine_kwh: float = 0.0


def verify(
    history: EnergyRows,
    reporting: EnergyRows,
    *,
    option: Option = Option.C,
    settled: Settled = Settled(),
    comparable: Sequence[Traits] = (),
) -> SavingsResult:
    """Judge the reporting rows by the last year of `history`; what lies before serves as placebo.

    Raises `TooLittleToJudgeError` where nothing can be fitted or nothing compared.
    """
    history, reporting = without(history, settled), without(reporting, settled)
    baseline = last_year(history)
    if np.isfinite(baseline.energy_kwh).sum() < 14 or not np.isfinite(reporting.energy_kwh).any():
        raise TooLittleToJudgeError
    fit = fit_and_expect(baseline, reporting)
    if not fit.judged.any() or not float(fit.expected_kwh[fit.judged].sum()) > 0:
        raise TooLittleToJudgeError
    observed = float(reporting.energy_kwh[fit.judged].sum())
    expected = float(fit.expected_kwh[fit.judged].sum()) + settled.non_routine_kwh
    saved = expected - observed
    traits = replace(traits_of(baseline, reporting, fit), found_ratio=saved / expected)
    span = int(reporting.day.max() - reporting.day.min()) + 1
    own = own_placebos(by_day(history), span)
    placebo = interval(traits, own, comparable, expected)
    statistics = statistics_of(baseline, reporting, fit, saved / expected)
    findings = findings_of(baseline, reporting, statistics)
    doubts = doubts_of(placebo, statistics, findings, saved)
    return SavingsResult(
        method=fit.method,
        option=option,
        baseline_from=_date(baseline.day.min()),
        baseline_to=_date(baseline.day.max() + 1),
        reporting_from=_date(reporting.day.min()),
        reporting_to=_date(reporting.day.max() + 1),
        observed_kwh=observed,
        baseline_kwh=expected,
        non_routine_kwh=settled.non_routine_kwh,
        savings_kwh=saved,
        savings_pct=100 * saved / expected,
        interval=placebo,
        statistics=statistics,
        verdict=Verdict.NOT_PROVEN if doubts else Verdict.PROVEN,
        doubts=doubts,
        findings=findings,
        events=events_of(baseline, reporting, fit),
        curve=curve_of(reporting, fit),
        comparison=compared(saved, expected, comparable),
        normalised=normalised(baseline, reporting),
    )


def _date(day: np.int64) -> date:
    return date.fromordinal(int(day))


def last_year(history: EnergyRows) -> EnergyRows:
    """The baseline: all where there is little more than a year, else the last 365 days."""
    first, last = int(history.day.min()), int(history.day.max())
    if last - first + 1 <= WHOLE_BASELINE_DAYS:
        return history
    return history.only(history.day > last - YEAR_DAYS)


def without(rows: EnergyRows, settled: Settled) -> EnergyRows:
    """Rows with the energy of excluded days unknown."""
    energy = rows.energy_kwh.copy()
    for first, end in settled.excluded:
        energy[(rows.day >= first.toordinal()) & (rows.day < end.toordinal())] = np.nan
    return replace(rows, energy_kwh=energy)


def statistics_of(
    baseline: EnergyRows, reporting: EnergyRows, fit: Fit, saved_ratio: float
) -> FitStatistics:
    """The statistics of Guideline 14, of the fit and of the saving."""
    y, told = baseline.energy_kwh[fit.fitted], fit.fitted_kwh[fit.fitted]
    parameters = min(fit.model.parameters, len(y) - 2.0)
    scatter = guideline14.cvrmse(y, told, parameters)
    correlation = min(max(guideline14.lag1(y - told), -0.99), 0.999)

    def uncertainty(confidence: float) -> float:
        return guideline14.savings_uncertainty(
            frequency="hourly" if baseline.hourly else "daily",
            rows=len(y),
            parameters=parameters,
            cvrmse_ratio=scatter,
            correlation_ratio=correlation,
            reporting_rows=int(fit.judged.sum()),
            months=months_of(reporting),
            saved_ratio=saved_ratio,
            confidence_ratio=confidence,
        )

    at_90 = uncertainty(0.90)
    return FitStatistics(
        rows=len(y),
        parameters=parameters,
        cvrmse_ratio=scatter,
        nmbe_ratio=guideline14.nmbe(y, told, parameters),
        r2=guideline14.r_squared(y, told),
        lag1=correlation,
        effective_rows=guideline14.effective_rows(len(y), correlation),
        fsu_68_ratio=uncertainty(0.68),
        fsu_90_ratio=at_90,
        minimum_provable_pct=100 * guideline14.minimum_provable_ratio(at_90, saved_ratio)
        if saved_ratio
        else float("nan"),
    )


def doubts_of(
    placebo: PlaceboInterval,
    statistics: FitStatistics,
    findings: Sequence[DataFinding],
    saved_kwh: float,
) -> tuple[Doubt, ...]:
    """What forbids to call the saving proven.

    The guideline asks for an uncertainty of at most 50 % at 68 % confidence; here it must hold at
    90 % too, which is the stricter.
    """
    told = []
    if saved_kwh <= 0:
        told.append(Doubt.NO_SAVING)
    if placebo.includes_zero:
        told.append(Doubt.PLACEBO_INCLUDES_ZERO)
    if max(statistics.fsu_68_ratio, statistics.fsu_90_ratio) > guideline14.FSU_LIMIT:
        told.append(Doubt.FSU_ABOVE_LIMIT)
    if any(one.blocks for one in findings):
        told.append(Doubt.DATA_INSUFFICIENT)
    return tuple(told)


def events_of(baseline: EnergyRows, reporting: EnergyRows, fit: Fit) -> tuple[EventFlag, ...]:
    """Flags of both periods; the reporting period is held against its own level."""
    before = daily_sums(baseline, fit.fitted_kwh)
    days, actual, expected = daily_sums(reporting, fit.expected_kwh)
    level = float(np.median(actual / np.where(expected > 0, expected, np.nan)))
    after = (days, actual, expected * level) if np.isfinite(level) else (days, actual, expected)
    return (*flag_events("baseline", *before), *flag_events("reporting", *after))


def curve_of(reporting: EnergyRows, fit: Fit) -> DailyCurve:
    """Actual and baseline, day by day."""
    days, actual, expected = daily_sums(reporting, fit.expected_kwh)
    return DailyCurve(
        days=tuple(_date(one) for one in days),
        actual_kwh=tuple(float(one) for one in actual),
        baseline_kwh=tuple(float(one) for one in expected),
    )


def compared(
    saved_kwh: float, expected_kwh: float, comparable: Sequence[Traits]
) -> ComparisonAdjusted | None:
    """The saving against a baseline that drifted as the comparable customers did (their median)."""
    if not comparable:
        return None
    drift = float(np.median([one.found_ratio for one in comparable]))
    drifted = expected_kwh * (1 - drift)
    left = saved_kwh - expected_kwh * drift
    return ComparisonAdjusted(
        customers=len(comparable),
        drift_pct=100 * drift,
        savings_kwh=left,
        savings_pct=100 * left / drifted,
    )


def normalised(baseline: EnergyRows, reporting: EnergyRows) -> NormalisedSavings | None:
    """Saving of a usual year: models of before and after under the weather of both years.

    None where the reporting period has not yet seen a year or the weather is unknown.
    """
    before, after = by_day(baseline), by_day(reporting)
    if len(after) < LEAST_YEAR_DAYS or not (before.warm_known and after.warm_known):
        return None
    forth, back = fit_and_expect(before, after), fit_and_expect(after, before)
    was = np.nansum(forth.fitted_kwh) + np.nansum(forth.expected_kwh)
    now = np.nansum(back.fitted_kwh) + np.nansum(back.expected_kwh)
    days = len(before) + len(after)
    if not was > 0:
        return None
    return NormalisedSavings(
        years_of_weather=round(days / YEAR_DAYS),
        savings_kwh=float(was - now) * YEAR_DAYS / days,
        savings_pct=100 * float(was - now) / float(was),
    )
