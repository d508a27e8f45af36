"""Gateways and what they last said of themselves; scopes as in `portfolio`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.storage.keyset import PagedQuery, Part, SortColumn
from loadstone.storage.portfolio import as_id


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRow:
    """A gateway's state; `received`, `repeated` and `missing` count its numbered messages."""

    gateway_id: int
    code: str
    site_id: int
    site_code: str
    customer_id: int
    model: str | None
    firmware: str | None
    retired_at: datetime | None
    online: bool | None
    why: str | None
    state_at: datetime | None
    last_message_at: datetime | None
    clock_skew_ms: int | None
    clock_synced: bool | None
    boot: int | None
    birth_at: datetime | None
    meter_count: int
    received: int
    repeated: int
    missing: int


_GATEWAYS = """
SELECT g.gateway_id, g.code, g.site_id, s.code AS site_code, s.customer_id, g.model, g.firmware,
    g.retired_at, t.online, t.why, t.state_at, t.last_message_at, t.clock_skew_ms,
    t.clock_synced, t.boot, t.birth_at,
    (SELECT count(DISTINCT k.meter_id) FROM visible.meter_channel k
     WHERE k.gateway_id = g.gateway_id
       AND k.valid_from <= %(now)s AND k.valid_to > %(now)s)::int AS meter_count,
    numbered.received, numbered.repeated, numbered.missing
FROM visible.gateway g JOIN visible.site s USING (site_id)
    LEFT JOIN visible.gateway_state t USING (gateway_id)
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(q.received), 0)::bigint AS received,
            coalesce(sum(q.repeated), 0)::bigint AS repeated,
            coalesce(sum((SELECT sum(upper(gap) - lower(gap)) FROM unnest(q.gaps) gap)), 0)::bigint
                AS missing
        FROM visible.gateway_sequence q WHERE q.gateway_id = g.gateway_id
    ) numbered
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
"""
_GATEWAY_PAGE = PagedQuery(
    GatewayRow,
    _GATEWAYS
    + """AND (%(site_id)s::int IS NULL OR g.site_id = %(site_id)s)
AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
AND (%(online)s::bool IS NULL OR coalesce(t.online, false) = %(online)s)
AND (%(retired)s::bool IS NULL OR (g.retired_at IS NOT NULL) = %(retired)s)
AND (%(q)s::text IS NULL
    OR strpos(lower(concat_ws(chr(10), g.code, g.model)), lower(%(q)s)) > 0)""",
    "g.gateway_id",
    {
        "gateway_id": SortColumn(expression="g.gateway_id", type="int"),
        "code": SortColumn(expression="g.code"),
        "site_id": SortColumn(expression="g.site_id", type="int"),
        "last_message_at": SortColumn(
            expression="coalesce(t.last_message_at, '-infinity')", type="timestamptz"
        ),
    },
)
_GATEWAY = (
    _GATEWAYS
    + "AND (g.gateway_id = %(id)s::int OR g.code = %(code)s) "
    + "ORDER BY coalesce(g.code = %(code)s, false) DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayFilter:
    """Which gateways are wanted; None does not narrow, `q` is part of a code or model."""

    site_id: int | None = None
    customer_id: int | None = None
    online: bool | None = None
    retired: bool | None = None
    q: str | None = None


def list_gateways(
    connection: psycopg.Connection,
    only_customer_id: int | None,
    wanted: GatewayFilter,
    part: Part,
    *,
    now: datetime,
) -> list[GatewayRow]:
    """A part of the gateways, each with its state."""
    values = {"only": only_customer_id, "now": now, **asdict(wanted)}
    return _GATEWAY_PAGE.rows(connection, part, values)


def find_gateway(
    connection: psycopg.Connection, only_customer_id: int | None, reference: str, now: datetime
) -> GatewayRow | None:
    """One gateway by its code, else by its id; None where there is none in the scope."""
    values = {"only": only_customer_id, "id": as_id(reference), "code": reference, "now": now}
    cursor = connection.cursor(row_factory=class_row(GatewayRow))
    return cursor.execute(_GATEWAY, values).fetchone()
