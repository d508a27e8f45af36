"""How much room readings, summaries and quarantine take."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from loadstone.storage.backend import probe_backend


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationSize:
    """A relation with all its parts and indexes; `rows` is the server's estimate."""

    name: str
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnstoreSize:
    """What the columnstore made of the readings' chunks that are in it."""

    chunks: int
    columnstore_chunks: int
    bytes_before: int | None
    bytes_after: int | None

    @property
    def ratio(self) -> float | None:
        """How many times smaller they became; None while nothing is in it."""
        if not self.bytes_before or not self.bytes_after:
            return None
        return self.bytes_before / self.bytes_after


_RELATIONS = """
SELECT c.relname::text AS name, greatest(0, sum(p.reltuples))::bigint AS rows,
    sum(pg_total_relation_size(p.oid))::bigint AS bytes
FROM unnest(%s::text[]) WITH ORDINALITY wanted (name, place)
JOIN pg_class c ON c.relname = wanted.name AND c.relnamespace = 'core'::regnamespace
CROSS JOIN LATERAL (
    SELECT c.oid UNION SELECT t.relid FROM pg_partition_tree(c.oid) t) part (oid)
JOIN pg_class p ON p.oid = part.oid
WHERE c.relkind IN ('r', 'p') GROUP BY c.relname, wanted.place ORDER BY wanted.place
"""

_TIMESCALE_RELATIONS = """
SELECT wanted.name, sum(greatest(0, approximate_row_count(c.oid::regclass)))::bigint AS rows,
    sum(coalesce(hypertable_size(c.oid::regclass), pg_total_relation_size(c.oid)))::bigint AS bytes
FROM unnest(%s::text[]) WITH ORDINALITY wanted (name, place)
JOIN pg_class c ON c.relnamespace = 'core'::regnamespace
    AND (c.relname = wanted.name OR c.relname = ANY (ARRAY(
        SELECT view_name FROM timescaledb_information.continuous_aggregates
        WHERE view_schema = 'core' AND starts_with(view_name, wanted.name || '_'))))
WHERE c.relkind = 'r' OR EXISTS (
    SELECT FROM timescaledb_information.continuous_aggregates
    WHERE view_schema = 'core' AND view_name = c.relname)
GROUP BY wanted.name, wanted.place ORDER BY wanted.place
"""

_NAMES = [
    "reading", "rollup_15m", "rollup_1h", "rollup_day", "rollup_month", "hour_energy", "quarantine",
]  # fmt: skip


def relation_sizes(connection: psycopg.Connection) -> list[RelationSize]:
    """The sizes of readings, each level of summaries, and quarantine."""
    timescale = probe_backend(connection).has_hypertables
    cursor = connection.cursor(row_factory=class_row(RelationSize))
    return cursor.execute(_TIMESCALE_RELATIONS if timescale else _RELATIONS, [_NAMES]).fetchall()


_COLUMNSTORE = """
SELECT total_chunks AS chunks, number_compressed_chunks AS columnstore_chunks,
    before_compression_total_bytes AS bytes_before, after_compression_total_bytes AS bytes_after
FROM hypertable_compression_stats('core.reading')
"""


def columnstore_size(connection: psycopg.Connection) -> ColumnstoreSize | None:
    """What the columnstore saves; None where the server has none."""
    if probe_backend(connection).name != "tsl":
        return None
    cursor = connection.cursor(row_factory=class_row(ColumnstoreSize))
    return cursor.execute(_COLUMNSTORE).fetchone()


def exact_rows(connection: psycopg.Connection, name: str) -> int:
    """Count a relation's rows by reading it all."""
    count = sql.SQL("SELECT count(*) FROM core.{}").format(sql.Identifier(name))
    row = connection.execute(count).fetchone()
    return int(row[0]) if row else 0
