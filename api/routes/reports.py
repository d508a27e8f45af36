"""Reports: made, listed, taken as a file, mailed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, Field

from api.changes import Changing
from api.context import Context
from api.errors import ProblemError, not_found, refused
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn, Viewer
from api.list_parameters import Paging
from api.lookup import RowId
from api.models.fields import Page
from api.models.reports import (
    Kind,
    Month,
    NewReport,
    Report,
    ReportDelivery,
    ReportFormat,
    ReportKinds,
    ReportLanguage,
    ReportMail,
    ReportSent,
    month_of,
)
from api.paging import page_of
from api.parameters import IdParameter, Parameters
from api.report_requests import answer_of, make, the_report
from api.roles import permitted
from forecast.reports.archive import REPORTS, AlteredReportError, MadeReport, archived
from forecast.reports.mail import file_name
from forecast.reports.render import MEDIA_TYPES
from forecast.reports.render.html import content_security_policy
from loadstone.storage.audit import note
from loadstone.storage.read_only import Connection
from loadstone.storage.report_archive import ReportFilter, list_reports
from loadstone.storage.report_deliveries import (
    NewDelivery,
    add_delivery,
    list_report_deliveries,
)

router = APIRouter(tags=["reports"])
Maker = Annotated[Viewer, Depends(permitted("reports.change"))]
Exporter = Annotated[Viewer, Depends(permitted("exports.read"))]
_ORDERS = ("report_id", "-report_id", "month", "-month")


def _order(given: str) -> str:
    if given not in _ORDERS:
        raise ValueError("must be one of " + ", ".join(_ORDERS))
    return given


class ReportsWanted(Paging):
    """Which reports."""

    sort: Annotated[str, AfterValidator(_order)] = Field(
        "-report_id", description="`report_id` or `month`, `-` before it for descending.",
        json_schema_extra={"enum": list(_ORDERS)},
    )  # fmt: skip
    kind: Kind | None = None
    customer_id: IdParameter | None = None
    month: Month | None = None


class FileWanted(Parameters):
    """Which file of a report."""

    format: ReportFormat = Field("pdf", description="Kind of file.")
    language: ReportLanguage | None = Field(None, description="Without it the report's own.")


@router.get("/reports/kinds", response_model=ReportKinds)
def kinds(_viewer: SignedIn) -> Response:
    """The kinds of reports that there are."""
    data = [
        {
            "kind": report.name,
            "scope": report.scope,
            "title_en": report.title.en,
            "title_zh": report.title.zh,
            "about_en": report.about.en,
            "about_zh": report.about.zh,
        }
        for report in REPORTS.values()
    ]
    return FastJson({"data": data})


@router.get("/reports", response_model=Page[Report])
def reports(
    context: Context, viewer: SignedIn, wanted: Annotated[ReportsWanted, Query()]
) -> Response:
    """The archive, the newest first."""
    month = month_of(wanted.month) if wanted.month else None
    filters = ReportFilter(kind=wanted.kind, customer_id=wanted.customer_id, month=month)
    with context.reading(viewer) as connection:
        rows = list_reports(connection, filters, wanted.part(wanted.sort))
    page = page_of(rows, wanted.limit, wanted.sort, "report_id")
    return FastJson({**page, "data": [answer_of(row) for row in page["data"]]})


@router.post("/reports", status_code=201, response_model=Report)
def make_report(change: Changing, viewer: Maker, body: NewReport) -> Response:
    """Make a report and archive it; the one that is known as of the same instant, if there is."""
    slots = change.context.export_slots
    if not slots.take(viewer.user_id):
        raise ProblemError(
            status=429,
            detail="Too many reports and exports are being made at the moment.",
            headers={"Retry-After": "5"},
        )

    def work(connection: Connection) -> dict[str, Any]:
        wanted = body.model_dump()
        return answer_of(make(connection, viewer, change.context.now(), **wanted))

    try:
        return change.perform(work, status=201)
    finally:
        slots.give_back(viewer.user_id)


@router.get("/reports/{report_id}", response_model=Report)
def report(context: Context, viewer: SignedIn, report_id: RowId) -> Response:
    """One report."""
    with context.reading(viewer) as connection:
        return tagged(answer_of(the_report(connection, report_id)))


_FILE: dict[str, Any] = {
    media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
    for media_type in MEDIA_TYPES.values()
}


@router.get(
    "/reports/{report_id}/file",
    response_class=Response,
    responses={200: {"description": "The file.", "content": _FILE}},
)
def report_file(
    context: Context, viewer: Exporter, report_id: RowId, wanted: Annotated[FileWanted, Query()]
) -> Response:
    """The report as a file, rendered from the archived document: always the same."""
    with context.reading(viewer) as connection:
        row = the_report(connection, report_id)
        made = _unaltered(connection, report_id)
    language = wanted.language or row.language
    with context.writing(viewer.actor) as connection:
        after = {"format": wanted.format, "language": language}
        note(connection, "export.report", kind="export", subject=made.imprint.name, after=after)
    return file_response(made, wanted.format, language)


def _unaltered(connection: Connection, report_id: int) -> MadeReport:
    try:
        made = archived(connection, report_id)
    except AlteredReportError as error:
        raise ProblemError(
            status=500, detail="The archive does not hold this report as it was made."
        ) from error
    if made is None:
        raise not_found("report", report_id)
    return made


def file_response(made: MadeReport, form: ReportFormat, language: ReportLanguage) -> Response:
    """A file to look at (HTML, PDF) or to keep (XLSX); nothing in it can run or ask elsewhere."""
    way = "attachment" if form == "xlsx" else "inline"
    headers = {
        "content-disposition": f'{way}; filename="{file_name(made, form)}"',
        "content-security-policy": content_security_policy(),
    }
    return Response(made.file(form, language), media_type=MEDIA_TYPES[form], headers=headers)


@router.get("/reports/{report_id}/deliveries", response_model=Page[ReportDelivery])
def deliveries(
    context: Context, viewer: SignedIn, report_id: RowId, wanted: Annotated[Paging, Query()]
) -> Response:
    """To whom the report went, the newest first."""
    with context.reading(viewer) as connection:
        the_report(connection, report_id)
        part = wanted.part("-report_delivery_id")
        rows = list_report_deliveries(connection, report_id, part)
    return FastJson(page_of(rows, wanted.limit, "-report_delivery_id", "report_delivery_id"))


@router.post("/reports/{report_id}/deliveries", status_code=202, response_model=ReportSent)
def mail(change: Changing, viewer: Maker, report_id: RowId, body: ReportMail) -> Response:
    """Mail the report to these addresses; each try is noted."""

    def work(connection: Connection) -> dict[str, Any]:
        row = the_report(connection, report_id)
        if len(set(body.recipients)) != len(body.recipients):
            raise refused("recipients", None, "must name each address once")
        for address in body.recipients:
            add_delivery(
                connection,
                NewDelivery(
                    report_id=report_id,
                    report_schedule_id=None,
                    channel="email",
                    address=address,
                    language=body.language or row.language,
                    formats=list(body.formats),
                    due_at=change.context.now(),
                ),
            )
        after = {"recipients": list(body.recipients)}
        note(connection, "report.mail", kind="report", subject=str(report_id), after=after)
        return {"report_id": report_id, "recipients": list(body.recipients)}

    return change.perform(work, status=202)
