"""Which baseline speaks: hourly or daily, with the weather or, where it is unknown, without."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from forecast.quantiles import BoolArray, FloatArray, IntArray
from forecast.savings.daily import DailyBaseline, fit_daily
from forecast.savings.hourly import HourlyBaseline, fit_hourly
from forecast.savings.result import Method
from forecast.savings.rows import HOURS_A_DAY, EnergyRows

LEAST_HOURS_A_DAY: Final = 20
BRIDGED_ROWS: Final = {True: 6, False: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A baseline, and what it says of the rows it was fitted on and of those to judge."""

    method: Method
    model: DailyBaseline | HourlyBaseline
    fitted_kwh: FloatArray
    expected_kwh: FloatArray
    fitted: BoolArray
    judged: BoolArray


def fit_and_expect(baseline: EnergyRows, reporting: EnergyRows) -> Fit:
    """Fit on the baseline and reckon what the reporting period would have used.

    The weather counts only where nine in ten temperatures of both periods are known: a baseline
    that leans on what is unknown later could judge no more than the known part.
    """
    before, after = bridged(baseline), bridged(reporting)
    warm = before.warm_known and after.warm_known
    fit = fit_hourly if baseline.hourly else fit_daily
    model = fit(before, with_temperature=warm)
    fitted, expected = model.predict(before), model.predict(after)
    return Fit(
        method=_method(baseline.hourly, warm),
        model=model,
        fitted_kwh=fitted,
        expected_kwh=expected,
        fitted=np.isfinite(fitted) & np.isfinite(baseline.energy_kwh),
        judged=np.isfinite(expected) & np.isfinite(reporting.energy_kwh),
    )


def _method(hourly: bool, warm: bool) -> Method:
    if hourly:
        return Method.HOURLY_TOWT if warm else Method.HOURLY_CALENDAR
    return Method.DAILY_CHANGE_POINT if warm else Method.DAILY_CALENDAR


def bridged(rows: EnergyRows) -> EnergyRows:
    """Rows whose short gaps of temperature are bridged by a straight line."""
    warm = rows.temperature_c
    unknown = ~np.isfinite(warm)
    if not unknown.any() or unknown.all():
        return rows
    place = np.arange(len(warm))
    near = np.interp(place, place[~unknown], warm[~unknown])
    short = unknown & (_gap_lengths(unknown) <= BRIDGED_ROWS[rows.hourly])
    return replace(rows, temperature_c=np.where(short, near, warm))


def _gap_lengths(unknown: BoolArray) -> IntArray:
    """For each row the length of the run of unknown ones that it stands in."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], unknown, [False]]).astype(np.int8)))
    lengths = np.zeros(len(unknown), dtype=np.int64)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        lengths[start:end] = end - start
    return lengths


def by_day(rows: EnergyRows) -> EnergyRows:
    """Hourly rows as days: mean hour times 24 (a day of 23 hours counts as much as any other).

    A day of which fewer than 20 hours are known is unknown.
    """
    if not rows.hourly:
        return rows
    days, first, place = np.unique(rows.day, return_index=True, return_inverse=True)

    def mean(values: FloatArray) -> FloatArray:
        known = np.isfinite(values)
        count = np.bincount(place[known], minlength=len(days))
        total = np.bincount(place[known], weights=values[known], minlength=len(days))
        enough = count >= LEAST_HOURS_A_DAY
        return np.where(enough, total / np.maximum(count, 1), np.nan)

    busy = rows.occupancy_ratio
    return EnergyRows(
        hourly=False,
        day=days,
        hour=np.zeros(len(days), dtype=np.int64),
        day_kind=rows.day_kind[first],
        energy_kwh=mean(rows.energy_kwh) * HOURS_A_DAY,
        temperature_c=mean(rows.temperature_c),
        occupancy_ratio=None if busy is None else mean(busy),
    )


def daily_sums(rows: EnergyRows, told_kwh: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Days, energy and expectation, summed over the rows in which both are known."""
    known = np.isfinite(told_kwh) & np.isfinite(rows.energy_kwh)
    if not rows.hourly:
        return rows.day[known], rows.energy_kwh[known], told_kwh[known]
    days, place = np.unique(rows.day[known], return_inverse=True)
    actual = np.bincount(place, weights=rows.energy_kwh[known], minlength=len(days))
    told = np.bincount(place, weights=told_kwh[known], minlength=len(days))
    return days, actual.astype(np.float64), told.astype(np.float64)
