"""The pieces by time that a large relation lies in: chunks, or monthly partitions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.storage.backend import Backend


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows of [start, end); `name` is quoted as SQL needs it."""

    name: str
    start: datetime
    end: datetime


_PARTITIONS = """
SELECT part.oid::regclass::text AS name, month AS start, date_add(month, '1 month', 'UTC') AS end
FROM pg_inherits i JOIN pg_class part ON part.oid = i.inhrelid,
    LATERAL (SELECT to_timestamp(right(part.relname, 6), 'YYYYMM') AS month) named
WHERE i.inhparent = format('core.%%I', %(relation)s::text)::regclass ORDER BY 2
"""

_CHUNKS = """
SELECT format('%%I.%%I', chunk_schema, chunk_name) AS name, range_start AS start, range_end AS end
FROM timescaledb_information.chunks c
WHERE (hypertable_schema, hypertable_name) = ('core', %(relation)s)
    OR (hypertable_schema, hypertable_name) IN (
        SELECT materialization_hypertable_schema, materialization_hypertable_name
        FROM timescaledb_information.continuous_aggregates
        WHERE view_schema = 'core' AND view_name = %(relation)s)
ORDER BY range_start
"""


def parts_of(connection: psycopg.Connection, backend: Backend, relation: str) -> list[Part]:
    """The parts of a relation of schema core, oldest first."""
    query = _CHUNKS if backend.has_hypertables else _PARTITIONS
    cursor = connection.cursor(row_factory=class_row(Part))
    return cursor.execute(query, {"relation": relation}).fetchall()
