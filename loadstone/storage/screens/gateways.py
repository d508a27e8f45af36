"""Gateways as the pages show them: whether they speak, and which meters hang on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayView:
    """A gateway with what it last said; `interval_s` is the shortest of its meters."""

    gateway_id: int
    site_id: int
    code: str
    model: str | None
    firmware: str | None
    online: bool | None
    why: str | None
    state_at: datetime | None
    last_message_at: datetime | None
    clock_skew_ms: int | None
    meter_ids: list[int]
    interval_s: int


_GATEWAYS = """
SELECT g.gateway_id, g.site_id, g.code, g.model, g.firmware, t.online, t.why, t.state_at,
    t.last_message_at, t.clock_skew_ms, coalesce(m.meter_ids, '{}') AS meter_ids,
    coalesce(m.interval_s, 60) AS interval_s
FROM visible.gateway g JOIN visible.site s USING (site_id)
LEFT JOIN visible.gateway_state t USING (gateway_id)
LEFT JOIN (
    SELECT c.gateway_id, array_agg(DISTINCT c.meter_id) AS meter_ids,
        min(interval_s) AS interval_s
    FROM visible.meter_channel c JOIN visible.meter USING (meter_id)
    WHERE c.valid_to = 'infinity' GROUP BY 1
) m USING (gateway_id)
WHERE g.retired_at IS NULL
    AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
    AND (%(site_id)s::int IS NULL OR g.site_id = %(site_id)s)
ORDER BY g.code
"""


def gateways(
    connection: psycopg.Connection, *, customer_id: int | None, site_id: int | None = None
) -> list[GatewayView]:
    """Gateways in service, of one customer or site where these are given."""
    cursor = connection.cursor(row_factory=class_row(GatewayView))
    wanted = {"customer_id": customer_id, "site_id": site_id}
    return cursor.execute(_GATEWAYS, wanted).fetchall()
