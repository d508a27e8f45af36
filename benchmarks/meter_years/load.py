"""The simulator's readings, stored as the collector stores them: COPY, a mark an hour, commit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import psycopg

from loadstone.domain.batch import ReadingBatch
from loadstone.domain.quality import Quality
from loadstone.domain.quantities import POSITION, QUANTITIES
from loadstone.storage.readings import (
    ensure_partitions,
    mark_dirty,
    prepare_connection,
    store_latest,
    store_readings,
)
from simulator.context import PortfolioContext
from simulator.history import meter_history

STEP_S = 900
_STRETCH = timedelta(days=7)
_ROWS_A_TRANSACTION = 10_000


@dataclass(slots=True)
class Loaded:
    """Rows stored, and the seconds that storing (not making) them took."""

    rows: int = 0
    seconds: float = 0.0


def stretches(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """[start, end) a week at a time."""
    while start < end:
        yield start, min(start + _STRETCH, end)
        start += _STRETCH


def batch_of(
    context: PortfolioContext, ids: dict[str, int], start: datetime, end: datetime
) -> ReadingBatch:
    """Every meter's readings of [start, end), by meter and time."""
    parts = [(ids[m.code], meter_history(context, m, start, end, STEP_S)) for m in
             sorted(context.meters.values(), key=lambda meter: ids[meter.code])]  # fmt: skip
    count = sum(len(columns["ts_ms"]) for _, columns in parts)
    values = np.full((count, len(QUANTITIES)), np.nan)
    ts_ms = np.concatenate([columns["ts_ms"] for _, columns in parts]).astype(np.int64)
    at = 0
    for _, columns in parts:
        until = at + len(columns["ts_ms"])
        for field, position in POSITION.items():
            if field in columns:
                values[at:until, position] = columns[field]
        at = until
    repeats = [len(columns["ts_ms"]) for _, columns in parts]
    return ReadingBatch(
        meter_id=np.repeat([meter_id for meter_id, _ in parts], repeats).astype(np.int32),
        ts_ms=ts_ms,
        quality=np.full(count, int(Quality.SIMULATED), np.int32),
        lag_s=np.full(count, 2, np.int32),
        epoch=np.zeros(count, np.int16),
        values=values,
    )


def load(connection: psycopg.Connection, batch: ReadingBatch, loaded: Loaded) -> None:
    """Store a stretch in the order of time, some thousand rows a transaction."""
    order = np.lexsort((batch.meter_id, batch.ts_ms))
    prepare_connection(connection)
    connection.commit()
    known: set[int] = set()
    for at in range(0, len(order), _ROWS_A_TRANSACTION):
        part = batch.take(np.sort(order[at : at + _ROWS_A_TRANSACTION]))
        begun_s = time.monotonic()
        ensure_partitions(connection, part.ts_ms, known)
        connection.commit()
        store_readings(connection, part, fresh=True)
        store_latest(connection, part, part.ts_ms + 2000)
        mark_dirty(connection, part.meter_id, part.ts_ms)
        connection.commit()
        loaded.seconds += time.monotonic() - begun_s
        loaded.rows += len(part)


_OPEN_EPOCHS = """
INSERT INTO core.register_epoch (meter_id, epoch, starts_at, reason, offsets)
SELECT meter_id, 0, %s, 'first', '{0,0,0,0,0,0,0,0}' FROM core.meter ON CONFLICT DO NOTHING
"""


def open_epochs(connection: psycopg.Connection, start: datetime) -> None:
    """Begin every meter's register history, as its first reading would have."""
    connection.execute(_OPEN_EPOCHS, [start])
    connection.commit()
