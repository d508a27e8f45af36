"""Reports: the archive, making one now, and those that are made every month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.context import AppContext, Context
from api.errors import ProblemError
from api.models.reports import NewReport, NewReportSchedule
from api.pages.form_faults import said_rule
from api.pages.frame import Frame, PageFrame
from api.report_requests import make
from api.roles import demand
from api.routes.report_schedules import add_schedule, the_schedule
from api.sessions import CSRF_FIELD, check_csrf
from forecast.reports.archive import REPORTS
from forecast.reports.due import next_due
from forecast.reports.render.imprint import written_instant
from forecast.reports.report import FORMATS
from forecast.reports.text import LANGUAGES
from loadstone.storage.keyset import Part
from loadstone.storage.portfolio import CustomerFilter, CustomerRow, list_customers
from loadstone.storage.report_archive import ReportFilter, ReportRow, list_reports
from loadstone.storage.report_schedules import (
    ScheduleRow,
    change_schedule,
    list_schedules,
    remove_schedule,
)
from loadstone.storage.screens.places import places

router = APIRouter(include_in_schema=False)
_A_PAGE, _MOST = 30, 1000
_Line = Annotated[str, Form(max_length=100)]
_Csrf = Annotated[str, Form(alias=CSRF_FIELD)]
_DONE = {"made", "saved", "changed", "removed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """A line of the archive in words."""

    report_id: int
    number: str
    title: str
    whose: str
    month: str
    known_at: str
    made_by: str
    files: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """A line of what is made every month."""

    row: ScheduleRow
    title: str
    whose: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What stands in the forms: as chosen at first, or as it was sent."""

    kind: str = "monthly_energy"
    customer: str = ""
    month: str = ""
    language: str = "en"
    day: str = "2"
    recipients: str = ""
    formats: tuple[str, ...] = ("html", "pdf")


@router.get("/reports")
def reports(
    frame: PageFrame, context: Context, done: str = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    customer: Annotated[str, Query(max_length=20, pattern=r"^\d*$")] = "",
) -> Response:  # fmt: skip
    """The archive, newest first, with the forms for who may make reports."""
    form = _first(frame, context, customer)
    return _page(frame, context, form, before=before, done=done if done in _DONE else "")


@router.post("/reports/make")
def make_now(
    request: Request, frame: PageFrame, context: Context, kind: _Line = "", customer: _Line = "",
    month: _Line = "", language: _Line = "en", token: _Csrf = "",
) -> Response:  # fmt: skip
    """Make a report, or show the form again with what is wrong with it."""
    check_csrf(request, token)
    demand(frame.reader, "reports.change")
    form = replace(_first(frame, context, customer), kind=kind, month=month, language=language)
    try:
        body = NewReport.model_validate(
            {"kind": kind, "customer_id": _customer(kind, customer), "month": month,
             "language": language}
        )  # fmt: skip
        with context.writing(frame.reader.actor) as connection:
            make(connection, frame.reader, context.now(), **body.model_dump())
    except (ProblemError, ValidationError) as error:
        return _page(frame, context, form, refusal=_refusal(frame, error), status=422)
    return RedirectResponse("/reports?done=made", status_code=303)


@router.post("/reports/schedules")
def make_schedule(
    request: Request, frame: PageFrame, context: Context, kind: _Line = "", customer: _Line = "",
    language: _Line = "en", day: _Line = "2",
    recipients: Annotated[str, Form(max_length=6000)] = "",
    formats: Annotated[list[str] | None, Form()] = None, token: _Csrf = "",
) -> Response:  # fmt: skip
    """Have a report made every month, or show the form again with what is wrong with it."""
    check_csrf(request, token)
    demand(frame.reader, "reports.change")
    form = replace(
        _first(frame, context, customer), kind=kind, language=language, day=day,
        recipients=recipients, formats=tuple(formats or ()),
    )  # fmt: skip
    try:
        body = NewReportSchedule.model_validate(
            {
                "kind": kind, "customer_id": _customer(kind, customer), "language": language,
                "day_of_month": day, "recipients": recipients.split(), "formats": formats or [],
            }
        )  # fmt: skip
        with context.writing(frame.reader.actor) as connection:
            add_schedule(connection, context, frame.reader, body)
    except (ProblemError, ValidationError) as error:
        return _page(frame, context, form, refusal=_refusal(frame, error), status=422)
    return RedirectResponse("/reports?done=saved#schedules", status_code=303)


@router.post("/reports/schedules/{report_schedule_id}")
def change(
    request: Request, frame: PageFrame, context: Context, report_schedule_id: int,
    action: _Line = "", token: _Csrf = "",
) -> Response:  # fmt: skip
    """Stop, start or remove a schedule."""
    check_csrf(request, token)
    demand(frame.reader, "reports.change")
    with context.writing(frame.reader.actor) as connection:
        row = the_schedule(connection, report_schedule_id)
        if action == "remove":
            remove_schedule(connection, report_schedule_id)
        else:
            due_at = next_due(row.day_of_month, row.zone, context.now())
            values = {"due_at": due_at if action == "start" else None}
            change_schedule(connection, report_schedule_id, values)
    done = "removed" if action == "remove" else "changed"
    return RedirectResponse(f"/reports?done={done}#schedules", status_code=303)


def _first(frame: Frame, context: AppContext, customer: str) -> Sent:
    """The form as it is at first: last month's energy, in the reader's language."""
    first = context.now().date().replace(day=1)
    month = f"{first - timedelta(days=1):%Y-%m}"
    return Sent(customer=customer, month=month, language=frame.t.language)


def _customer(kind: str, given: str) -> int | None:
    report = REPORTS.get(kind)
    if report is None or report.scope == "portfolio" or not given.isdigit():
        return None
    return int(given)


def _refusal(frame: Frame, error: ProblemError | ValidationError) -> str:
    """One sentence for what is wrong; what has no words of its own says the rule."""
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        field, rule, value = str(fault["loc"][0]), str(fault["msg"]), fault.get("input")
    else:
        field = error.errors[0].field if error.errors else ""
        rule, value = (error.errors[0].rule if error.errors else error.detail), None
    if field == "recipients":
        return frame.t("reports.wrong_address", line=str(value))
    texts = {"month": "reports.wrong_month", "customer_id": "reports.wrong_customer"}
    return (
        frame.t(texts[field])
        if field in texts
        else frame.t("reports.wrong", rule=said_rule(frame, rule))
    )


def _page(
    frame: Frame, context: AppContext, form: Sent, *, before: int | None = None, done: str = "",
    refusal: str = "", status: int = 200,
) -> Response:  # fmt: skip
    after = None if before is None else (str(before), before)
    part = Part(most=_A_PAGE + 1, field="report_id", descending=True, after=after)
    with context.reading(frame.reader) as connection:
        rows = list_reports(connection, ReportFilter(), part)
        schedules = list_schedules(connection, Part(most=_MOST, field="report_schedule_id"))
        customers = list_customers(
            connection, None, CustomerFilter(retired=False), Part(most=_MOST, field="code")
        )
        zones = {place.customer_id: place.zone for place in places(connection, None)}
    older = rows[_A_PAGE - 1].report_id if len(rows) > _A_PAGE else None
    return frame.page(
        "reports.html", section="reports", status=status, form=form, done=done, refusal=refusal,
        rows=[_line(frame, row, zones) for row in rows[:_A_PAGE]],
        schedules=[_schedule(frame, row) for row in schedules],
        kinds=[(name, _title(frame, name)) for name in REPORTS],
        customers=_choices(frame, customers), languages_of=LANGUAGES, formats=FORMATS,
        older=older, before=before, last_month=f"{context.now():%Y-%m}",
        may_make=frame.reader.may("reports.change"), whole=frame.reader.sees != "sites",
    )  # fmt: skip


def _choices(frame: Frame, customers: Sequence[CustomerRow]) -> list[tuple[str, str]]:
    return [(str(one.customer_id), _name(frame, one.name_en, one.name_zh)) for one in customers]


def _name(frame: Frame, english: str | None, chinese: str | None) -> str:
    return (chinese if frame.t.language == "zh" else english) or ""


def _title(frame: Frame, kind: str) -> str:
    report = REPORTS.get(kind)
    if report is None:
        return kind
    return report.title.zh if frame.t.language == "zh" else report.title.en


def _line(frame: Frame, row: ReportRow, zones: dict[int, str]) -> ReportLine:
    zone = zones.get(row.customer_id or 0, "UTC")
    whose = _name(frame, row.customer_en, row.customer_zh)
    if row.site_id is not None:
        whose = f"{whose} · {_name(frame, row.site_en, row.site_zh)}"
    if row.customer_id is None:
        whose = frame.t("reports.customers", n=row.customer_count)
    path = f"/api/v1/reports/{row.report_id}/file?format="
    return ReportLine(
        report_id=row.report_id,
        number=f"R-{row.report_id:06}",
        title=_title(frame, row.kind),
        whose=whose,
        month=frame.f.month(date(row.month.year, row.month.month, 1)),
        known_at=written_instant(row.as_known_at, zone),
        made_by=row.made_by,
        files=[(form.upper(), path + form) for form in ("pdf", "html", "xlsx")],
    )


def _schedule(frame: Frame, row: ScheduleRow) -> ScheduleLine:
    whose = _name(frame, row.customer_en, row.customer_zh)
    return ScheduleLine(
        row=row,
        title=_title(frame, row.kind),
        whose=whose or frame.t("reports.everybody"),
        due=written_instant(row.due_at, row.zone) if row.due_at else frame.t("reports.stopped"),
    )
