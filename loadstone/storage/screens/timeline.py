"""What happened at a customer, a site, a gateway or a meter: told by gateways, decided, refused."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event; refusals of a kind are one per gateway, meter and hour, `times` says how many.

    `source` is gateway, ledger or quarantine; `kind` is that source's own word.
    """

    at: datetime
    source: str
    kind: str
    reference: int
    site_id: int | None
    site_en: str | None
    site_zh: str | None
    zone: str | None
    gateway_code: str | None
    meter_id: int | None
    meter_code: str | None
    who: str | None
    note: str | None
    details: dict[str, Any]
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Of whom; None does not narrow."""

    customer_id: int | None = None
    site_id: int | None = None
    gateway_id: int | None = None
    meter_id: int | None = None


# Refusals come by the thousand where a meter is not registered: an hour of them is one line.
_HAPPENINGS = """
WITH event AS (
    SELECT e.ts AS at, 'gateway' AS source, e.kind, e.gateway_event_id AS reference,
        g.site_id, g.gateway_id, g.code AS gateway_code, e.meter_id, NULL AS meter_name,
        NULL AS who, NULL AS note, e.details, 1 AS times
    FROM visible.gateway_event e JOIN visible.gateway g USING (gateway_id)
    WHERE e.ts >= %(start)s AND e.ts < %(end)s
    UNION ALL
    SELECT e.decided_at, 'ledger', e.kind, e.ledger_event_id, m.site_id, NULL, NULL, e.meter_id,
        NULL, e.decided_by, e.note, jsonb_build_object('reason', e.reason, 'starts_at', e.starts_at,
            'ends_at', e.ends_at, 'withdraws', e.withdraws), 1
    FROM visible.ledger_event e JOIN visible.meter m USING (meter_id)
    WHERE e.decided_at >= %(start)s AND e.decided_at < %(end)s
        AND e.reason IS DISTINCT FROM 'first'  -- that a meter's history begins is no news
    UNION ALL
    SELECT max(q.last_seen_at), 'quarantine', q.code, max(q.quarantine_id),
        coalesce(m.site_id, g.site_id), min(g.gateway_id), q.gateway_code, q.meter_id,
        min(q.meter_code), NULL, NULL, jsonb_build_object('severity', min(q.severity),
            'field', min(q.field), 'value', min(q.value), 'rule', min(q.rule)),
        sum(q.times_seen)::int
    FROM visible.quarantine q LEFT JOIN visible.meter m ON m.meter_id = q.meter_id
    LEFT JOIN visible.gateway g ON g.code = q.gateway_code
    WHERE q.last_seen_at >= %(start)s AND q.last_seen_at < %(end)s
    GROUP BY q.code, coalesce(m.site_id, g.site_id), q.gateway_code, q.meter_id,
        date_trunc('hour', q.last_seen_at)
)
SELECT e.at, e.source, e.kind, e.reference, e.site_id, s.name_en AS site_en, s.name_zh AS site_zh,
    s.zone, e.gateway_code, e.meter_id, coalesce(m.code, e.meter_name) AS meter_code, e.who, e.note,
    e.details, e.times
FROM event e LEFT JOIN visible.site s ON s.site_id = e.site_id
LEFT JOIN visible.meter m ON m.meter_id = e.meter_id
WHERE (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
    AND (%(site_id)s::int IS NULL OR e.site_id = %(site_id)s)
    AND (%(meter_id)s::int IS NULL OR e.meter_id = %(meter_id)s)
    AND (%(gateway_id)s::int IS NULL OR e.gateway_id = %(gateway_id)s)
ORDER BY e.at DESC, e.source, e.reference DESC LIMIT %(most)s
"""


def happenings(
    connection: psycopg.Connection,
    concerned: Concerned,
    start: datetime,
    end: datetime,
    most: int,
) -> list[Happening]:
    """Up to `most` events of [start, end), the newest first."""
    cursor = connection.cursor(row_factory=class_row(Happening))
    wanted = {**asdict(concerned), "start": start, "end": end, "most": most}
    return cursor.execute(_HAPPENINGS, wanted).fetchall()
