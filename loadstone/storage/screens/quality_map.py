"""How complete each meter's data were, bucket by bucket, and how late they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.storage.screens.timeline import Concerned


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityMeter:
    """A meter with where it is, its gateway, and when it was last heard of."""

    meter_id: int
    code: str
    name_en: str
    name_zh: str
    interval_s: int
    site_id: int
    site_en: str
    site_zh: str
    zone: str
    customer_id: int
    customer_en: str
    customer_zh: str
    gateway_id: int | None
    gateway_code: str | None
    newest_at: datetime | None


_METERS = """
SELECT m.meter_id, m.code, m.name_en, m.name_zh, m.interval_s, s.site_id, s.name_en AS site_en,
    s.name_zh AS site_zh, s.zone, c.customer_id, c.name_en AS customer_en,
    c.name_zh AS customer_zh, k.gateway_id, k.gateway_code, l.ts AS newest_at
FROM visible.meter m JOIN visible.site s USING (site_id) JOIN visible.customer c USING (customer_id)
LEFT JOIN visible.meter_latest l USING (meter_id)
LEFT JOIN LATERAL (
    SELECT g.gateway_id, g.code AS gateway_code FROM visible.meter_channel h
    JOIN visible.gateway g USING (gateway_id)
    WHERE h.meter_id = m.meter_id AND h.valid_to = 'infinity'
    ORDER BY h.valid_from DESC LIMIT 1) k ON true
WHERE m.retired_at IS NULL
    AND (%(only)s::int IS NULL OR s.customer_id = %(only)s)
    AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
    AND (%(site_id)s::int IS NULL OR s.site_id = %(site_id)s)
    AND (%(meter_id)s::int IS NULL OR m.meter_id = %(meter_id)s)
    AND (%(gateway_id)s::int IS NULL OR k.gateway_id = %(gateway_id)s)
ORDER BY c.code, s.code, m.role, m.code
"""


def quality_meters(
    connection: psycopg.Connection, only_customer_id: int | None, concerned: Concerned
) -> list[QualityMeter]:
    """The meters in service of a scope, by customer and site."""
    cursor = connection.cursor(row_factory=class_row(QualityMeter))
    return cursor.execute(_METERS, {"only": only_customer_id, **asdict(concerned)}).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityCell:
    """One meter over one bucket; seconds of it that were due, measured and estimated."""

    meter_id: int
    start_at: datetime
    due_s: float
    measured_s: float
    estimated_s: float
    expected_readings: int
    received_readings: int
    untrusted_readings: int
    lag_max_s: int | None


_CELLS = """
SELECT meter_id, start_at, due_s, measured_s, estimated_s, expected_readings, received_readings,
    untrusted_readings, lag_max_s
FROM read.quality(%s::int[], %s, %s, %s::interval, %s, %s)
"""


def quality_cells(
    connection: psycopg.Connection,
    meters: Sequence[int],
    start: datetime,
    end: datetime,
    step: str,
    zone: str,
    now: datetime,
) -> list[QualityCell]:
    """By meter and bucket of [start, end), as of `now`; `step` as PostgreSQL writes intervals."""
    cursor = connection.cursor(row_factory=class_row(QualityCell))
    return cursor.execute(_CELLS, [list(meters), start, end, step, zone, now]).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayNumbers:
    """A gateway's numbered messages since the instant asked for: expected against received."""

    gateway_id: int
    code: str
    site_id: int
    site_en: str
    site_zh: str
    starts: int
    expected: int
    received: int
    repeated: int
    missing: int


_NUMBERS = """
SELECT g.gateway_id, g.code, s.site_id, s.name_en AS site_en, s.name_zh AS site_zh,
    count(q.boot)::int AS starts, coalesce(sum(q.expected), 0)::bigint AS expected,
    coalesce(sum(q.received), 0)::bigint AS received,
    coalesce(sum(q.repeated), 0)::bigint AS repeated,
    coalesce(sum(q.missing), 0)::bigint AS missing
FROM visible.gateway g JOIN visible.site s USING (site_id)
LEFT JOIN read.gateway_messages q ON q.gateway_id = g.gateway_id AND q.updated_at >= %(since)s
WHERE g.gateway_id = ANY (%(gateways)s)
GROUP BY 1, 2, 3, 4, 5 ORDER BY missing DESC, g.code
"""


def gateway_numbers(
    connection: psycopg.Connection, gateways: Sequence[int], since: datetime
) -> list[GatewayNumbers]:
    """Sessions of these gateways that were heard of since an instant, those with losses first."""
    cursor = connection.cursor(row_factory=class_row(GatewayNumbers))
    return cursor.execute(_NUMBERS, {"gateways": list(gateways), "since": since}).fetchall()
