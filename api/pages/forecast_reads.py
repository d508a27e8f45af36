"""Everything that a site's forecast page reads, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.pages.calendar import QUARTER_S, day_bounds, day_start, floor_to
from api.pages.forecast_query import ForecastPageWanted
from api.pages.site_day import SiteDay, site_day
from loadstone.storage.forecast_scores import StoredCard, forecast_cards
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecast_scores import BiasRow, bias_by_lead
from loadstone.storage.screens.forecasts import (
    IssueRow,
    MonthRow,
    SlotRow,
    months_as_of,
    newest_issues,
    slots_as_of,
    subjects_of,
)
from loadstone.storage.screens.places import Place
from loadstone.storage.screens.site import LoadPoint, load_points

SCORED_DAYS = 28
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastReads:
    """What stands of the days shown, what was measured of them, and how earlier days turned out."""

    first_day: date
    last_day: date
    start: datetime
    end: datetime
    issues: list[IssueRow]
    slots: list[SlotRow]
    said_before: list[SlotRow]
    points: list[LoadPoint]
    month: MonthRow | None
    cards: list[StoredCard]
    by_lead: list[BiasRow]
    scored_first: date
    scored_last: date

    @property
    def leading(self) -> IssueRow | None:
        """The issue that the page explains: the newest word on the last day that has one soonest.

        That is tomorrow's day ahead where it stands, since it is what the page is about.
        """
        ranked = sorted(
            self.issues,
            key=lambda one: (one.kind == "day_ahead", one.kind == "today", one.issued_at),
        )
        return ranked[-1] if ranked else None

    def issue_of(self, forecast_id: int) -> IssueRow | None:
        """The issue that a slot is of."""
        return next((one for one in self.issues if one.forecast_id == forecast_id), None)


def read_forecast(
    connection: Connection, here: Place, wanted: ForecastPageWanted, today: date, now: datetime
) -> ForecastReads:
    """All of it; lists are empty where nothing was forecast or measured."""
    first, last = wanted.days(today)
    start, end = day_start(first, here.zone), day_bounds(last, here.zone)[1]
    ids = [one.subject_id for one in subjects_of(connection, site_id=here.site_id)]
    yesterday = today - _DAY
    scored_first = yesterday - (SCORED_DAYS - 1) * _DAY
    until = min(end, floor_to(now, QUARTER_S) + timedelta(seconds=QUARTER_S))
    points: list[LoadPoint] = []
    if start < until and here.main_ids:
        points = load_points(connection, here.main_ids, start, until, QUARTER_S, here.zone)
    months = months_as_of(connection, ids, today.replace(day=1), today.replace(day=1))
    said: list[SlotRow] = []
    if wanted.said:
        said = _said_before(connection, ids, (first, last), wanted.said, here.zone)
    return ForecastReads(
        first_day=first, last_day=last, start=start, end=end,
        issues=newest_issues(connection, ids, first, last),
        slots=slots_as_of(connection, ids, start, end, None), said_before=said, points=points,
        month=months[0] if months else None,
        cards=list(forecast_cards(connection, ids, scored_first, yesterday).values()),
        by_lead=bias_by_lead(connection, ids, scored_first, yesterday),
        scored_first=scored_first, scored_last=yesterday,
    )  # fmt: skip


def _said_before(
    connection: Connection, ids: Sequence[int], days: tuple[date, date], before: int, zone: str
) -> list[SlotRow]:
    """Of each day what stood when the day so many days before it ended."""
    found: list[SlotRow] = []
    day = days[0]
    while day <= days[1]:
        start, end = day_bounds(day, zone)
        found += slots_as_of(
            connection, ids, start, end, day_start(day - (before - 1) * _DAY, zone)
        )
        day += _DAY
    return found


def days_of(reads: ForecastReads, here: Place, now: datetime) -> list[SiteDay]:
    """The days shown as they were measured."""
    days = []
    day = reads.first_day
    while day <= reads.last_day:
        start, end = day_bounds(day, here.zone)
        mine = [point for point in reads.points if start <= point.start_at < end]
        days.append(site_day(day, here, mine, now))
        day += _DAY
    return days
