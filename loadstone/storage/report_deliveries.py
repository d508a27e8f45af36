"""Reports on their way: to whom, how often it was tried, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import psycopg
from psycopg.rows import class_row

from loadstone.storage.keyset import PagedQuery, Part, SortColumn
from loadstone.storage.report_archive import ReportLanguage

Channel = Literal["email", "webhook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A report to go to one address; of a webhook it is handed over at once (`delivered_at`)."""

    report_id: int
    report_schedule_id: int | None
    channel: Channel
    address: str
    language: ReportLanguage
    formats: list[str]
    webhook_event_id: int | None = None
    due_at: datetime | None = None
    delivered_at: datetime | None = None


_ADD = """
INSERT INTO core.report_delivery (report_id, report_schedule_id, channel, address, language,
    formats, webhook_event_id, due_at, delivered_at)
VALUES (%(report_id)s, %(report_schedule_id)s, %(channel)s, %(address)s, %(language)s,
    %(formats)s, %(webhook_event_id)s, %(due_at)s, %(delivered_at)s)
"""


def add_delivery(connection: psycopg.Connection, delivery: NewDelivery) -> None:
    """Put a report on its way."""
    connection.execute(_ADD, asdict(delivery))


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMail:
    """A report to be mailed now, with its document."""

    report_delivery_id: int
    report_id: int
    address: str
    language: ReportLanguage
    formats: list[str]
    attempts: int
    sha256: bytes
    made_at: datetime
    document: dict[str, Any]


# Longer than a mail server can take: only a worker that died leaves it to another.
_LEASE = timedelta(minutes=5)
_TAKE = """
WITH due AS (
    SELECT report_delivery_id FROM core.report_delivery
    WHERE due_at <= %(now)s AND channel = 'email'
    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE core.report_delivery d SET due_at = %(until)s FROM due, core.report r
WHERE d.report_delivery_id = due.report_delivery_id AND r.report_id = d.report_id
RETURNING d.report_delivery_id, d.report_id, d.address, d.language, d.formats, d.attempts,
    r.sha256, r.made_at, r.document
"""


def take_due_mail(connection: psycopg.Connection, now: datetime) -> DueMail | None:
    """Take one mail that is due, so that no other worker sends it for a while."""
    cursor = connection.cursor(row_factory=class_row(DueMail))
    return cursor.execute(_TAKE, {"now": now, "until": now + _LEASE}).fetchone()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAttempt:
    """How one attempt went; `error` None where the mail server took it."""

    attempt: int
    tried_at: datetime
    error: str | None
    duration_ms: int


_ATTEMPT = """
INSERT INTO core.report_attempt (report_delivery_id, attempt, tried_at, error, duration_ms)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_RESULT = """
UPDATE core.report_delivery SET attempts = %(attempt)s, due_at = %(again_at)s,
    delivered_at = CASE WHEN %(error)s::text IS NULL THEN %(at)s END,
    given_up_at = CASE WHEN %(error)s::text IS NOT NULL AND %(again_at)s::timestamptz IS NULL
        THEN %(at)s END
WHERE report_delivery_id = %(id)s
"""


def keep_mail_attempt(
    connection: psycopg.Connection, report_delivery_id: int, attempt: MailAttempt,
    *, again_at: datetime | None,
) -> None:  # fmt: skip
    """Write down how it went, and when it is tried again (None: not)."""
    values = [attempt.attempt, attempt.tried_at, attempt.error, attempt.duration_ms]
    connection.execute(_ATTEMPT, [report_delivery_id, *values])
    connection.execute(
        _RESULT,
        {"attempt": attempt.attempt, "again_at": again_at, "error": attempt.error,
         "at": attempt.tried_at, "id": report_delivery_id},
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """Where a report went, or is to go, and how each attempt went."""

    report_delivery_id: int
    report_id: int
    report_schedule_id: int | None
    channel: Channel
    address: str
    language: ReportLanguage
    formats: list[str]
    due_at: datetime | None
    delivered_at: datetime | None
    given_up_at: datetime | None
    attempts: Sequence[dict[str, Any]]


_DELIVERY_PAGE = PagedQuery(
    DeliveryRow,
    """
SELECT d.report_delivery_id, d.report_id, d.report_schedule_id, d.channel, d.address, d.language,
    d.formats, d.due_at, d.delivered_at, d.given_up_at,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('attempt', a.attempt, 'tried_at', a.tried_at,
        'error', a.error, 'duration_ms', a.duration_ms) ORDER BY a.attempt), '[]')
     FROM visible.report_attempt a WHERE a.report_delivery_id = d.report_delivery_id) AS attempts
FROM visible.report_delivery d
WHERE (%(report_id)s::bigint IS NULL OR d.report_id = %(report_id)s)
""",
    "d.report_delivery_id",
    {"report_delivery_id": SortColumn(expression="d.report_delivery_id", type="bigint")},
)


def list_report_deliveries(
    connection: psycopg.Connection, report_id: int | None, part: Part
) -> list[DeliveryRow]:
    """A part of the deliveries: of one report, or of all that are seen."""
    return _DELIVERY_PAGE.rows(connection, part, {"report_id": report_id})
