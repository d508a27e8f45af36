"""What is made every month by itself, for whom, and when next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from loadstone.storage.keyset import PagedQuery, Part, SortColumn
from loadstone.storage.report_archive import ReportLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchedule:
    """A schedule to be kept; `database_role` is its maker's."""

    kind: str
    customer_id: int | None
    site_id: int | None
    database_role: str
    zone: str
    day_of_month: int
    language: ReportLanguage
    formats: list[str]
    recipients: list[str]
    webhook_id: int | None
    created_by: str
    created_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """A schedule; `due_at` None where it is stopped, `failures` since it last worked."""

    report_schedule_id: int
    kind: str
    customer_id: int | None
    customer_en: str | None
    customer_zh: str | None
    site_id: int | None
    zone: str
    day_of_month: int
    language: ReportLanguage
    formats: list[str]
    recipients: list[str]
    webhook_id: int | None
    created_by: str
    created_at: datetime
    due_at: datetime | None
    failures: int
    last_error: str | None


_MAKE = """
INSERT INTO core.report_schedule (kind, customer_id, site_id, database_role, zone, day_of_month,
    language, formats, recipients, webhook_id, created_by, created_at, due_at)
VALUES (%(kind)s, %(customer_id)s, %(site_id)s, %(database_role)s, %(zone)s, %(day_of_month)s,
    %(language)s, %(formats)s, %(recipients)s, %(webhook_id)s, %(created_by)s, %(created_at)s,
    %(due_at)s)
RETURNING report_schedule_id
"""


def make_schedule(connection: psycopg.Connection, schedule: NewSchedule) -> int:
    """Keep a schedule; returns its id."""
    row = connection.execute(_MAKE, asdict(schedule)).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return int(row[0])


_SCHEDULES = """
SELECT t.report_schedule_id, t.kind, t.customer_id, c.name_en AS customer_en,
    c.name_zh AS customer_zh, t.site_id, t.zone, t.day_of_month, t.language, t.formats,
    t.recipients, t.webhook_id, t.created_by, t.created_at, t.due_at, t.failures, t.last_error
FROM visible.report_schedule t LEFT JOIN visible.customer c ON c.customer_id = t.customer_id
WHERE true
"""
_SCHEDULE_PAGE = PagedQuery(
    ScheduleRow,
    _SCHEDULES,
    "t.report_schedule_id",
    {"report_schedule_id": SortColumn(expression="t.report_schedule_id", type="int")},
)
_ONE = _SCHEDULES + "AND t.report_schedule_id = %s"


def list_schedules(connection: psycopg.Connection, part: Part) -> list[ScheduleRow]:
    """A part of the schedules that are seen."""
    return _SCHEDULE_PAGE.rows(connection, part, {})


def find_schedule(connection: psycopg.Connection, report_schedule_id: int) -> ScheduleRow | None:
    """One schedule; None where there is none that is seen."""
    cursor = connection.cursor(row_factory=class_row(ScheduleRow))
    return cursor.execute(_ONE, [report_schedule_id]).fetchone()


def change_schedule(
    connection: psycopg.Connection, report_schedule_id: int, values: Mapping[str, Any]
) -> None:
    """Change some columns of a schedule."""
    if not values:
        return
    statement = sql.SQL(
        "UPDATE core.report_schedule SET {changes} WHERE report_schedule_id = {mark}"
    ).format(
        changes=sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in values
        ),
        mark=sql.Placeholder(),
    )
    connection.execute(statement, [*values.values(), report_schedule_id])


_REMOVE = "DELETE FROM core.report_schedule WHERE report_schedule_id = %s"


def remove_schedule(connection: psycopg.Connection, report_schedule_id: int) -> None:
    """Remove a schedule; what it sent stays in the archive."""
    connection.execute(_REMOVE, [report_schedule_id])


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSchedule:
    """A schedule whose report is to be made now."""

    report_schedule_id: int
    kind: str
    customer_id: int | None
    site_id: int | None
    database_role: str
    zone: str
    day_of_month: int
    language: ReportLanguage
    formats: list[str]
    recipients: list[str]
    webhook_id: int | None
    created_by: str
    due_at: datetime
    failures: int


# Longer than a report can take: only a worker that died leaves it to another.
_LEASE = timedelta(minutes=10)
_TAKE = """
WITH due AS (
    SELECT report_schedule_id, due_at FROM core.report_schedule
    WHERE due_at <= %(now)s ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE core.report_schedule t SET due_at = %(until)s FROM due
WHERE t.report_schedule_id = due.report_schedule_id
RETURNING t.report_schedule_id, t.kind, t.customer_id, t.site_id, t.database_role, t.zone,
    t.day_of_month, t.language, t.formats, t.recipients, t.webhook_id, t.created_by, due.due_at,
    t.failures
"""


def take_due_schedule(connection: psycopg.Connection, now: datetime) -> DueSchedule | None:
    """Take one schedule that is due, so that no other worker makes it for a while."""
    cursor = connection.cursor(row_factory=class_row(DueSchedule))
    return cursor.execute(_TAKE, {"now": now, "until": now + _LEASE}).fetchone()


_DONE = """
UPDATE core.report_schedule SET due_at = %s, failures = 0, last_error = NULL
WHERE report_schedule_id = %s AND due_at IS NOT NULL
"""
_FAILED = """
UPDATE core.report_schedule SET due_at = %s, failures = failures + 1, last_error = %s
WHERE report_schedule_id = %s AND due_at IS NOT NULL
"""


def schedule_done(
    connection: psycopg.Connection, report_schedule_id: int, next_at: datetime
) -> None:
    """It was made; when it is due next."""
    connection.execute(_DONE, [next_at, report_schedule_id])


def schedule_failed(
    connection: psycopg.Connection, report_schedule_id: int, again_at: datetime, error: str
) -> None:
    """It could not be made; when to try again."""
    connection.execute(_FAILED, [again_at, error, report_schedule_id])
