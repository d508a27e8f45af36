"""What gateways told of themselves and of meters, and what was decided of registers, over time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import psycopg

from loadstone.storage.keyset import PagedQuery, Part, SortColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event; `source` is `gateway` or `ledger`, and ids are unique within a source."""

    event_id: int
    source: str
    kind: str
    at: datetime
    recorded_at: datetime
    customer_id: int
    site_id: int
    gateway_code: str | None
    meter_id: int | None
    meter_code: str | None
    details: dict[str, Any]
    decided_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are wanted; None does not narrow, `at` lies in [start, end)."""

    customer_id: int | None = None
    site_id: int | None = None
    meter_id: int | None = None
    gateway: str | None = None
    kind: str | None = None
    start: datetime | None = None
    end: datetime | None = None


_NARROWED = """
AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
AND (%(site_id)s::int IS NULL OR s.site_id = %(site_id)s)
AND (%(meter_id)s::int IS NULL OR e.meter_id = %(meter_id)s)
AND (%(kind)s::text IS NULL OR e.kind = %(kind)s)
"""
_GATEWAY_EVENTS = PagedQuery(
    EventRow,
    """
SELECT e.gateway_event_id AS event_id, 'gateway' AS source, e.kind, e.ts AS at,
    e.received_at AS recorded_at, s.customer_id, s.site_id, g.code AS gateway_code, e.meter_id,
    m.code AS meter_code, e.details, NULL::text AS decided_by
FROM visible.gateway_event e JOIN visible.gateway g USING (gateway_id)
    JOIN visible.site s ON s.site_id = g.site_id
    LEFT JOIN visible.meter m ON m.meter_id = e.meter_id
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
AND (%(gateway)s::text IS NULL OR g.code = %(gateway)s)
AND (%(start)s::timestamptz IS NULL OR e.ts >= %(start)s)
AND (%(end)s::timestamptz IS NULL OR e.ts < %(end)s)"""
    + _NARROWED,
    "e.gateway_event_id",
    {
        "event_id": SortColumn(expression="e.gateway_event_id", type="bigint"),
        "at": SortColumn(expression="e.ts", type="timestamptz"),
    },
)
_LEDGER_EVENTS = PagedQuery(
    EventRow,
    """
SELECT e.ledger_event_id AS event_id, 'ledger' AS source, e.kind, e.starts_at AS at,
    e.decided_at AS recorded_at, s.customer_id, s.site_id, NULL::text AS gateway_code, e.meter_id,
    m.code AS meter_code, e.details, e.decided_by
FROM visible.ledger_event e JOIN visible.meter m USING (meter_id)
    JOIN visible.site s USING (site_id)
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
AND %(gateway)s::text IS NULL
AND (%(start)s::timestamptz IS NULL OR e.starts_at >= %(start)s)
AND (%(end)s::timestamptz IS NULL OR e.starts_at < %(end)s)"""
    + _NARROWED,
    "e.ledger_event_id",
    {
        "event_id": SortColumn(expression="e.ledger_event_id", type="bigint"),
        "at": SortColumn(expression="e.starts_at", type="timestamptz"),
    },
)
_SOURCES = {"gateway": _GATEWAY_EVENTS, "ledger": _LEDGER_EVENTS}


def list_source_events(
    connection: psycopg.Connection,
    source: str,
    only_customer_id: int | None,
    wanted: EventFilter,
    part: Part,
) -> list[EventRow]:
    """A part of the events of `gateway` or `ledger`."""
    return _SOURCES[source].rows(connection, part, {"only": only_customer_id, **asdict(wanted)})
