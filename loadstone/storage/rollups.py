"""Keeps the summaries fresh: what was marked dirty is summarised again, and nothing else."""

from __future__ import annotations

import psycopg

from loadstone.storage.backend import probe_backend
from loadstone.storage.continuous_aggregates import refresh_aggregates
from loadstone.storage.hour_energy import follow_marks, mark_summarised
from loadstone.storage.rollup_selects import COLUMNS, LEVEL_SELECT, RAW_SELECT

_LOCK_KEY = 7_101_862_932

_TAKE_MARKS = """
CREATE TEMP TABLE dirty_hour ON COMMIT DROP AS
WITH marks AS (
    DELETE FROM core.dirty_bucket WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM core.dirty_bucket LIMIT %s)) RETURNING meter_id, bucket
)
SELECT DISTINCT meter_id, bucket AS at, date_add(bucket, '1 hour', 'UTC') AS until FROM marks
WHERE bucket >= (SELECT coalesce(max(kept_from), '-infinity') FROM core.retention)
"""

_LOCAL_SPANS = """
CREATE TEMP TABLE dirty_{unit} ON COMMIT DROP AS
WITH zone AS MATERIALIZED (
    SELECT zone, core.zone_phase_s(zone) IS NOT DISTINCT FROM 0 AS of_hours
    FROM (SELECT DISTINCT zone FROM core.site) z
)
SELECT meter_id, at, date_add(at, '1 {unit}', zone) AS until, of_hours FROM (
    SELECT DISTINCT d.meter_id, date_trunc('{unit}', d.at + edge, s.zone) AS at, s.zone
    FROM dirty_{below} d JOIN core.meter USING (meter_id) JOIN core.site s USING (site_id),
        (VALUES (interval '0'), (interval '{reach}')) e (edge)
) local_span JOIN zone USING (zone)
"""

_CLEAR = """
DELETE FROM core.{target} r USING {dirty} d
WHERE r.meter_id = d.meter_id AND r.bucket = {bucket}
"""
_QUARTERS = (
    "ANY (ARRAY[d.at, d.at + interval '15 minutes', d.at + interval '30 minutes', "
    "d.at + interval '45 minutes'])"
)

_FILL = """
INSERT INTO core.{target} ({columns})
{select} JOIN {dirty} d ON r.meter_id = d.meter_id AND r.{time} >= d.at AND r.{time} < d.until
GROUP BY 1, 2, 3
"""

_QUARTER = "date_bin('15 minutes', r.ts, timestamptz '2000-01-01 00:00:00+00')"


def _fill(target: str, dirty: str, select: str, time: str) -> str:
    return _FILL.format(target=target, columns=COLUMNS, select=select, dirty=dirty, time=time)


# The planner takes the span condition of these joins for weak and, for a long history of one meter,
# compares every row with every span. Looking each span up by its index is never far off the best.
_BY_INDEX = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off"

_STEPS: tuple[str, ...] = (
    "CREATE INDEX ON dirty_hour (meter_id, at)",
    "ANALYZE dirty_hour",
    _CLEAR.format(target="rollup_15m", dirty="dirty_hour", bucket=_QUARTERS),
    _fill("rollup_15m", "dirty_hour", RAW_SELECT.format(bucket=_QUARTER), "ts"),
    _CLEAR.format(target="rollup_1h", dirty="dirty_hour", bucket="d.at"),
    _fill("rollup_1h", "dirty_hour",
          LEVEL_SELECT.format(bucket="d.at", source="rollup_15m"), "bucket"),
    _LOCAL_SPANS.format(unit="day", below="hour", reach="59 minutes 59 seconds"),
    "ANALYZE dirty_day",
    _CLEAR.format(target="rollup_day", dirty="dirty_day", bucket="d.at"),
    # Days of whole hours are made of hours: a quarter of the rows.
    _fill("rollup_day", "(SELECT * FROM dirty_day WHERE of_hours)",
          LEVEL_SELECT.format(bucket="d.at", source="rollup_1h"), "bucket"),
    _fill("rollup_day", "(SELECT * FROM dirty_day WHERE NOT of_hours)",
          LEVEL_SELECT.format(bucket="d.at", source="rollup_15m"), "bucket"),
    _LOCAL_SPANS.format(unit="month", below="day", reach="0"),
    "ANALYZE dirty_month",
    _CLEAR.format(target="rollup_month", dirty="dirty_month", bucket="d.at"),
    _fill("rollup_month", "dirty_month",
          LEVEL_SELECT.format(bucket="d.at", source="rollup_day"), "bucket"),
)  # fmt: skip

_AS_USUAL = "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"
_DROP = "DROP TABLE IF EXISTS dirty_hour, dirty_day, dirty_month"


def refresh_rollups(connection: psycopg.Connection, *, most_marks: int = 200_000) -> int:
    """Summarise again what was marked dirty; returns how many marks were followed.

    Hours of energy follow, also those that changed for another reason: a correction, say. One
    refresh runs at a time; a second caller returns 0 at once. With continuous aggregates not
    inside a transaction.
    """
    with connection.transaction():
        backend = probe_backend(connection)
    if backend.has_continuous_aggregates:
        return refresh_aggregates(connection, most_marks)
    return _refresh_tables(connection, most_marks)


def _refresh_tables(connection: psycopg.Connection, most_marks: int) -> int:
    with connection.transaction():
        locked = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK_KEY]).fetchone()
        if not locked or not locked[0]:
            return 0
        taken = connection.execute(_TAKE_MARKS, [most_marks]).rowcount
        if taken:
            connection.execute(_BY_INDEX)
            for step in _STEPS:
                connection.execute(step.encode())
            connection.execute(_AS_USUAL)
            mark_summarised(connection)
        connection.execute(_DROP)
        return max(taken, follow_marks(connection))
