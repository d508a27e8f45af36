"""One issue for some subjects: gathered, reckoned and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from forecast.runs.days_ahead import SKILL_DAYS, day_ahead_rows, week_ahead_rows
from forecast.runs.gather import Gathered, gather
from forecast.runs.issue import Issue
from forecast.runs.month_ahead import month_rows
from forecast.runs.told import Telling, error_correlation
from forecast.runs.updates import (
    PAST_DAYS,
    TODAY,
    Standing,
    intraday_rows,
    standing_of,
    today_rows,
)
from loadstone.storage.forecast_inputs import Connection
from loadstone.storage.forecast_scores import model_skills
from loadstone.storage.forecast_subjects import Subject
from loadstone.storage.forecasts import (
    NewForecast,
    NewMonth,
    SaidForecast,
    put_forecasts,
    put_months,
    said_forecasts,
)

_LATE: Final = timedelta(hours=2)
"""Whoever reckons later than this after the issue replays it: nobody saw it then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What is to be kept of one issue."""

    forecasts: Sequence[NewForecast] = ()
    months: Sequence[NewMonth] = ()


def reckon(
    connection: Connection, issue: Issue, subjects: Sequence[Subject], now: datetime
) -> Reckoned:
    """Everything that this issue says of these subjects; nothing of it is stored yet."""
    gathered = gather(connection, issue, subjects, now)
    return _said(connection, _telling(connection, gathered, now))


def keep(connection: Connection, reckoned: Reckoned) -> None:
    """Store it; inside a transaction."""
    put_forecasts(connection, reckoned.forecasts)
    put_months(connection, reckoned.months)


def _telling(connection: Connection, gathered: Gathered, now: datetime) -> Telling:
    issue = gathered.issue
    ids = [one.subject_id for one in gathered.subjects]
    today = issue.local.date()
    skills = model_skills(
        connection,
        ids,
        today - timedelta(days=SKILL_DAYS),
        today - timedelta(days=1),
        issue.model,
    )
    cheap = issue.kind in ("intraday", "month")
    return Telling(
        gathered=gathered,
        reckoned_at=now,
        replayed=now - issue.issued_at > _LATE,
        skills=skills,
        correlation=np.full(len(ids), 0.95) if cheap else error_correlation(gathered),
    )


def _said(connection: Connection, telling: Telling) -> Reckoned:
    kind = telling.gathered.issue.kind
    if kind == "day_ahead":
        return Reckoned(forecasts=day_ahead_rows(telling))
    if kind == "week_ahead":
        return Reckoned(forecasts=week_ahead_rows(telling))
    if kind == "today":
        return Reckoned(forecasts=today_rows(telling))
    if kind == "intraday":
        return Reckoned(forecasts=intraday_rows(telling, _standing(connection, telling.gathered)))
    return Reckoned(months=month_rows(telling, _said_ahead(connection, telling.gathered)))


def _standing(connection: Connection, gathered: Gathered) -> Standing:
    issue = gathered.issue
    today = issue.local.date()
    ids = [one.subject_id for one in gathered.subjects]
    days = (today - timedelta(days=PAST_DAYS), today)
    said = said_forecasts(connection, ids, "day_ahead", days, issue.issued_at)
    anew = said_forecasts(connection, ids, "today", (today, today), issue.issued_at, model=TODAY)
    if anew:
        newest = max(one.issued_at for one in anew).astimezone(issue.local.tzinfo)
        anew = said_forecasts(
            connection, ids, "today", days, issue.issued_at,
            local_time=f"{newest:%H:%M}", model=TODAY,
        )  # fmt: skip
    return standing_of(said, anew, today)


def _said_ahead(connection: Connection, gathered: Gathered) -> dict[tuple[int, date], SaidForecast]:
    """The newest word on today and the days after: a nearer kind before a farther one."""
    issue = gathered.issue
    ids = [one.subject_id for one in gathered.subjects]
    days = (issue.local.date(), issue.last_day)
    found: dict[tuple[int, date], SaidForecast] = {}
    for kind in ("week_ahead", "day_ahead", "today"):
        said = said_forecasts(connection, ids, kind, days, issue.issued_at)
        for one in sorted(said, key=lambda told: told.issued_at):
            found[one.subject_id, one.target_day] = one
    return found
