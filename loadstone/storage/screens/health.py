"""How the system itself is doing: rates, lags, gateways, quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """Counts of now and of the last hour; lags in s, of live readings of the last hour.

    `meters_current` were heard of within twice their interval, at least two minutes.
    """

    meters: int
    meters_heard: int
    meters_current: int
    newest_reading_at: datetime | None
    last_received_at: datetime | None
    lag_median_s: float | None
    lag_most_s: float | None
    gateways: int
    gateways_online: int
    gateways_never: int
    messages_missing: int
    quarantine_open: int
    quarantine_hour: int
    quarantine_again: int
    server_version: str
    database_bytes: int
    sessions: int
    readings_kept_from: datetime | None
    rollups_kept_from: datetime | None


_PULSE = """
WITH meter AS (
    SELECT m.meter_id, m.interval_s, l.ts, l.received_at
    FROM core.meter m LEFT JOIN visible.meter_latest l USING (meter_id) WHERE m.retired_at IS NULL
), lag AS (
    SELECT extract(epoch FROM received_at - ts)::float8 AS lag_s FROM meter
    WHERE received_at > %(now)s - interval '1 hour'
), gateway AS (
    SELECT t.online, t.last_message_at
    FROM core.gateway g LEFT JOIN visible.gateway_state t USING (gateway_id)
    WHERE g.retired_at IS NULL
)
SELECT (SELECT count(*) FROM meter)::int AS meters,
    (SELECT count(ts) FROM meter)::int AS meters_heard,
    (SELECT count(*) FROM meter WHERE ts > %(now)s
        - make_interval(secs => greatest(2 * interval_s, 120)))::int AS meters_current,
    (SELECT max(ts) FROM meter) AS newest_reading_at,
    (SELECT max(received_at) FROM meter) AS last_received_at,
    (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lag_s) FROM lag) AS lag_median_s,
    (SELECT max(lag_s) FROM lag) AS lag_most_s,
    (SELECT count(*) FROM gateway)::int AS gateways,
    (SELECT count(*) FROM gateway WHERE online IS NOT FALSE
        AND last_message_at > %(now)s - interval '10 minutes')::int AS gateways_online,
    (SELECT count(*) FROM gateway WHERE last_message_at IS NULL)::int AS gateways_never,
    (SELECT coalesce(sum(missing), 0) FROM read.gateway_messages
        WHERE updated_at > %(now)s - interval '1 day')::bigint AS messages_missing,
    (SELECT count(*) FROM core.quarantine
        WHERE decision IS NULL OR decision = 'refused_again')::int AS quarantine_open,
    (SELECT coalesce(sum(times_seen), 0) FROM core.quarantine
        WHERE last_seen_at > %(now)s - interval '1 hour')::int AS quarantine_hour,
    (SELECT count(*) FROM core.quarantine WHERE decision = 'again')::int AS quarantine_again,
    current_setting('server_version') AS server_version,
    pg_database_size(current_database()) AS database_bytes,
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())::int AS sessions,
    (SELECT kept_from FROM core.retention WHERE relation = 'readings') AS readings_kept_from,
    (SELECT kept_from FROM core.retention WHERE relation = 'rollups') AS rollups_kept_from
"""


def pulse(connection: psycopg.Connection, now: datetime) -> Pulse:
    """One look at everything that beats."""
    row = connection.cursor(row_factory=class_row(Pulse)).execute(_PULSE, {"now": now}).fetchone()
    assert row is not None  # noqa: S101 - a query of one row
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What one bucket brought: readings by their own time, refusals by when they came last."""

    start_at: datetime
    readings: int
    refused: int
    lag_max_s: int | None


_INTAKE = """
WITH bucket AS (
    SELECT generate_series(%(start)s::timestamptz, %(end)s::timestamptz - interval '1 second',
        interval '15 minutes') AS start_at
), stored AS (
    SELECT bucket AS start_at, sum(n)::bigint AS readings, max(lag_max_s) AS lag_max_s
    FROM core.rollup_15m WHERE bucket >= %(start)s AND bucket < %(end)s GROUP BY 1
), refused AS (
    SELECT date_bin('15 minutes', last_seen_at, timestamptz '2000-01-01Z') AS start_at,
        count(*) AS refused
    FROM core.quarantine WHERE last_seen_at >= %(start)s AND last_seen_at < %(end)s GROUP BY 1
)
SELECT b.start_at, coalesce(s.readings, 0)::bigint AS readings,
    coalesce(r.refused, 0)::int AS refused, s.lag_max_s
FROM bucket b LEFT JOIN stored s USING (start_at) LEFT JOIN refused r USING (start_at)
ORDER BY b.start_at
"""


def intake(connection: psycopg.Connection, start: datetime, end: datetime) -> list[Intake]:
    """Quarter hours of [start, end), which begins and ends at one."""
    cursor = connection.cursor(row_factory=class_row(Intake))
    return cursor.execute(_INTAKE, {"start": start, "end": end}).fetchall()
