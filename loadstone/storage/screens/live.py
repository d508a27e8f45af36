"""What a site's page asks every other second: one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRow:
    """The newest values of one meter, its energy of the local day so far, and its newest quarters.

    Quarter hours (start in epoch s, mean power in kW) are those of main meters only.
    """

    meter_id: int
    role: str
    interval_s: int
    ts: datetime | None
    power_kw: float | None
    today_kwh: float | None
    quarter_starts_s: list[int] | None
    quarter_powers_kw: list[float | None] | None


_LIVE = """
WITH today AS (
    SELECT e.meter_id, e.energy_kwh AS today_kwh
    FROM (SELECT zone, date_trunc('day', %(end)s::timestamptz - interval '1 second', zone) AS since
          FROM visible.site WHERE site_id = %(site_id)s) s
    CROSS JOIN LATERAL read.energy(
        ARRAY(SELECT meter_id FROM visible.meter
              WHERE site_id = %(site_id)s AND retired_at IS NULL),
        s.since, date_add(s.since, '1 day', s.zone), interval '1 day', s.zone) e
), quarter AS (
    SELECT meter_id, array_agg(extract(epoch FROM start_at)::bigint ORDER BY start_at) AS starts_s,
        array_agg(power_kw ORDER BY start_at) AS powers_kw
    FROM read.load(
        ARRAY(SELECT meter_id FROM visible.meter WHERE site_id = %(site_id)s AND role = 'main'
              AND retired_at IS NULL),
        %(start)s, %(end)s, interval '15 minutes', 'UTC') GROUP BY 1
)
SELECT m.meter_id, m.role, m.interval_s, l.ts, l.active_power_kw AS power_kw, t.today_kwh,
    q.starts_s AS quarter_starts_s, q.powers_kw AS quarter_powers_kw
FROM visible.meter m LEFT JOIN read.latest l USING (meter_id) LEFT JOIN quarter q USING (meter_id)
LEFT JOIN today t USING (meter_id)
WHERE m.site_id = %(site_id)s AND m.retired_at IS NULL ORDER BY m.meter_id
"""


def live_rows(
    connection: psycopg.Connection, site_id: int, start: datetime, end: datetime
) -> list[LiveRow]:
    """The site's meters now, with the quarter hours of [start, end) of the main ones."""
    cursor = connection.cursor(row_factory=class_row(LiveRow))
    return cursor.execute(_LIVE, {"site_id": site_id, "start": start, "end": end}).fetchall()
