"""How much of what should be known is known: of meters, by interval, and of gateways' messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import errors
from psycopg.rows import class_row

from loadstone.storage.series import UnknownZoneError


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which meters: of one meter, gateway, site or customer, or all; None does not narrow."""

    meter_id: int | None = None
    gateway_id: int | None = None
    site_id: int | None = None
    customer_id: int | None = None


_METERS = """
SELECT m.meter_id FROM visible.meter m JOIN visible.site s USING (site_id)
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
    AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
    AND (%(site_id)s::int IS NULL OR s.site_id = %(site_id)s)
    AND (%(meter_id)s::int IS NULL OR m.meter_id = %(meter_id)s)
    AND (%(gateway_id)s::int IS NULL OR EXISTS (
        SELECT FROM visible.meter_channel k WHERE k.meter_id = m.meter_id
            AND k.gateway_id = %(gateway_id)s
            AND k.valid_from < %(end)s AND k.valid_to > %(start)s))
    AND (m.retired_at IS NULL OR m.retired_at > %(start)s)
ORDER BY m.meter_id
"""


def meters_of(
    connection: psycopg.Connection,
    only_customer_id: int | None,
    scope: Scope,
    start: datetime,
    end: datetime,
) -> list[int]:
    """The ids of the meters of a scope that were there in part of [start, end)."""
    values = {
        "only": only_customer_id,
        "meter_id": scope.meter_id,
        "gateway_id": scope.gateway_id,
        "site_id": scope.site_id,
        "customer_id": scope.customer_id,
        "start": start,
        "end": end,
    }
    return [int(row[0]) for row in connection.execute(_METERS, values)]


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityRow:
    """Meters together over one interval, one meter over all, or all; ratios are of the time due.

    `meter_id` or `start_at` is None where the row is of all of them.
    """

    meter_id: int | None
    code: str | None
    site_id: int | None
    newest_at: datetime | None
    start_at: datetime | None
    end_at: datetime | None
    meters: int
    silent_meters: int
    incomplete_meters: int
    estimated_meters: int
    completeness_ratio: float | None
    estimated_ratio: float | None
    missing_ratio: float | None
    expected_readings: int
    received_readings: int
    untrusted_readings: int
    lag_max_s: int | None


_QUALITY = """
WITH summed AS (
    SELECT q.meter_id, q.start_at, q.end_at,
        count(DISTINCT q.meter_id) FILTER (WHERE q.due_s > 0)::int AS meters,
        count(DISTINCT q.meter_id) FILTER (WHERE q.due_s > 0 AND q.received_readings = 0)::int
            AS silent_meters,
        count(DISTINCT q.meter_id) FILTER (WHERE q.measured_s < q.due_s * 0.999)::int
            AS incomplete_meters,
        count(DISTINCT q.meter_id) FILTER (WHERE q.estimated_s > 0)::int AS estimated_meters,
        sum(q.measured_s) / nullif(sum(q.due_s), 0) AS completeness_ratio,
        sum(q.estimated_s) / nullif(sum(q.due_s), 0) AS estimated_ratio,
        greatest(0, 1 - sum(q.measured_s + q.estimated_s) / nullif(sum(q.due_s), 0))
            AS missing_ratio,
        sum(q.expected_readings)::bigint AS expected_readings,
        sum(q.received_readings)::bigint AS received_readings,
        sum(q.untrusted_readings)::bigint AS untrusted_readings, max(q.lag_max_s) AS lag_max_s
    FROM read.quality(%s::int[], %s, %s, %s::interval, %s, %s) q
    GROUP BY GROUPING SETS ((q.start_at, q.end_at), (q.meter_id), ())
)
SELECT s.meter_id, m.code, m.site_id, l.ts AS newest_at, s.start_at, s.end_at, s.meters,
    s.silent_meters, s.incomplete_meters, s.estimated_meters, s.completeness_ratio,
    s.estimated_ratio, CASE WHEN s.completeness_ratio IS NOT NULL THEN s.missing_ratio END
        AS missing_ratio,
    coalesce(s.expected_readings, 0) AS expected_readings,
    coalesce(s.received_readings, 0) AS received_readings,
    coalesce(s.untrusted_readings, 0) AS untrusted_readings, s.lag_max_s
FROM summed s LEFT JOIN visible.meter m USING (meter_id)
    LEFT JOIN visible.meter_latest l USING (meter_id)
ORDER BY s.start_at, s.completeness_ratio NULLS FIRST, s.meter_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """Quality by interval in order of time, by meter with the worst first, and in all."""

    intervals: list[QualityRow]
    meters: list[QualityRow]
    total: QualityRow


def quality_of(
    connection: psycopg.Connection,
    meter_ids: Sequence[int],
    start: datetime,
    end: datetime,
    step: str,
    zone: str,
    *,
    as_of: datetime,
) -> QualityReport:
    """Quality of these meters over [start, end) as of now; raises UnknownZoneError."""
    cursor = connection.cursor(row_factory=class_row(QualityRow))
    values = [list(meter_ids), start, end, step, zone, as_of]
    try:
        rows = cursor.execute(_QUALITY, values).fetchall()
    except errors.InvalidParameterValue as error:
        raise UnknownZoneError(zone) from error
    return QualityReport(
        intervals=[row for row in rows if row.start_at is not None],
        meters=[row for row in rows if row.meter_id is not None],
        total=next(row for row in rows if row.start_at is None and row.meter_id is None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesRow:
    """A gateway's messages since one of its starts, by the numbers it gave them."""

    boot: int
    first_seq: int
    last_seq: int
    expected: int
    received: int
    repeated: int
    missing: int
    updated_at: datetime


_MESSAGES = """
SELECT boot, first_seq, last_seq, expected, received, repeated, missing, updated_at
FROM read.gateway_messages WHERE gateway_id = %s ORDER BY updated_at DESC, boot DESC LIMIT %s
"""


def messages_of(connection: psycopg.Connection, gateway_id: int, most: int) -> list[MessagesRow]:
    """A gateway's messages by its starts, the newest first."""
    cursor = connection.cursor(row_factory=class_row(MessagesRow))
    return cursor.execute(_MESSAGES, [gateway_id, most]).fetchall()


_ZONE = """
SELECT min(s.zone) FROM visible.meter m JOIN visible.site s USING (site_id)
WHERE m.meter_id = ANY (%s) HAVING count(DISTINCT s.zone) = 1
"""


def common_zone(connection: psycopg.Connection, meter_ids: Sequence[int]) -> str | None:
    """The zone in which all these meters lie; None where there are several, or no meters."""
    row = connection.execute(_ZONE, [list(meter_ids)]).fetchone()
    return None if row is None else str(row[0])
