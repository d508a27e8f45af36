"""What was refused or flagged, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

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
    gateway_id: int | None
    meter_id: int | None
    registered_code: str | None
    ts: datetime | None
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str | None


Status = Literal["open", "waiting", "decided", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineWanted:
    """Which rows; None does not narrow, [start, end) is when they were seen last.

    `open` needs somebody, `waiting` is to be read again, `decided` is over.
    """

    customer_id: int | None
    status: Status = "all"
    severity: str | None = None
    gateway: str | None = None
    meter_id: int | None = None
    site_id: int | None = None
    code: str | None = None
    value: str | None = None
    start: datetime | None = None
    end: datetime | None = None


# A row belongs to whom its meter belongs, else to whom its gateway belongs, else to nobody.
_SOURCE = """
FROM visible.quarantine q
LEFT JOIN visible.meter m ON m.meter_id = q.meter_id
LEFT JOIN visible.gateway g ON g.code = q.gateway_code
LEFT JOIN visible.site s ON s.site_id = coalesce(m.site_id, g.site_id)
WHERE (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
"""

_WANTED = f"""{_SOURCE}
    AND CASE %(status)s
        WHEN 'open' THEN q.decision IS NULL OR q.decision = 'refused_again'
        WHEN 'waiting' THEN q.decision = 'again'
        WHEN 'decided' THEN q.decision IN ('dismissed', 'taken', 'accepted') ELSE true END
    AND (%(severity)s::text IS NULL OR q.severity = %(severity)s)
    AND (%(gateway)s::text IS NULL OR q.gateway_code = %(gateway)s)
    AND (%(meter_id)s::int IS NULL OR q.meter_id = %(meter_id)s)
    AND (%(site_id)s::int IS NULL OR s.site_id = %(site_id)s)
    AND (%(code)s::text IS NULL OR q.code = %(code)s)
    AND (%(value)s::text IS NULL OR q.value = %(value)s)
    AND (%(start)s::timestamptz IS NULL OR q.last_seen_at >= %(start)s)
    AND (%(end)s::timestamptz IS NULL OR q.last_seen_at < %(end)s)
"""
_PAGE = f"""
SELECT q.quarantine_id, q.received_at, q.last_seen_at, q.times_seen, q.severity, q.gateway_code,
    q.meter_code, s.site_id, s.name_en AS site_en, s.name_zh AS site_zh, s.zone, q.topic, q.code,
    q.field, q.value, q.rule, substring(q.payload FOR 2000) AS payload, q.payload_bytes,
    g.gateway_id, q.meter_id, m.code AS registered_code, q.ts, q.decision, q.decided_by,
    q.decided_at, q.decision_note
{_WANTED}
    AND (%(seen)s::timestamptz IS NULL
         OR (q.last_seen_at, q.quarantine_id) < (%(seen)s, %(before_id)s))
ORDER BY q.last_seen_at DESC, q.quarantine_id DESC LIMIT %(most)s
"""


def quarantine_page(
    connection: psycopg.Connection,
    wanted: QuarantineWanted,
    *,
    before: tuple[datetime, int] | None = None,
    most: int = 50,
) -> list[QuarantineView]:
    """Up to `most` rows before the given (last_seen_at, quarantine_id), newest first."""
    cursor = connection.cursor(row_factory=class_row(QuarantineView))
    seen, before_id = before or (None, None)
    values = {**asdict(wanted), "seen": seen, "before_id": before_id, "most": most}
    return cursor.execute(_PAGE, values).fetchall()


_IDS = f"""
SELECT q.quarantine_id {_WANTED}
    AND (%(ids)s::bigint[] IS NULL OR q.quarantine_id = ANY (%(ids)s))
ORDER BY q.quarantine_id DESC LIMIT %(most)s
"""


def quarantine_ids(
    connection: psycopg.Connection,
    wanted: QuarantineWanted,
    *,
    ids: Sequence[int] | None = None,
    most: int,
) -> list[int]:
    """The ids of all rows that are wanted, or of those among `ids`; at most `most`."""
    values = {**asdict(wanted), "ids": None if ids is None else list(ids), "most": most}
    return [int(row[0]) for row in connection.execute(_IDS, values)]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineGroup:
    """How many rows of one gateway and reason are wanted, and how often they were seen."""

    gateway_code: str | None
    code: str
    severity: str
    rows: int
    times: int
    last_seen_at: datetime


_GROUPS = f"""
SELECT q.gateway_code, q.code, q.severity, count(*)::int AS rows, sum(q.times_seen)::int AS times,
    max(q.last_seen_at) AS last_seen_at
{_WANTED} GROUP BY 1, 2, 3 ORDER BY rows DESC, last_seen_at DESC LIMIT 200
"""


def quarantine_groups(
    connection: psycopg.Connection, wanted: QuarantineWanted
) -> list[QuarantineGroup]:
    """What is wanted by gateway and reason, the most first; at most 200 groups."""
    cursor = connection.cursor(row_factory=class_row(QuarantineGroup))
    return cursor.execute(_GROUPS, asdict(wanted)).fetchall()


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
    AND (q.decision IS NULL OR q.decision = 'refused_again')
GROUP BY 1, 2, 3 ORDER BY times DESC, last_seen_at DESC LIMIT 20
"""


def refusal_counts(
    connection: psycopg.Connection, customer_id: int | None, since: datetime
) -> list[RefusalCount]:
    """The most frequent refusals since an instant, at most 20."""
    cursor = connection.cursor(row_factory=class_row(RefusalCount))
    return cursor.execute(_COUNTS, {"customer_id": customer_id, "since": since}).fetchall()
