"""Forecast the past as it would have been forecast then: every issue sees only what came before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecast.batch import LoadBatch, LoadForecast
from forecast.calendars.day_kinds import DayKinds
from forecast.ladder import forecast_day
from forecast.model import ForecastModel
from forecast.models import day_ahead
from forecast.quantiles import BoolArray, FloatArray, IntArray
from forecast.scorecard import Outcomes, Scorecard, score

ForeseenWeather = Callable[[int, int], FloatArray]
"""(day of issue, target day) -> temperatures [C, target - issue + 1, S] as foreseen at the issue,
the day of issue first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRecord:
    """What was measured: C customers, D days, S slots."""

    first_day: date
    load_kw: FloatArray
    calendars: tuple[DayKinds, ...]
    signed: BoolArray
    temperature_c: FloatArray | None = None
    foreseen_c: ForeseenWeather | None = None
    """Without it temperatures after an issue are unknown, even where they were measured."""


def issued(record: PastRecord, target: int, lead_days: int, origin_slot: int) -> LoadBatch:
    """The batch for the day `target` as it could have been put `lead_days` before.

    Nothing measured at or after the issue is in its arrays.
    """
    origin = target - lead_days
    load = np.full((*record.load_kw.shape[:1], target + 1, record.load_kw.shape[2]), np.nan)
    load[:, :origin] = record.load_kw[:, :origin]
    load[:, origin, :origin_slot] = record.load_kw[:, origin, :origin_slot]
    return LoadBatch(
        first_day=record.first_day,
        load_kw=load,
        temperature_c=_temperature(record, load, origin, target, origin_slot),
        calendars=tuple(one.part(target + 1) for one in record.calendars),
        lead_days=lead_days,
        origin_slot=origin_slot,
        signed=record.signed,
    )


def _temperature(
    record: PastRecord, load: FloatArray, origin: int, target: int, slot: int
) -> FloatArray | None:
    if record.temperature_c is None:
        return None
    warmth = np.full_like(load, np.nan)
    if record.foreseen_c is not None:
        warmth[:, origin:] = record.foreseen_c(origin, target)
    warmth[:, :origin] = record.temperature_c[:, :origin]
    warmth[:, origin, :slot] = record.temperature_c[:, origin, :slot]
    return warmth


def backtest(
    record: PastRecord,
    targets: Sequence[int],
    lead_days: int,
    origin_slot: int,
    model: ForecastModel = day_ahead.MODEL,
) -> Iterator[tuple[int, LoadForecast]]:
    """(target day, forecast) for each of the `targets`, in their order."""
    for target in targets:
        yield target, forecast_day(issued(record, target, lead_days, origin_slot), model)


def scored(
    record: PastRecord,
    forecasts: Sequence[tuple[int, LoadForecast]],
    lead_days: int,
    origin_slot: int,
) -> tuple[Scorecard, ...]:
    """One card a customer for forecasts of one lead."""
    targets = np.array([target for target, _ in forecasts])
    means = np.stack([told.mean_kw for _, told in forecasts], axis=1)
    bands = np.stack([told.quantiles_kw for _, told in forecasts], axis=1)
    first = int(targets.min())
    return tuple(
        score(
            Outcomes(
                measured_kw=record.load_kw[row, targets],
                mean_kw=means[row],
                quantiles_kw=bands[row],
                naive_day_kw=_naive(record.load_kw[row], targets, 1, lead_days),
                naive_week_kw=_naive(record.load_kw[row], targets, 7, lead_days),
                lead_days=np.full(len(targets), lead_days),
                special=record.calendars[row].near[targets],
                usual_week_change_kw=week_change_kw(record.load_kw[row, :first]),
            )
        )
        for row in range(len(record.load_kw))
    )


def _naive(load: FloatArray, targets: IntArray, period: int, lead: int) -> FloatArray:
    """The last same period that was whole at the issue."""
    back = period * -(-(lead + 1) // period)
    return load[np.maximum(targets - back, 0)]


def week_change_kw(load: FloatArray) -> float:
    """Mean absolute change from a week to the next over the last year of [D, S]; 0 if unknown."""
    year = load[-365:]
    change = np.abs(year[7:] - year[:-7])
    known = np.isfinite(change)
    return float(change[known].mean()) if known.any() else 0.0
