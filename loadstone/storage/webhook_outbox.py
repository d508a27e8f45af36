"""What is to be told to whom, and how it went; the events are written by `core.tell`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

# Longer than a call can take: only a worker that died leaves it to another.
_LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """A call to make."""

    webhook_delivery_id: int
    webhook_event_id: int
    webhook_id: int
    attempts: int
    url: str
    secret: str
    kind: str
    customer_id: int | None
    site_id: int | None
    happened_at: datetime
    details: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one call went; `error` None where it was taken."""

    attempt: int
    tried_at: datetime
    status: int | None
    error: str | None
    duration_ms: int


_TELL = "SELECT core.tell(%s, %s, %s, %s, %s, %s)"


def tell(
    connection: psycopg.Connection,
    kind: str,
    *,
    customer_id: int | None,
    site_id: int | None,
    at: datetime,
    details: dict[str, Any],
    only_webhook_id: int | None = None,
) -> int | None:
    """Tell the hooks that want to know, in this transaction; the event's id, None for none."""
    values = [kind, customer_id, site_id, at, Jsonb(details), only_webhook_id]
    row = connection.execute(_TELL, values).fetchone()
    return None if row is None or row[0] is None else int(row[0])


_TAKE = """
WITH due AS (
    SELECT webhook_delivery_id FROM core.webhook_delivery
    WHERE due_at <= %(now)s ORDER BY due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE core.webhook_delivery d SET due_at = %(until)s FROM due
    WHERE d.webhook_delivery_id = due.webhook_delivery_id
    RETURNING d.webhook_delivery_id, d.webhook_event_id, d.webhook_id, d.attempts
)
SELECT t.webhook_delivery_id, t.webhook_event_id, t.webhook_id, t.attempts, w.url, w.secret, e.kind,
    e.customer_id, e.site_id, e.happened_at, e.details
FROM taken t JOIN core.webhook w USING (webhook_id)
    JOIN core.webhook_event e USING (webhook_event_id)
ORDER BY t.webhook_delivery_id
"""


def take_due(connection: psycopg.Connection, now: datetime, most: int) -> list[DueDelivery]:
    """Take calls that are due, so that no other worker makes them for a while."""
    values = {"now": now, "until": now + _LEASE, "most": most}
    return connection.cursor(row_factory=class_row(DueDelivery)).execute(_TAKE, values).fetchall()


_ATTEMPT = """
INSERT INTO core.webhook_attempt
    (webhook_delivery_id, attempt, tried_at, status, error, duration_ms)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_RESULT = """
UPDATE core.webhook_delivery SET attempts = %(attempt)s, due_at = %(again_at)s,
    delivered_at = CASE WHEN %(error)s::text IS NULL THEN %(at)s END,
    given_up_at = CASE WHEN %(error)s::text IS NOT NULL AND %(again_at)s::timestamptz IS NULL
        THEN %(at)s END
WHERE webhook_delivery_id = %(id)s
"""


def keep_attempt(
    connection: psycopg.Connection,
    webhook_delivery_id: int,
    attempt: Attempt,
    *,
    again_at: datetime | None,
) -> None:
    """Write down how a call went, and when it is made again (None: not)."""
    connection.execute(
        _ATTEMPT,
        [webhook_delivery_id, attempt.attempt, attempt.tried_at, attempt.status, attempt.error,
         attempt.duration_ms],
    )  # fmt: skip
    connection.execute(
        _RESULT,
        {"attempt": attempt.attempt, "again_at": again_at, "error": attempt.error,
         "at": attempt.tried_at, "id": webhook_delivery_id},
    )  # fmt: skip


_FORGET = "DELETE FROM core.webhook_event WHERE happened_at < %s"


def forget_events(connection: psycopg.Connection, before: datetime) -> int:
    """Let go of what was told before this, and of how it went; returns how many."""
    return connection.execute(_FORGET, [before]).rowcount
