"""What was refused or flagged, and why; scopes as in `portfolio`.

A customer sees what came in the name of its own gateways; rows of gateways that nobody registered
belong to no customer and are for staff.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRow:
    """One refusal, with the first `preview_bytes` of what was sent."""

    quarantine_id: int
    received_at: datetime
    last_seen_at: datetime
    times_seen: int
    severity: str
    gateway_code: str | None
    meter_code: str | None
    meter_id: int | None
    ts: datetime | None
    topic: str
    code: str
    field: str | None
    value: str | None
    rule: str
    preview: bytes
    payload_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineFilter:
    """Which refusals are wanted; None does not narrow."""

    severity: str | None = None
    gateway: str | None = None
    code: str | None = None


_QUARANTINE = """
SELECT q.quarantine_id, q.received_at, q.last_seen_at, q.times_seen, q.severity, q.gateway_code,
    q.meter_code, q.meter_id, q.ts, q.topic, q.code, q.field, q.value, q.rule,
    substring(q.payload FOR %(preview_bytes)s) AS preview, q.payload_bytes
FROM visible.quarantine q
WHERE (%(only)s::int IS NULL OR EXISTS (
    SELECT FROM visible.gateway g JOIN visible.site s USING (site_id)
    WHERE g.code = q.gateway_code AND s.customer_id = %(only)s))
"""
_QUARANTINE_PAGE = (
    _QUARANTINE
    + """AND (%(severity)s::text IS NULL OR q.severity = %(severity)s)
AND (%(gateway)s::text IS NULL OR q.gateway_code = %(gateway)s)
AND (%(code)s::text IS NULL OR q.code = %(code)s)
AND (%(before)s::bigint IS NULL OR q.quarantine_id < %(before)s)
ORDER BY q.quarantine_id DESC LIMIT %(most)s"""
)
_QUARANTINE_ONE = _QUARANTINE + "AND q.quarantine_id = %(quarantine_id)s"


def list_quarantine(
    connection: psycopg.Connection,
    only_customer_id: int | None,
    wanted: QuarantineFilter,
    *,
    before: int | None,
    most: int,
    preview_bytes: int,
) -> list[QuarantineRow]:
    """Refusals from the newest back, beginning before the id `before`."""
    values = {
        "only": only_customer_id,
        "severity": wanted.severity,
        "gateway": wanted.gateway,
        "code": wanted.code,
        "before": before,
        "most": most,
        "preview_bytes": preview_bytes,
    }
    cursor = connection.cursor(row_factory=class_row(QuarantineRow))
    return cursor.execute(_QUARANTINE_PAGE, values).fetchall()


def find_quarantine(
    connection: psycopg.Connection,
    only_customer_id: int | None,
    quarantine_id: int,
    *,
    preview_bytes: int,
) -> QuarantineRow | None:
    """One refusal; None where there is none in the scope."""
    values = {
        "only": only_customer_id,
        "quarantine_id": quarantine_id,
        "preview_bytes": preview_bytes,
    }
    cursor = connection.cursor(row_factory=class_row(QuarantineRow))
    return cursor.execute(_QUARANTINE_ONE, values).fetchone()
