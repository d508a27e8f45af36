"""Forecasts of sites and customers: what stands, what was said before, where the month lands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Response
from pydantic import AfterValidator, Field

from api.context import AppContext, Context
from api.errors import not_found
from api.fast_json import FastJson
from api.forecast_answers import (
    Subject,
    checked_span,
    customer_subject,
    issue_answer,
    month_answer,
    site_subject,
    slot_answer,
)
from api.identity import SignedIn
from api.list_parameters import Paging
from api.lookup import Reference
from api.models.fields import Page
from api.models.forecast import KINDS, Forecast, ForecastIssue, Kind, MonthLanding, PastForecast
from api.paging import page_of
from api.parameters import InstantParameter, Parameters
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecasts import (
    find_issue,
    months_as_of,
    newest_issues,
    past_issues,
    slots_as_of,
    slots_of,
)

router = APIRouter(tags=["forecasts"])
_AS_OF = "What stood at this instant; by default what stands now."
_DAY = timedelta(days=1)
ForecastId = Annotated[int, Path(ge=1, le=2**63 - 1, examples=[3107])]


def _sane(day: date) -> date:
    if not date(2000, 1, 1) <= day < date(2200, 1, 1):
        raise ValueError("must lie in the years 2000 to 2199")
    return day


DayParameter = Annotated[date, AfterValidator(_sane), Field(examples=["2026-03-01"])]


class ForecastWanted(Parameters):
    """Of which time, as known when."""

    from_: InstantParameter | None = Field(
        None, alias="from", description="First instant; by default the start of the local today."
    )
    to: InstantParameter | None = Field(
        None, description="First instant that is not part of it; by default two days on."
    )
    as_of: InstantParameter | None = Field(None, description=_AS_OF)

    def bounds(self, zone: str, now: datetime) -> tuple[datetime, datetime]:
        """[from, to) with the defaults filled in."""
        local = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        today = local.astimezone(UTC)
        start = self.from_ or (min(today, self.to - 2 * _DAY) if self.to else today)
        usual = (local + 2 * _DAY).astimezone(UTC)  # by the calendar: 47 to 49 hours
        end = self.to or (start + 2 * _DAY if self.from_ else usual)
        checked_span(start, end)
        return start, end


class IssuesWanted(Paging):
    """Which forecasts that were said."""

    kind: Kind | None = None
    first_day: DayParameter | None = Field(None, description="First local day they are about.")
    last_day: DayParameter | None = Field(None, description="Last local day they are about.")
    as_of: InstantParameter | None = Field(None, description="Only what was said by then.")


class MonthWanted(Parameters):
    """Of which month, as known when."""

    month: DayParameter | None = Field(
        None, description="A day of the month; by default of the local today."
    )
    as_of: InstantParameter | None = Field(None, description=_AS_OF)


@router.get("/sites/{reference}/forecast", response_model=Forecast)
def site_forecast(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[ForecastWanted, Query()],
) -> Response:
    """The best that was known of each interval: today's update, else day ahead, else week ahead."""
    with context.reading(viewer) as connection:
        subject = site_subject(connection, viewer, reference)
        return _forecast(connection, context, subject, wanted)


@router.get("/customers/{reference}/forecast", response_model=Forecast)
def customer_forecast(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[ForecastWanted, Query()],
) -> Response:
    """As of a site, for all sites of the customer together: not the sum of the sites' bands."""
    with context.reading(viewer) as connection:
        subject = customer_subject(connection, viewer, reference)
        return _forecast(connection, context, subject, wanted)


@router.get("/sites/{reference}/forecast/issues", response_model=Page[ForecastIssue])
def site_issues(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[IssuesWanted, Query()],
) -> Response:
    """Everything that was said of a site, the newest first: when, by which model, and why."""
    with context.reading(viewer) as connection:
        return _issues(connection, site_subject(connection, viewer, reference), wanted)


@router.get("/customers/{reference}/forecast/issues", response_model=Page[ForecastIssue])
def customer_issues(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[IssuesWanted, Query()],
) -> Response:
    """Everything that was said of a customer as a whole, the newest first."""
    with context.reading(viewer) as connection:
        return _issues(connection, customer_subject(connection, viewer, reference), wanted)


@router.get("/forecasts/{forecast_id}", response_model=PastForecast)
def one_forecast(context: Context, viewer: SignedIn, forecast_id: ForecastId) -> Response:
    """One forecast with its curve, exactly as it was said."""
    with context.reading(viewer) as connection:
        row = find_issue(connection, forecast_id)
        if row is None:
            raise not_found("forecast", forecast_id)
        slots = slots_of(connection, [forecast_id])
    return FastJson({**issue_answer(row), "data": [slot_answer(slot) for slot in slots]})


@router.get("/sites/{reference}/forecast/month", response_model=MonthLanding)
def site_month(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[MonthWanted, Query()],
) -> Response:
    """Where the month's energy and peak land, and the chance of exceeding the contract demand."""
    with context.reading(viewer) as connection:
        subject = site_subject(connection, viewer, reference)
        return _month(connection, context, subject, wanted)


@router.get("/customers/{reference}/forecast/month", response_model=MonthLanding)
def customer_month(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[MonthWanted, Query()],
) -> Response:
    """The same for all sites of a customer together."""
    with context.reading(viewer) as connection:
        subject = customer_subject(connection, viewer, reference)
        return _month(connection, context, subject, wanted)


def _forecast(
    connection: Connection, context: AppContext, subject: Subject, wanted: ForecastWanted
) -> Response:
    zone = ZoneInfo(subject.zone)
    start, end = wanted.bounds(subject.zone, context.now())
    rows = slots_as_of(connection, subject.ids, start, end, wanted.as_of)
    first = start.astimezone(zone).date()
    last = (end - timedelta(microseconds=1)).astimezone(zone).date()
    said = newest_issues(connection, subject.ids, first, last, as_of=wanted.as_of)
    used = {row.forecast_id for row in rows}
    issues = [one for one in said if one.forecast_id in used or one.peak_kw is None]
    return FastJson(
        {
            "customer_id": subject.customer_id,
            "site_id": subject.site_id,
            "code": subject.code,
            "zone": subject.zone,
            "start_at": start,
            "end_at": end,
            "as_of": wanted.as_of,
            "issues": [issue_answer(one) for one in issues],
            "data": [slot_answer(row) for row in rows],
        }
    )


def _issues(connection: Connection, subject: Subject, wanted: IssuesWanted) -> Response:
    part = wanted.part("-forecast_id")
    rows = past_issues(
        connection, subject.ids, first_day=wanted.first_day, last_day=wanted.last_day,
        kinds=[wanted.kind] if wanted.kind else KINDS, as_of=wanted.as_of,
        before=part.after[1] if part.after else None, most=part.most,
    )  # fmt: skip
    page = page_of(rows, wanted.limit, "-forecast_id", "forecast_id")
    return FastJson({**page, "data": [issue_answer(row) for row in page["data"]]})


def _month(
    connection: Connection, context: AppContext, subject: Subject, wanted: MonthWanted
) -> Response:
    day = wanted.month or context.now().astimezone(ZoneInfo(subject.zone)).date()
    first = day.replace(day=1)
    found = months_as_of(connection, subject.ids, first, first, wanted.as_of)
    if not found:
        raise not_found("forecast of the month", f"{first:%Y-%m} of {subject.code}")
    return FastJson(month_answer(found[0], subject.code))
