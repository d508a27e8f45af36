"""Gateways as people look after them: whether they speak, their clock, what was lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from loadstone.storage.screens.gateways import GatewayView


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayState(GatewayView):
    """A gateway with where it stands; message counts are of sessions since the instant asked for.

    `refused` are open rows of quarantine in its name; `birth` is what it said of itself.
    """

    site_en: str
    site_zh: str
    zone: str
    customer_id: int
    customer_en: str
    customer_zh: str
    clock_synced: bool | None
    boot: int | None
    birth: dict[str, Any] | None
    birth_at: datetime | None
    created_at: datetime
    expected: int
    received: int
    repeated: int
    missing: int
    refused: int


_GATEWAYS = """
SELECT g.gateway_id, g.site_id, g.code, coalesce(t.birth ->> 'model', g.model) AS model,
    coalesce(t.birth ->> 'fw', g.firmware) AS firmware, t.online, t.why, t.state_at,
    t.last_message_at, t.clock_skew_ms, coalesce(m.meter_ids, '{}') AS meter_ids,
    coalesce(m.interval_s, 60) AS interval_s, s.name_en AS site_en, s.name_zh AS site_zh, s.zone,
    c.customer_id, c.name_en AS customer_en, c.name_zh AS customer_zh, t.clock_synced, t.boot,
    t.birth, t.birth_at, g.created_at,
    coalesce(n.expected, 0) AS expected, coalesce(n.received, 0) AS received,
    coalesce(n.repeated, 0) AS repeated, coalesce(n.missing, 0) AS missing,
    (SELECT count(*) FROM visible.quarantine q WHERE q.gateway_code = g.code
        AND (q.decision IS NULL OR q.decision = 'refused_again'))::int AS refused
FROM visible.gateway g JOIN visible.site s USING (site_id)
JOIN visible.customer c USING (customer_id)
LEFT JOIN visible.gateway_state t USING (gateway_id)
LEFT JOIN (
    SELECT k.gateway_id, array_agg(DISTINCT k.meter_id) AS meter_ids,
        min(interval_s) AS interval_s
    FROM visible.meter_channel k JOIN visible.meter USING (meter_id)
    WHERE k.valid_to = 'infinity' GROUP BY 1
) m USING (gateway_id)
LEFT JOIN (
    SELECT gateway_id, sum(expected)::bigint AS expected, sum(received)::bigint AS received,
        sum(repeated)::bigint AS repeated, sum(missing)::bigint AS missing
    FROM read.gateway_messages WHERE updated_at >= %(since)s GROUP BY 1
) n USING (gateway_id)
WHERE g.retired_at IS NULL
    AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
    AND (%(gateway_id)s::int IS NULL OR g.gateway_id = %(gateway_id)s)
ORDER BY c.code, g.code
"""


def gateway_states(
    connection: psycopg.Connection,
    customer_id: int | None,
    since: datetime,
    *,
    gateway_id: int | None = None,
) -> list[GatewayState]:
    """Gateways in service of one customer or all, or one of them."""
    cursor = connection.cursor(row_factory=class_row(GatewayState))
    wanted = {"customer_id": customer_id, "since": since, "gateway_id": gateway_id}
    return cursor.execute(_GATEWAYS, wanted).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A name under which a gateway speaks of a meter, and the meter that the registry means by it.

    `refused` readings of it wait in quarantine: without a meter that is how it was noticed.
    """

    channel: str
    meter_id: int | None
    meter_code: str | None
    name_en: str | None
    name_zh: str | None
    valid_from: datetime | None
    newest_at: datetime | None
    power_kw: float | None
    import_total_kwh: float | None
    refused: int
    refused_last_at: datetime | None


_CHANNELS = """
WITH mapped AS (
    SELECT k.channel, k.meter_id, nullif(k.valid_from, '-infinity') AS valid_from
    FROM visible.meter_channel k WHERE k.gateway_id = %(gateway_id)s AND k.valid_to = 'infinity'
), refused AS (
    SELECT q.value AS channel, sum(q.times_seen)::int AS refused,
        max(q.last_seen_at) AS refused_last_at
    FROM visible.quarantine q
    WHERE q.gateway_code = %(code)s AND q.code = 'unknown_meter' AND q.value IS NOT NULL
        AND (q.decision IS NULL OR q.decision = 'refused_again')
    GROUP BY 1
), born AS (
    SELECT b ->> 'm' AS channel FROM visible.gateway_state t,
        jsonb_array_elements(CASE WHEN jsonb_typeof(t.birth -> 'meters') = 'array'
            THEN t.birth -> 'meters' ELSE '[]' END) b
    WHERE t.gateway_id = %(gateway_id)s
), named AS (
    SELECT channel FROM mapped UNION SELECT channel FROM refused UNION SELECT channel FROM born
)
SELECT n.channel, p.meter_id, m.code AS meter_code, m.name_en, m.name_zh, p.valid_from,
    l.ts AS newest_at, l.active_power_kw AS power_kw, l.import_total_kwh,
    coalesce(r.refused, 0) AS refused, r.refused_last_at
FROM named n LEFT JOIN mapped p USING (channel) LEFT JOIN visible.meter m USING (meter_id)
LEFT JOIN read.latest l USING (meter_id) LEFT JOIN refused r USING (channel)
WHERE n.channel IS NOT NULL ORDER BY (p.meter_id IS NOT NULL), n.channel
"""


def gateway_channels(connection: psycopg.Connection, gateway_id: int, code: str) -> list[Channel]:
    """Every channel that a gateway announced, sent or has; those without a meter first."""
    cursor = connection.cursor(row_factory=class_row(Channel))
    return cursor.execute(_CHANNELS, {"gateway_id": gateway_id, "code": code}).fetchall()


_UNREGISTERED = """
SELECT gateway_code, sum(times_seen)::int AS times, max(last_seen_at) AS last_seen_at
FROM visible.quarantine
WHERE gateway_code IS NOT NULL
    AND (decision IS NULL OR decision = 'refused_again')
    AND NOT EXISTS (SELECT FROM visible.gateway g WHERE g.code = gateway_code)
GROUP BY 1 ORDER BY last_seen_at DESC LIMIT 20
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A gateway that speaks and is in no registry."""

    gateway_code: str
    times: int
    last_seen_at: datetime


def strangers(connection: psycopg.Connection) -> list[Stranger]:
    """Gateways that nobody registered, the last heard first; for those who see everything."""
    return connection.cursor(row_factory=class_row(Stranger)).execute(_UNREGISTERED).fetchall()
