"""Labels that a person gives: -2 for readings not to be trusted, epochs for those that are.

Every change marks the hours that it touched, so that summaries follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.domain.quantities import REGISTERS

_MARKED = """, marked AS (
    INSERT INTO core.dirty_bucket (meter_id, bucket)
    SELECT DISTINCT meter_id, date_trunc('hour', ts, 'UTC') FROM moved
)
SELECT ts FROM moved ORDER BY ts
"""
_IN_FORCE = """(SELECT max(e.epoch) FROM core.register_epoch e
        WHERE e.meter_id = r.meter_id AND e.starts_at <= r.ts)"""

_DISTRUST = f"""
WITH moved AS (
    UPDATE core.reading r SET epoch = -2
    WHERE meter_id = %s AND ts >= %s AND ts < %s AND epoch >= 0 RETURNING meter_id, ts
){_MARKED}"""  # noqa: S608 - made of our own text

_TRUST = f"""
WITH moved AS (
    UPDATE core.reading r SET epoch = {_IN_FORCE}
    WHERE meter_id = %s AND ts >= %s AND ts < %s AND epoch = %s AND {_IN_FORCE} IS NOT NULL
    RETURNING meter_id, ts
){_MARKED}"""  # noqa: S608 - made of our own text

_DOUBT_AGAIN = f"""
WITH moved AS (
    UPDATE core.reading r SET epoch = -1
    WHERE meter_id = %s AND ts = ANY (%s::timestamptz[]) AND epoch >= 0 RETURNING meter_id, ts
){_MARKED}"""  # noqa: S608 - made of our own text


def distrust(
    connection: psycopg.Connection, meter_id: int, start: datetime, end: datetime
) -> list[datetime]:
    """Take trusted readings of [start, end) out of the registers; returns their instants."""
    return [row[0] for row in connection.execute(_DISTRUST.encode(), [meter_id, start, end])]


def trust(
    connection: psycopg.Connection,
    meter_id: int,
    start: datetime,
    end: datetime,
    *,
    was_distrusted: bool = False,
) -> list[datetime]:
    """Give readings of [start, end) that the rules (or a person) distrust the epoch in force."""
    values = [meter_id, start, end, -2 if was_distrusted else -1]
    return [row[0] for row in connection.execute(_TRUST.encode(), values)]


def doubt_again(
    connection: psycopg.Connection, meter_id: int, instants: Sequence[datetime]
) -> list[datetime]:
    """Take back the trust that a person gave these readings."""
    return [row[0] for row in connection.execute(_DOUBT_AGAIN.encode(), [meter_id, list(instants)])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """Where a register fell within one epoch: its position, and its values in Wh or varh."""

    register: int
    ts: datetime
    before: int
    after: int


_FALLS = " UNION ALL ".join(
    f"""SELECT {at} AS register, ts, before, after FROM (
    SELECT r.ts, r.{quantity.column} AS after, r.epoch,
        lag(r.{quantity.column}) OVER (ORDER BY r.ts) AS before,
        lag(r.epoch) OVER (ORDER BY r.ts) AS epoch_before
    FROM core.reading r
    WHERE r.meter_id = %(meter_id)s AND r.epoch >= 0 AND r.{quantity.column} IS NOT NULL
        AND r.ts >= coalesce((SELECT max(p.ts) FROM core.reading p WHERE p.meter_id = %(meter_id)s
            AND p.epoch >= 0 AND p.{quantity.column} IS NOT NULL AND p.ts < %(start)s), %(start)s)
        AND r.ts <= coalesce((SELECT min(p.ts) FROM core.reading p WHERE p.meter_id = %(meter_id)s
            AND p.epoch >= 0 AND p.{quantity.column} IS NOT NULL AND p.ts >= %(end)s), %(end)s)
) x WHERE after < before AND epoch = epoch_before"""  # noqa: S608 - made of our own column names only
    for at, quantity in enumerate(REGISTERS)
)


def first_fall(
    connection: psycopg.Connection, meter_id: int, start: datetime, end: datetime
) -> Fall | None:
    """The first fall of a trusted register within an epoch in [start, end) or at its edges."""
    values = {"meter_id": meter_id, "start": start, "end": end}
    cursor = connection.cursor(row_factory=class_row(Fall))
    return cursor.execute(f"{_FALLS} ORDER BY ts LIMIT 1".encode(), values).fetchone()
