"""A whole database from one server to another of any kind, and the proof that it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql

from loadstone.storage.migrate import migrate, pending_migrations
from loadstone.storage.move_summaries import copy_summaries, let_go_before, takes_summaries
from loadstone.storage.readings import ensure_partitions
from loadstone.storage.rollups import refresh_rollups
from loadstone.storage.viewer_roles import ensure_roles

_OPTIONS = "-c timezone=UTC"
# Made anew at the target: summaries from the readings, marks while they are copied.
_NOT_COPIED = (
    "reading", "migration", "dirty_bucket", "retention", "rollup_form", "rollup_zone",
    "rollup_15m", "rollup_1h", "rollup_day", "rollup_month",
    "hour_energy", "hour_energy_meter", "hour_energy_mark",
)  # fmt: skip


class MoveError(Exception):
    """The database cannot be moved, or did not arrive whole; the source is never changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What arrived, counted at both ends."""

    tables: int
    rows: int
    readings: int
    meters: int


def move(source_url: str, target_url: str, tell: Callable[[str], None]) -> Moved:
    """Copy everything from a migrated source into an empty target and compare both.

    The source is read in one snapshot, so it may be written to meanwhile; what comes later is not
    moved. Raises MoveError.
    """
    tell(f"target: {migrate(target_url).backend.sentence}")
    with (
        psycopg.connect(source_url, options=_OPTIONS) as source,
        psycopg.connect(target_url, options=_OPTIONS) as target,
    ):
        _check(source, target)
        target.execute(_NOT_NOTED)
        source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        source.read_only = True
        tables = _tables(source)
        rows = sum(_copy_table(source, target, table) for table in tables)
        tell(f"{len(tables)} tables: {rows:,} rows")
        before = let_go_before(source)
        if before:
            count = copy_summaries(source, target, before, _pipe)
            tell(f"summaries from before {before:%Y-%m-%d}: {count:,} rows")
        readings = _copy_readings(source, target, tell)
        while refresh_rollups(target):
            target.commit()
        tell("summaries made anew")
        ensure_roles(target)
        target.commit()
        meters = _compare_energy(source, target)
        return Moved(tables=len(tables), rows=rows, readings=readings, meters=meters)


# The audit log comes along; what is copied is not noted in it once more.
_NOT_NOTED = "SELECT set_config('loadstone.audit', 'off', false)"
_IS_EMPTY = """
SELECT NOT EXISTS (SELECT FROM core.customer) AND NOT EXISTS (SELECT FROM core.reading)
"""


def _check(source: psycopg.Connection, target: psycopg.Connection) -> None:
    _, pending = pending_migrations(source)
    if pending:
        raise MoveError("the source is of an older version: run `loadstone migrate` on it first")
    empty = target.execute(_IS_EMPTY).fetchone()
    if not (empty and empty[0]):
        raise MoveError("the target is not empty: give a fresh database")
    before = let_go_before(source)
    if before and not takes_summaries(target):
        raise MoveError(
            f"the source has let go of readings from before {before:%Y-%m-%d}, and TimescaleDB "
            "Community makes its summaries of readings only: see 'Old readings that are gone' in "
            "docs/how-to/own-database-and-broker.md"
        )
    source.rollback()
    target.rollback()


_TABLES = """
SELECT c.relname::text FROM pg_class c
WHERE c.relnamespace = 'core'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
    AND c.relname <> ALL (%s)
"""
_REFERENCES = """
SELECT child.relname::text, parent.relname::text FROM pg_constraint k
JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid
WHERE k.contype = 'f' AND child.relnamespace = 'core'::regnamespace AND k.conrelid <> k.confrelid
"""


def _tables(source: psycopg.Connection) -> list[str]:
    """Every table to copy, each behind those that it refers to."""
    waiting = {str(row[0]) for row in source.execute(_TABLES, [list(_NOT_COPIED)])}
    needs: dict[str, set[str]] = {name: set() for name in waiting}
    for child, parent in source.execute(_REFERENCES):
        if child in needs and parent in waiting:
            needs[child].add(parent)
    ordered: list[str] = []
    while waiting:
        ready = sorted(name for name in waiting if needs[name] <= set(ordered))
        if not ready:
            raise MoveError(f"tables refer to each other in a circle: {sorted(waiting)}")
        ordered += ready
        waiting -= set(ready)
    return ordered


_COLUMNS = """
SELECT attname::text FROM pg_attribute
WHERE attrelid = format('core.%%I', %s::text)::regclass AND attnum > 0 AND NOT attisdropped
    AND attgenerated = '' ORDER BY attnum
"""
_IDENTITY = """
SELECT attname::text, pg_get_serial_sequence(format('core.%%I', %(table)s::text), attname)
FROM pg_attribute
WHERE attrelid = format('core.%%I', %(table)s::text)::regclass AND attidentity <> ''
"""


def _copy_table(source: psycopg.Connection, target: psycopg.Connection, table: str) -> int:
    columns = [str(row[0]) for row in source.execute(_COLUMNS, [table])]
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    relation = sql.Identifier("core", table)
    out = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT BINARY)").format(relation, names)
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(relation, names)
    _pipe(source, target, out, into)
    for column, sequence in target.execute(_IDENTITY, {"table": table}).fetchall():
        newest = sql.SQL("SELECT setval({}, max({})) FROM {}")
        target.execute(newest.format(sequence, sql.Identifier(column), relation))
    count = sql.SQL("SELECT count(*) FROM {}").format(relation)
    return _same(table, source, target, count)


def _pipe(
    source: psycopg.Connection,
    target: psycopg.Connection,
    out: sql.Composed,
    into: sql.Composed,
) -> None:
    with (
        source.cursor() as reader,
        target.cursor() as writer,
        reader.copy(out) as from_source,
        writer.copy(into) as to_target,
    ):
        for chunk in from_source:
            to_target.write(chunk)


def _same(
    what: str, source: psycopg.Connection, target: psycopg.Connection, count: sql.Composed
) -> int:
    sent, arrived = source.execute(count).fetchone(), target.execute(count).fetchone()
    if sent is None or sent != arrived:
        raise MoveError(f"{what}: {sent} rows at the source, {arrived} at the target")
    return int(sent[0])


_SPAN = "SELECT min(ts), max(ts) FROM core.reading"
_WEEKS = """
SELECT g, date_add(g, '7 days', 'UTC')
FROM generate_series(date_trunc('week', %s::timestamptz, 'UTC'), %s, '7 days', 'UTC') g
"""
_ROWS = "FROM core.reading WHERE ts >= {start} AND ts < {end}"
_MARK = """
INSERT INTO core.dirty_bucket (meter_id, bucket)
SELECT DISTINCT meter_id, date_trunc('hour', ts, 'UTC') FROM core.reading
WHERE ts >= %s AND ts < %s
"""


def _copy_readings(
    source: psycopg.Connection, target: psycopg.Connection, tell: Callable[[str], None]
) -> int:
    """Week by week in the order of time, each in a transaction with its marks."""
    span = source.execute(_SPAN).fetchone()
    target.commit()
    if span is None or span[0] is None:
        return 0
    columns = [str(row[0]) for row in source.execute(_COLUMNS, ["reading"])]
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    into = sql.SQL("COPY core.reading ({}) FROM STDIN (FORMAT BINARY)").format(names)
    known: set[int] = set()
    total = 0
    for start, end in source.execute(_WEEKS, list(span)).fetchall():
        ensure_partitions(target, _epoch_ms(start, end), known)
        target.commit()
        rows = sql.SQL(_ROWS).format(start=sql.Literal(start), end=sql.Literal(end))
        chosen = sql.SQL("COPY (SELECT {} {} ORDER BY ts) TO STDOUT (FORMAT BINARY)")
        _pipe(source, target, chosen.format(names, rows), into)
        total += _same("readings", source, target, sql.SQL("SELECT count(*) {}").format(rows))
        target.execute(_MARK, [start, end])
        target.commit()
        tell(f"readings until {end:%Y-%m-%d}: {total:,}")
    return total


def _epoch_ms(*instants: datetime) -> NDArray[np.int64]:
    return np.array([instant.timestamp() * 1000 for instant in instants]).astype(np.int64)


_TOTALS = """
SELECT e.meter_id, sum(e.energy_kwh) FROM read.energy(
    ARRAY(SELECT meter_id FROM core.meter), date_trunc('month', %(a)s::timestamptz, 'UTC'),
    date_add(date_trunc('month', %(z)s::timestamptz, 'UTC'), '1 month', 'UTC'),
    '1 month', 'UTC') e GROUP BY e.meter_id ORDER BY e.meter_id
"""
_KNOWN_SPAN = """
SELECT least(min(bucket), (SELECT min(ts) FROM core.reading)),
    greatest(max(bucket), (SELECT max(ts) FROM core.reading)) FROM core.rollup_month
"""
_MOST_APART_KWH = 1e-6


def _compare_energy(source: psycopg.Connection, target: psycopg.Connection) -> int:
    """Each meter's energy of the whole time at both ends; the number of meters."""
    span: tuple[datetime | None, datetime | None] | None = source.execute(_KNOWN_SPAN).fetchone()
    if span is None or span[0] is None:
        return 0
    values = {"a": span[0], "z": span[1]}
    sent = source.execute(_TOTALS, values).fetchall()
    arrived = target.execute(_TOTALS, values).fetchall()
    for (meter_id, here), (other_id, there) in zip(sent, arrived, strict=True):
        same = here == there or (
            here is not None and there is not None and abs(here - there) <= _MOST_APART_KWH
        )
        if meter_id != other_id or not same:
            raise MoveError(f"meter {meter_id}: {here} kWh at the source, {there} at the target")
    return len(sent)
