"""What was refused or flagged, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineView:
    """One refused or flagged thing with where it came from; `payload` is its first 2000 bytes."""

    quarantine_id: int
    received_at: datetime
    last_seen_at: datetime
    times_seen: int
    severity: str
    gateway_code: str | None
    meter_code: str | None
    site_id: int | None
    site_en: str | None
    site_zh: str | None
    zone: str | None
    topic: str
    code: str
    field: str | None
    value: str | None
    rule: str
    payload: bytes
    payload_bytes: int


# A row belongs to whom its meter belongs, else to whom its gateway belongs, else to nobody.
_SOURCE = """
FROM core.quarantine q
LEFT JOIN core.meter m ON m.meter_id = q.meter_id
LEFT JOIN core.gateway g ON g.code = q.gateway_code
LEFT JOIN core.site s ON s.site_id = coalesce(m.site_id, g.site_id)
WHERE (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
"""

_PAGE = f"""
SELECT q.quarantine_id, q.received_at, q.last_seen_at, q.times_seen, q.severity, q.gateway_code,
    q.meter_code, s.site_id, s.name_en AS site_en, s.name_zh AS site_zh, s.zone, q.topic, q.code,
    q.field, q.value, q.rule, substring(q.payload FOR 2000) AS payload, q.payload_bytes
{_SOURCE}
    AND (%(severity)s::text IS NULL OR q.severity = %(severity)s)
    AND (%(gateway)s::text IS NULL OR q.gateway_code = %(gateway)s)
    AND (%(seen)s::timestamptz IS NULL
         OR (q.last_seen_at, q.quarantine_id) < (%(seen)s, %(before_id)s))
ORDER BY q.last_seen_at DESC, q.quarantine_id DESC LIMIT %(most)s
"""


def quarantine_page(
    connection: psycopg.Connection,
    *,
    customer_id: int | None,
    severity: str | None = None,
    gateway: str | None = None,
    before: tuple[datetime, int] | None = None,
    most: int = 50,
) -> list[QuarantineView]:
    """Up to `most` rows before the given (last_seen_at, quarantine_id), newest first."""
    cursor = connection.cursor(row_factory=class_row(QuarantineView))
    seen, before_id = before or (None, None)
    wanted = {
        "customer_id": customer_id,
        "severity": severity,
        "gateway": gateway,
        "seen": seen,
        "before_id": before_id,
        "most": most,
    }
    return cursor.execute(_PAGE, wanted).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCount:
    """How often one gateway's messages were put aside for one reason since an instant."""

    gateway_code: str | None
    site_id: int | None
    code: str
    rule: str
    field: str | None
    times: int
    last_seen_at: datetime


_COUNTS = f"""
SELECT q.gateway_code, s.site_id, q.code, min(q.rule) AS rule, min(q.field) AS field,
    sum(q.times_seen)::int AS times, max(q.last_seen_at) AS last_seen_at
{_SOURCE} AND q.last_seen_at >= %(since)s AND q.severity = 'refused'
GROUP BY 1, 2, 3 ORDER BY times DESC, last_seen_at DESC LIMIT 20
"""


def refusal_counts(
    connection: psycopg.Connection, customer_id: int | None, since: datetime
) -> list[RefusalCount]:
    """The most frequent refusals since an instant, at most 20."""
    cursor = connection.cursor(row_factory=class_row(RefusalCount))
    return cursor.execute(_COUNTS, {"customer_id": customer_id, "since": since}).fetchall()
