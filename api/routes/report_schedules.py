"""Reports that are made every month by themselves, and to whom they go."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.changes import Changing
from api.context import AppContext, Context
from api.errors import not_found, refused
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn, Viewer
from api.list_parameters import Paging
from api.lookup import RowId
from api.models.fields import Page
from api.models.reports import NewReportSchedule, ReportSchedule, ReportScheduleChange
from api.paging import page_of
from api.report_requests import the_kind, the_scope, zone_of
from api.roles import permitted
from forecast.reports.due import next_due
from loadstone.storage.read_only import Connection
from loadstone.storage.report_schedules import (
    NewSchedule,
    ScheduleRow,
    change_schedule,
    find_schedule,
    list_schedules,
    make_schedule,
    remove_schedule,
)
from loadstone.storage.webhooks import find_webhook

router = APIRouter(tags=["reports"])
Maker = Annotated[Viewer, Depends(permitted("reports.change"))]


@router.get("/report-schedules", response_model=Page[ReportSchedule])
def schedules(context: Context, viewer: SignedIn, wanted: Annotated[Paging, Query()]) -> Response:
    """Schedules by id."""
    with context.reading(viewer) as connection:
        rows = list_schedules(connection, wanted.part("report_schedule_id"))
    return FastJson(page_of(rows, wanted.limit, "report_schedule_id", "report_schedule_id"))


@router.get("/report-schedules/{report_schedule_id}", response_model=ReportSchedule)
def schedule(context: Context, viewer: SignedIn, report_schedule_id: RowId) -> Response:
    """One schedule."""
    with context.reading(viewer) as connection:
        return tagged(the_schedule(connection, report_schedule_id))


@router.post("/report-schedules", status_code=201, response_model=ReportSchedule)
def make(change: Changing, viewer: Maker, body: NewReportSchedule) -> Response:
    """Have a report made every month, on the morning of a day, and sent."""

    def work(connection: Connection) -> ScheduleRow:
        made = add_schedule(connection, change.context, viewer, body)
        return the_schedule(connection, made)

    return change.perform(work, status=201)


@router.patch("/report-schedules/{report_schedule_id}", response_model=ReportSchedule)
def change_one(
    change: Changing, viewer: Maker, report_schedule_id: RowId, body: ReportScheduleChange
) -> Response:
    """Change what is sent of a schedule, or stop it for a while."""
    values: dict[str, Any] = body.given()

    def work(connection: Connection) -> ScheduleRow:
        row = the_schedule(connection, report_schedule_id)
        change.check_match(row)
        _check_webhook(connection, viewer, values.get("webhook_id"))
        changed = {name: value for name, value in values.items() if name != "enabled"}
        runs = bool(values.get("enabled", row.due_at is not None))
        if "enabled" in values or "day_of_month" in values:
            day = int(changed.get("day_of_month", row.day_of_month))
            now = change.context.now()
            changed["due_at"] = next_due(day, row.zone, now) if runs else None
        change_schedule(connection, report_schedule_id, changed)
        return the_schedule(connection, report_schedule_id)

    return change.perform(work)


@router.delete("/report-schedules/{report_schedule_id}", response_model=ReportSchedule)
def remove(change: Changing, viewer: Maker, report_schedule_id: RowId) -> Response:
    """Remove a schedule; what it made stays in the archive. Answers with what it was."""

    def work(connection: Connection) -> ScheduleRow:
        row = the_schedule(connection, report_schedule_id)
        change.check_match(row)
        remove_schedule(connection, report_schedule_id)
        return row

    return change.perform(work)


def the_schedule(connection: Connection, report_schedule_id: int) -> ScheduleRow:
    """The schedule, or 404."""
    row = find_schedule(connection, report_schedule_id)
    if row is None:
        raise not_found("report schedule", report_schedule_id)
    return row


def add_schedule(
    connection: Connection, context: AppContext, viewer: Viewer, body: NewReportSchedule
) -> int:
    """Keep a schedule of what the viewer sees; returns its id."""
    report = the_kind(body.kind)
    customer_id, site_id = the_scope(connection, viewer, report, body.customer_id, body.site_id)
    _check_webhook(connection, viewer, body.webhook_id)
    zone = zone_of(connection, customer_id, site_id)
    now = context.now()
    wanted = NewSchedule(
        kind=body.kind,
        customer_id=customer_id,
        site_id=site_id,
        database_role=viewer.database_role,
        zone=zone,
        day_of_month=body.day_of_month,
        language=body.language,
        formats=list(body.formats),
        recipients=list(body.recipients),
        webhook_id=body.webhook_id,
        created_by=viewer.name,
        created_at=now,
        due_at=next_due(body.day_of_month, zone, now),
    )
    return make_schedule(connection, wanted)


def _check_webhook(connection: Connection, viewer: Viewer, webhook_id: int | None) -> None:
    if webhook_id is not None and find_webhook(connection, viewer.customer_id, webhook_id) is None:
        raise refused("webhook_id", webhook_id, "must be a webhook that you see")
