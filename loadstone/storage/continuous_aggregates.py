"""The summaries as TimescaleDB keeps them: one continuous aggregate a level, two more a zone.

A continuous aggregate remembers what changed as one span from the first to the last instant of a
transaction: a gateway that back-fills last month beside live readings would have the whole month
of all meters summarised again. So only the hours that `core.dirty_bucket` names are refreshed.
"""

from __future__ import annotations

import re
from datetime import datetime

import psycopg
from psycopg import sql

from loadstone.storage.hour_energy import follow_marks, mark_ahead
from loadstone.storage.rollup_selects import COLUMNS, LEVEL_SELECT, RAW_SELECT

_LOCK_KEY = 7_101_862_932

_CREATE = """
CREATE MATERIALIZED VIEW core.{name} ({columns})
WITH (timescaledb.continuous, timescaledb.materialized_only = true,
    timescaledb.create_group_indexes = false) AS
{select} GROUP BY 1, 2, 3 WITH NO DATA;
CREATE INDEX ON core.{name} (meter_id, bucket, epoch);
"""


def _create(name: str, select: str) -> str:
    return _CREATE.format(name=name, columns=COLUMNS, select=select.strip())


def _level(bucket: str, source: str) -> str:
    return LEVEL_SELECT.format(bucket=bucket, source=source)


_NO_ZONE_YET = "SELECT * FROM core.rollup_form WHERE false"

# Days and months are views that give each meter those of its site's zone.
CREATE_FIXED_LEVELS = f"""
{_create("rollup_15m", RAW_SELECT.format(bucket="time_bucket('15 minutes', r.ts)"))}
{_create("rollup_1h", _level("time_bucket('1 hour', r.bucket)", "rollup_15m"))}
CREATE TABLE core.rollup_zone (
    zone text PRIMARY KEY,
    suffix text NOT NULL UNIQUE,
    filled boolean NOT NULL DEFAULT false
);
CREATE VIEW core.rollup_day AS {_NO_ZONE_YET};
CREATE VIEW core.rollup_month AS {_NO_ZONE_YET};
"""

_NEW_ZONES = "SELECT DISTINCT zone FROM core.site EXCEPT SELECT zone FROM core.rollup_zone"
_ALL_SUFFIXES = "SELECT zone, suffix FROM core.rollup_zone ORDER BY zone"
_UNFILLED = "SELECT zone, suffix FROM core.rollup_zone WHERE NOT filled"
_ADD_ZONE = "INSERT INTO core.rollup_zone (zone, suffix) VALUES (%s, %s)"
_FILLED = "UPDATE core.rollup_zone SET filled = true WHERE zone = %s"
_LOCK = "SELECT pg_try_advisory_lock(%s)"
_UNLOCK = "SELECT pg_advisory_unlock(%s)"

# Nobody else deletes marks and nobody updates them, so a ctid stays the same mark's.
_MARKS = """
SELECT ctid::text, bucket FROM core.dirty_bucket
WHERE bucket >= (SELECT coalesce(max(kept_from), '-infinity') FROM core.retention)
LIMIT %s
"""
_TOO_LATE = """
DELETE FROM core.dirty_bucket WHERE bucket < (SELECT max(kept_from) FROM core.retention)
"""
_DONE = "DELETE FROM core.dirty_bucket WHERE ctid = ANY (%s::tid[])"
_WINDOWS = """
SELECT lower(w), upper(w) FROM (
    SELECT unnest(range_agg(tstzrange(
        date_trunc(%(unit)s, hour, %(zone)s),
        date_add(date_trunc(%(unit)s, hour + interval '59 minutes 59 seconds', %(zone)s),
            %(step)s::interval, %(zone)s)))) AS w
    FROM unnest(%(hours)s::timestamptz[]) AS marked (hour)) windows
ORDER BY 1
"""
_REFRESH = "CALL refresh_continuous_aggregate(%s::regclass, %s::timestamptz, %s::timestamptz)"


def refresh_aggregates(connection: psycopg.Connection, most_marks: int) -> int:
    """Refresh the hours marked dirty at every level; returns the marks followed.

    Marks go only when all levels are done, so that a refresh that was killed is done again. One
    refresh runs at a time; a second caller returns 0 at once. Not inside a transaction.
    """
    with _Autocommit(connection):
        locked = connection.execute(_LOCK, [_LOCK_KEY]).fetchone()
        if not locked or not locked[0]:
            return 0
        try:
            _add_zones(connection)
            taken = _refresh(connection, most_marks)
            with connection.transaction():
                return max(taken, follow_marks(connection))
        finally:
            connection.execute(_UNLOCK, [_LOCK_KEY])


class _Autocommit:
    """A refresh commits by itself, step by step."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._before = connection.autocommit

    def __enter__(self) -> None:
        self._connection.autocommit = True

    def __exit__(self, *_: object) -> None:
        self._connection.autocommit = self._before


def _refresh(connection: psycopg.Connection, most_marks: int) -> int:
    connection.execute(_TOO_LATE)
    marks = connection.execute(_MARKS, [most_marks]).fetchall()
    if not marks:
        return 0
    ids = [mark for mark, _ in marks]
    mark_ahead(connection, ids)
    hours = sorted({hour for _, hour in marks})
    for name in ("rollup_15m", "rollup_1h"):
        _refresh_level(connection, name, hours, "hour", "UTC")
    for zone, suffix in connection.execute(_ALL_SUFFIXES).fetchall():
        _refresh_level(connection, f"rollup_day_{suffix}", hours, "day", zone)
        _refresh_level(connection, f"rollup_month_{suffix}", hours, "month", zone)
    connection.execute(_DONE, [ids])
    return len(marks)


def _refresh_level(
    connection: psycopg.Connection, name: str, hours: list[datetime], unit: str, zone: str
) -> None:
    values = {"unit": unit, "step": f"1 {unit}", "zone": zone, "hours": hours}
    for start, end in connection.execute(_WINDOWS, values).fetchall():
        connection.execute(_REFRESH, [f"core.{name}", start, end])


def _add_zones(connection: psycopg.Connection) -> None:
    for (zone,) in connection.execute(_NEW_ZONES).fetchall():
        with connection.transaction():
            _create_zone(connection, zone)
    for zone, suffix in connection.execute(_UNFILLED).fetchall():
        for unit in ("day", "month"):
            connection.execute(_REFRESH, [f"core.rollup_{unit}_{suffix}", None, None])
        connection.execute(_FILLED, [zone])


def _create_zone(connection: psycopg.Connection, zone: str) -> None:
    suffix = re.sub(r"[^a-z0-9]+", "_", zone.lower())
    literal = sql.Literal(zone).as_string(connection)
    day = _level(f"time_bucket('1 day', r.bucket, {literal})", "rollup_15m")
    month = _level(f"time_bucket('1 month', r.bucket, {literal})", f"rollup_day_{suffix}")
    connection.execute(_create(f"rollup_day_{suffix}", day).encode())
    connection.execute(_create(f"rollup_month_{suffix}", month).encode())
    connection.execute(_ADD_ZONE, [zone, suffix])
    zones = connection.execute(_ALL_SUFFIXES).fetchall()
    for unit in ("day", "month"):
        parts = [
            _PART.format(
                unit=unit, suffix=s, zone=sql.Literal(z).as_string(connection), columns=_QUALIFIED
            )
            for z, s in zones
        ]
        connection.execute(
            f"CREATE OR REPLACE VIEW core.rollup_{unit} AS {' UNION ALL '.join(parts)}".encode()
        )


_QUALIFIED = ", ".join(f"r.{column}" for column in COLUMNS.split(", "))
_PART = """
SELECT {columns} FROM core.rollup_{unit}_{suffix} r
JOIN core.meter m ON m.meter_id = r.meter_id JOIN core.site s ON s.site_id = m.site_id
WHERE s.zone = {zone}
"""
