"""Random register histories, how they are stored, and what must come out: reckoned by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import psycopg
from numpy.typing import NDArray

from loadstone.domain.batch import ReadingBatch
from loadstone.domain.quantities import POSITION, QUANTITIES
from loadstone.domain.registry import Customer, Meter, Site
from loadstone.storage import registry
from loadstone.storage.backend import probe_backend
from loadstone.storage.copy_binary import CopyColumn
from loadstone.storage.readings import (
    COLUMNS,
    ensure_partitions,
    mark_dirty,
    prepare_connection,
    reading_columns,
    store_readings,
)

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class History:
    """One meter's true import register and what was read of it; (n,) each, Wh continuous."""

    meter_id: int
    ts_ms: NDArray[np.int64]
    total_wh: NDArray[np.int64]
    register_wh: NDArray[np.int64]
    epoch: NDArray[np.int16]
    power_w: NDArray[np.float64]
    offsets: tuple[int, ...]

    def between_kwh(self, start: datetime, end: datetime) -> float:
        at = [start.timestamp() * 1000, end.timestamp() * 1000]
        return float(np.diff(np.interp(at, self.ts_ms, self.total_wh))[0]) / 1000

    def batch(self, rows: NDArray[np.intp] | slice = slice(None)) -> ReadingBatch:
        count = len(self.ts_ms[rows])
        values = np.full((count, len(QUANTITIES)), np.nan)
        values[:, POSITION["ep_imp"]] = self.register_wh[rows] / 1000
        values[:, POSITION["p"]] = self.power_w[rows] / 1000
        values[:, POSITION["u_an"]] = 230.12
        return ReadingBatch(
            meter_id=np.full(count, self.meter_id, np.int32),
            ts_ms=self.ts_ms[rows],
            quality=np.zeros(count, np.int32),
            lag_s=np.full(count, 2, np.int32),
            epoch=self.epoch[rows],
            values=values,
        )


def make_history(
    meter_id: int, start: datetime, end: datetime, *, seed: int, step_s: int = 900
) -> History:
    """Irregular readings with holes and two resets between these instants."""
    rng = np.random.default_rng(seed)
    count = int((end - start).total_seconds()) // step_s
    ts_ms = int(start.timestamp() * 1000) + np.arange(count, dtype=np.int64) * step_s * 1000
    ts_ms += rng.integers(0, step_s * 400, count)
    keep = rng.random(count) > 0.1
    keep[count // 3 : count // 3 + 20] = False
    ts_ms = ts_ms[keep]
    count = len(ts_ms)
    total = np.cumsum(rng.integers(0, 40_000, count)).astype(np.int64)
    epoch = np.zeros(count, np.int16)
    offsets = [0]
    register = total.copy()
    for number, at in enumerate((count // 4, count // 2), start=1):
        epoch[at:] = number
        offsets.append(int(total[at]))
        register[at:] = total[at:] - total[at]
    power = rng.integers(0, 500_000, count).astype(np.float64)
    power[rng.random(count) < 0.2] = np.nan
    return History(
        meter_id=meter_id,
        ts_ms=ts_ms,
        total_wh=total,
        register_wh=register,
        epoch=epoch,
        power_w=power,
        offsets=tuple(offsets),
    )


def register_meters(connection: psycopg.Connection, zones: Sequence[str]) -> list[int]:
    """Register one site and meter a zone; the meters' ids."""
    customer = registry.put_customer(
        connection, Customer(code="CUS", name_en="C", name_zh="客户", kind="office")
    )
    meters = []
    for number, zone in enumerate(zones):
        site = registry.put_site(
            connection, customer, Site(code=f"SITE-{number}", name_en="S", name_zh="站", zone=zone)
        )
        meter = Meter(code=f"MTR-{number}", name_en="M", name_zh="表", interval_s=900)
        meters.append(registry.put_meter(connection, site, meter))
    connection.commit()
    return meters


_INSERT = f"""
INSERT INTO core.reading ({COLUMNS}) SELECT {{values}} ON CONFLICT (meter_id, ts) DO NOTHING
"""
_MARK = """
INSERT INTO core.dirty_bucket (meter_id, bucket) SELECT %s, to_timestamp(unnest(%s::float8[]))
"""
_ARRAYS = {"int2": "int", "int4": "int", "int8": "bigint", "timestamptz": "float8"}
_ROWS_A_MESSAGE = 100


def put(
    connection: psycopg.Connection, batch: ReadingBatch, *, small: bool, fresh: bool = False
) -> None:
    """Store and mark a batch as the collector does; in WebAssembly by INSERT for want of COPY."""
    ensure_partitions(connection, batch.ts_ms, set())
    if small:
        for start in range(0, len(batch), _ROWS_A_MESSAGE):
            end = min(len(batch), start + _ROWS_A_MESSAGE)
            _insert(connection, batch.take(np.arange(start, end)))
    else:
        prepare_connection(connection)
        store_readings(connection, batch, fresh=fresh)
        mark_dirty(connection, batch.meter_id, batch.ts_ms)
    connection.commit()


def _insert(connection: psycopg.Connection, batch: ReadingBatch) -> None:
    columns = reading_columns(batch)
    values = ", ".join(
        f"to_timestamp(unnest(%s::{_ARRAYS[c.kind]}[]))"
        if c.kind == "timestamptz"
        else f"unnest(%s::{_ARRAYS[c.kind]}[])"
        for c in columns
    )
    connection.execute(_INSERT.format(values=values), [_listed(column) for column in columns])
    hours = np.unique(batch.ts_ms // 3_600_000 * 3600).tolist()
    connection.execute(_MARK, [int(batch.meter_id[0]), hours])


def _listed(column: CopyColumn) -> list[float | None]:
    values = column.values.astype(np.float64)
    if column.kind == "timestamptz":
        return list(values / 1000)
    null = column.null if column.null is not None else np.zeros(len(values), dtype=bool)
    return [None if gone else int(v) for v, gone in zip(values, null, strict=True)]


_EPOCH = """
INSERT INTO core.register_epoch (meter_id, epoch, starts_at, reason, offsets)
VALUES (%s, %s, to_timestamp(%s / 1000.0), %s, ARRAY[%s, 0, 0, 0, 0, 0, 0, 0]::bigint[])
"""


def put_epochs(connection: psycopg.Connection, history: History) -> None:
    """Store what was decided of the register: declared exchanges, which are certain."""
    for number, offset in enumerate(history.offsets):
        starts_ms = int(history.ts_ms[np.argmax(history.epoch == number)])
        reason = "exchange" if number else "first"
        connection.execute(_EPOCH, [history.meter_id, number, starts_ms, reason, offset])
    connection.commit()


def bucket_start(at: datetime, unit: str, zone: str) -> datetime:
    """Where the bucket of an instant begins."""
    if unit == "15m":
        return at - timedelta(seconds=at.timestamp() % 900)
    if unit == "1h":
        return at - timedelta(seconds=at.timestamp() % 3600)
    local = at.astimezone(ZoneInfo(zone))
    day = 1 if unit == "month" else local.day
    return datetime(local.year, local.month, day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


Summary = dict[tuple[int, datetime, int], tuple[object, ...]]


def summarise(histories: Sequence[History], unit: str, zones: Sequence[str]) -> Summary:
    """By hand: (meter, bucket, epoch) -> n, t0, t1, register ends, power n, sum, least, most."""
    groups: dict[tuple[int, datetime, int], list[tuple[datetime, int, float]]] = {}
    for history, zone in zip(histories, zones, strict=True):
        for ms, wh, epoch, watts in zip(
            history.ts_ms.tolist(), history.register_wh.tolist(), history.epoch.tolist(),
            history.power_w.tolist(), strict=True,
        ):  # fmt: skip
            at = datetime.fromtimestamp(ms / 1000, UTC)
            key = (history.meter_id, bucket_start(at, unit, zone), epoch)
            groups.setdefault(key, []).append((at, wh, watts))
    return {key: _summed(rows) for key, rows in groups.items()}


def _summed(rows: list[tuple[datetime, int, float]]) -> tuple[object, ...]:
    watts = [int(watts) for _, _, watts in rows if not np.isnan(watts)]
    ends = [wh for _, wh, _ in rows]
    return (
        len(rows), rows[0][0], rows[-1][0], min(ends), max(ends), len(watts),
        sum(watts) if watts else None, min(watts, default=None), max(watts, default=None),
    )  # fmt: skip


_STORED = """
SELECT meter_id, bucket, epoch, n, t0, t1, imp_0_wh, imp_1_wh, p_n, p_sum_w, p_min_w, p_max_w
FROM core.rollup_{unit}
"""


def stored_summary(connection: psycopg.Connection, unit: str) -> Summary:
    """The same from the store."""
    rows = connection.execute(_STORED.format(unit=unit).encode()).fetchall()
    return {(row[0], row[1], row[2]): tuple(row[3:]) for row in rows}


def compress(connection: psycopg.Connection) -> None:
    """Put all readings into the columnstore, where the server has one."""
    connection.commit()
    if probe_backend(connection).name == "tsl":
        connection.execute("SELECT compress_chunk(c, true) FROM show_chunks('core.reading') c")
    connection.commit()
