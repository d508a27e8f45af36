"""Forecast stored history as it would have been forecast then, and score it; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

import numpy as np

from forecast.calendars.day_kinds import DayKinds
from forecast.runs.days_ahead import day_ahead_rows, week_ahead_rows
from forecast.runs.gather import Gathered, gather, refuse_look_ahead
from forecast.runs.issue import Issue, local_instant
from forecast.runs.load_days import load_by_day
from forecast.runs.local_days import LocalDays, local_days
from forecast.runs.own_calendar import own_calendar
from forecast.runs.scoring import YEAR_DAYS, day_score
from forecast.runs.told import Telling
from loadstone.storage.forecast_inputs import Connection
from loadstone.storage.forecast_scores import DayScore
from loadstone.storage.forecast_subjects import Subject
from loadstone.storage.forecasts import NewForecast, SaidForecast
from loadstone.storage.production_days import production_days_known

Lead = Literal["day_ahead", "week_ahead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Issues of `kind` at the local time `issue_at` of each day from the first to the last."""

    kind: Lead
    zone: str
    first_day: date
    last_day: date
    issue_at: time
    interval_s: int
    history_days: int


def backtest(
    connection: Connection,
    subjects: Sequence[Subject],
    wanted: Wanted,
    now: datetime,
    progress: Callable[[date], None] = lambda day: None,
) -> list[DayScore]:
    """The score of every forecast that would have been made; target days not over yet are not.

    Each issue sees load, weather and calendars as of that instant; raises LookAheadError where a
    batch holds a load from after it. Nobody falls back: what is scored is the product's own model.
    Inside a transaction.
    """
    first = wanted.first_day - timedelta(days=YEAR_DAYS)
    reach = (wanted.last_day - first).days + 8
    days = local_days(wanted.zone, first, reach, wanted.interval_s)
    measured = load_by_day(connection, [one.subject_id for one in subjects], days, now)
    kinds = _kinds(connection, subjects, days, now)
    found = []
    for issue in _issues(wanted):
        for row in _said(connection, issue, subjects, now):
            if row.ends_at <= now and row.mean_kw is not None:
                load, kind = measured[row.subject_id], kinds[row.subject_id]
                found.append(day_score(_as_said(row), row.kind, days, load, kind, now))
        progress(issue.local.date())
    return found


def _issues(wanted: Wanted) -> Iterator[Issue]:
    day = wanted.first_day
    while day <= wanted.last_day:
        at = local_instant(wanted.zone, day, wanted.issue_at.hour, wanted.issue_at.minute)
        yield Issue(
            kind=wanted.kind, zone=wanted.zone, issued_at=at,
            interval_s=wanted.interval_s, history_days=wanted.history_days,
        )  # fmt: skip
        day += timedelta(days=1)


def _said(
    connection: Connection, issue: Issue, subjects: Sequence[Subject], now: datetime
) -> list[NewForecast]:
    gathered: Gathered = gather(connection, issue, subjects, now)
    refuse_look_ahead(gathered)
    telling = Telling(
        gathered=gathered,
        reckoned_at=now,
        replayed=True,
        skills={},
        correlation=np.full(len(subjects), 0.95),
    )
    return day_ahead_rows(telling) if issue.kind == "day_ahead" else week_ahead_rows(telling)


def _kinds(
    connection: Connection, subjects: Sequence[Subject], days: LocalDays, now: datetime
) -> Mapping[int, DayKinds]:
    entries = production_days_known(connection, sorted({one.customer_id for one in subjects}), now)
    return {
        one.subject_id: own_calendar(one, entries, days.first_day, days.days).kinds
        for one in subjects
    }


def _as_said(row: NewForecast) -> SaidForecast:
    """As it would come back from storage, to a watt and in single precision."""
    mean = np.asarray(row.mean_kw, dtype=np.float64)
    bands = np.asarray(row.quantiles_kw, dtype=np.float64)
    return SaidForecast(
        forecast_id=0,
        subject_id=row.subject_id,
        target_day=row.target_day,
        issued_at=row.issued_at,
        replayed=row.replayed,
        lead_days=row.lead_days,
        model=row.model,
        interval_s=row.interval_s,
        mean_kw=np.round(mean, 3).astype(np.float32),
        quantiles_kw=np.round(bands, 3).astype(np.float32),
    )
