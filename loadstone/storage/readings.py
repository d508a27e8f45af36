"""Readings at rest: binary COPY in, one row per meter and instant, each only once."""

from __future__ import annotations

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import errors

from loadstone.domain.batch import ReadingBatch
from loadstone.domain.quality import RANK_WEIGHTS
from loadstone.domain.quantities import FIRST_REGISTER, QUANTITIES, REGISTERS
from loadstone.storage.copy_binary import CopyColumn, copy_stream

_VALUE_COLUMNS = [quantity.column for quantity in QUANTITIES]
_REGISTER_COLUMNS = [quantity.column for quantity in REGISTERS]
COLUMNS = ", ".join(["meter_id", "ts", "epoch", "quality", "lag_s", *_VALUE_COLUMNS])
_LATEST_COLUMNS = ", ".join(["meter_id", "ts", "received_at", "epoch", "quality", *_VALUE_COLUMNS])


def _rank(table: str) -> str:
    terms = [f"({table}.quality & {int(bit)} <> 0)::int * {w}" for bit, w in RANK_WEIGHTS]
    return "(" + " + ".join(terms) + ")"


def _row(table: str, columns: list[str]) -> str:
    return "(" + ", ".join(f"{table}.{column}" for column in columns) + ")"


_BETTER = f"{_rank('excluded')} <= {_rank('r')}"
_MERGED = {
    column: f"CASE WHEN {_BETTER} THEN coalesce(excluded.{column}, r.{column}) "
    f"ELSE coalesce(r.{column}, excluded.{column}) END"
    for column in _VALUE_COLUMNS
}
_SAME_REGISTERS = (
    f"{_row('r', _REGISTER_COLUMNS)} IS NOT DISTINCT FROM "
    f"({', '.join(_MERGED[column] for column in _REGISTER_COLUMNS)})"
)

_STAGE = (
    "CREATE TEMP TABLE IF NOT EXISTS reading_stage (LIKE core.reading) ON COMMIT DELETE ROWS;"
    "CREATE TEMP TABLE IF NOT EXISTS latest_stage (LIKE core.meter_latest) ON COMMIT DELETE ROWS"
)
_COPY_READINGS = f"COPY core.reading ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
_COPY_STAGE = f"COPY reading_stage ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
_COPY_LATEST = f"COPY latest_stage ({_LATEST_COLUMNS}) FROM STDIN (FORMAT BINARY)"

# A reading that comes again adds what was missing, and replaces a value only when it is at least
# as good; one that says nothing new changes nothing.
_MERGE = f"""
INSERT INTO core.reading AS r ({COLUMNS})
SELECT {COLUMNS} FROM reading_stage
ON CONFLICT (meter_id, ts) DO UPDATE SET
    epoch = CASE WHEN {_SAME_REGISTERS} THEN r.epoch ELSE excluded.epoch END,
    quality = CASE WHEN {_BETTER} THEN excluded.quality ELSE r.quality END,
    {", ".join(f"{column} = {merged}" for column, merged in _MERGED.items())}
WHERE {_row("r", _VALUE_COLUMNS)} IS DISTINCT FROM ({", ".join(_MERGED.values())})
"""  # noqa: S608 - made of our own column names only

# Registers often come less often than instantaneous values: a row without the one keeps the other.
_SAYS_INSTANT = (
    "num_nonnulls("
    + ", ".join(f"excluded.{q.column}" for q in QUANTITIES if not q.register)
    + ") > 0"
)
_SAYS_REGISTER = f"num_nonnulls({', '.join(f'excluded.{c}' for c in _REGISTER_COLUMNS)}) > 0"
_UPSERT_LATEST = f"""
INSERT INTO core.meter_latest AS l ({_LATEST_COLUMNS})
SELECT {_LATEST_COLUMNS} FROM latest_stage
ON CONFLICT (meter_id) DO UPDATE SET
    ts = excluded.ts, received_at = excluded.received_at,
    epoch = CASE WHEN {_SAYS_REGISTER} THEN excluded.epoch ELSE l.epoch END,
    quality = excluded.quality,
    {
    ", ".join(
        f"{c} = coalesce(excluded.{c}, l.{c})"
        if c in _REGISTER_COLUMNS
        else f"{c} = CASE WHEN {_SAYS_INSTANT} AND excluded.ts > l.ts THEN excluded.{c} "
        f"ELSE coalesce(excluded.{c}, l.{c}) END"
        for c in _VALUE_COLUMNS
    )
}
WHERE excluded.ts >= l.ts
"""  # noqa: S608 - made of our own column names only

_COPY_DIRTY = "COPY core.dirty_bucket (meter_id, bucket) FROM STDIN (FORMAT BINARY)"

_IS_PARTITIONED = "SELECT to_regprocedure('core.ensure_reading_partition(timestamptz)') IS NOT NULL"

_ENSURE_PARTITION = "SELECT core.ensure_reading_partition(to_timestamp(%s))"
_MS_PER_HOUR = 3_600_000
_APPROX_MONTH_MS = 27 * 24 * _MS_PER_HOUR


def prepare_connection(connection: psycopg.Connection) -> None:
    """Make the temporary tables that writing needs; once per connection."""
    connection.execute(_STAGE)


def _is_partitioned(connection: psycopg.Connection) -> bool:
    row = connection.execute(_IS_PARTITIONED).fetchone()
    return bool(row and row[0])


def ensure_partitions(
    connection: psycopg.Connection, ts_ms: NDArray[np.int64], known: set[int]
) -> None:
    """Make the monthly partitions that these instants need; `known` remembers them.

    Does nothing where the backend cuts readings itself. To be called outside a transaction: it
    takes a lock that should be held for moments only.
    """
    months = (ts_ms.astype("datetime64[ms]").astype("datetime64[M]")).astype(np.int64)
    fresh = [month for month in np.unique(months).tolist() if month not in known]
    if fresh and _is_partitioned(connection):
        for month in fresh:
            start_s = np.datetime64(month, "M").astype("datetime64[s]").astype(np.int64)
            connection.execute(_ENSURE_PARTITION, [int(start_s)])
    known.update(fresh)


def reading_columns(batch: ReadingBatch) -> list[CopyColumn]:
    """The batch as stored: scaled integers."""
    return [
        CopyColumn(kind="int4", values=batch.meter_id),
        CopyColumn(kind="timestamptz", values=batch.ts_ms),
        CopyColumn(kind="int2", values=batch.epoch),
        CopyColumn(kind="int4", values=batch.quality),
        CopyColumn(kind="int4", values=batch.lag_s),
        *value_columns(batch),
    ]


def value_columns(batch: ReadingBatch) -> list[CopyColumn]:
    """The measured values as scaled integers, in the order of QUANTITIES."""
    columns = []
    for at, quantity in enumerate(QUANTITIES):
        values = np.rint(batch.values[:, at] * quantity.scale)
        kind = "int8" if quantity.wide else "int2" if quantity.column == "pf_e4" else "int4"
        columns.append(CopyColumn(kind=kind, values=values, null=np.isnan(values)))
    return columns


def store_readings(connection: psycopg.Connection, batch: ReadingBatch, *, fresh: bool) -> None:
    """Store the batch inside the caller's transaction; repeating it changes nothing.

    `fresh` says that no row is thought to exist yet: then the rows go straight into the table, and
    only if one does exist, by way of a staging table.
    """
    stream = copy_stream(reading_columns(batch))
    if fresh:
        try:
            with connection.transaction():
                _copy(connection, _COPY_READINGS, stream)
        except errors.UniqueViolation:
            pass
        else:
            return
    _copy(connection, _COPY_STAGE, stream)
    connection.execute(_MERGE)


def store_latest(
    connection: psycopg.Connection, batch: ReadingBatch, received_ms: NDArray[np.int64]
) -> None:
    """Keep the newest values of each meter for instant look-up; (n,) receive times in epoch ms."""
    if not _in_order(batch):  # the times shown may be others than those stored
        order = np.lexsort((batch.ts_ms, batch.meter_id))
        batch, received_ms = batch.take(order), received_ms[order]
    last = np.flatnonzero(np.append(np.diff(batch.meter_id) != 0, True))
    newest = _newest_of_each(batch, last)
    columns = [
        CopyColumn(kind="int4", values=newest.meter_id),
        CopyColumn(kind="timestamptz", values=newest.ts_ms),
        CopyColumn(kind="timestamptz", values=received_ms[last]),
        CopyColumn(kind="int2", values=newest.epoch),
        CopyColumn(kind="int4", values=newest.quality),
        *value_columns(newest),
    ]
    _copy(connection, _COPY_LATEST, copy_stream(columns))
    connection.execute(_UPSERT_LATEST)


def _in_order(batch: ReadingBatch) -> bool:
    next_meter = np.diff(batch.meter_id)
    return bool(((next_meter > 0) | ((next_meter == 0) & (np.diff(batch.ts_ms) >= 0))).all())


def _newest_of_each(batch: ReadingBatch, last: NDArray[np.intp]) -> ReadingBatch:
    """The `last` rows; without registers, or without anything else, they take those before them.

    Registers that are not trusted are not shown.
    """
    known = ~np.isnan(batch.values)
    trusted = np.asarray(known[:, FIRST_REGISTER:].any(axis=1) & (batch.epoch >= 0))
    newest = batch.take(last)
    starts = np.append(0, last[:-1] + 1)
    registers = _last_true(trusted, starts, last)
    says_instant = np.asarray(known[:, :FIRST_REGISTER].any(axis=1))
    instants = _last_true(says_instant, starts, last)
    newest.values[:, FIRST_REGISTER:] = np.where(
        (registers >= 0)[:, None], batch.values[registers, FIRST_REGISTER:], np.nan
    )
    newest.values[:, :FIRST_REGISTER] = np.where(
        (instants >= 0)[:, None], batch.values[instants, :FIRST_REGISTER], np.nan
    )
    newest.epoch = np.where(registers >= 0, batch.epoch[registers], newest.epoch)
    return newest


def _last_true(
    mask: NDArray[np.bool_], starts: NDArray[np.intp], lasts: NDArray[np.intp]
) -> NDArray[np.intp]:
    """The position of the last true in each [start, last]; -1 where there is none."""
    seen = np.maximum.accumulate(np.where(mask, np.arange(len(mask)), -1))[lasts]
    return np.where(seen >= starts, seen, -1)


def mark_dirty(
    connection: psycopg.Connection, meter_id: NDArray[np.int32], ts_ms: NDArray[np.int64]
) -> None:
    """Say which hours of which meters must be summarised again; best sorted by both."""
    hours = ts_ms // _MS_PER_HOUR
    new = np.ones(len(hours), dtype=bool)  # the table is a log: a pair that comes twice is no harm
    new[1:] = (np.diff(meter_id) != 0) | (np.diff(hours) != 0)
    columns = [
        CopyColumn(kind="int4", values=meter_id[new]),
        CopyColumn(kind="timestamptz", values=hours[new] * _MS_PER_HOUR),
    ]
    _copy(connection, _COPY_DIRTY, copy_stream(columns))


def _copy(connection: psycopg.Connection, statement: str, stream: bytes) -> None:
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        copy.write(stream)
