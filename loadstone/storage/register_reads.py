"""Where each meter's registers stand: stored register readings, epochs and declared exchanges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from loadstone.domain.quantities import REGISTERS
from loadstone.domain.registers import Epoch, Exchange, RegisterPoint

FAR_FUTURE_MS = 32_503_680_000_000  # 3000-01-01: after every reading

_REGISTER_LIST = ", ".join(f"r.{quantity.column}" for quantity in REGISTERS)
_HAS_REGISTER = f"num_nonnulls({_REGISTER_LIST}) > 0"
_TS_MS = "(extract(epoch FROM r.ts) * 1000)::bigint"
_REGISTERS = f"ARRAY[{_REGISTER_LIST}]::bigint[] AS registers"
_POINT = f"r.meter_id, {_TS_MS} AS ts_ms, r.epoch, r.quality, {_REGISTERS}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """A stored register reading."""

    meter_id: int
    ts_ms: int
    epoch: int
    quality: int
    registers: list[int | None]

    def point(self, declared_epoch: int | None = None) -> RegisterPoint:
        """The reading as the register rules see it."""
        return RegisterPoint(
            ts_ms=self.ts_ms, values=tuple(self.registers), declared_epoch=declared_epoch
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _EpochRow:
    meter_id: int
    epoch: int
    starts_ms: int
    confirmed_ms: int
    reason: str
    declared_epoch: int | None
    offsets: list[int]
    registers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _ExchangeRow:
    meter_id: int
    ts_ms: int
    closing: list[int | None]
    opening: list[int | None]


_EPOCHS = """
SELECT meter_id, epoch, (extract(epoch FROM starts_at) * 1000)::bigint AS starts_ms,
    (extract(epoch FROM coalesce(confirmed_at, starts_at)) * 1000)::bigint AS confirmed_ms, reason,
    declared_epoch, offsets, registers
FROM visible.register_epoch WHERE meter_id = ANY (%s) ORDER BY meter_id, epoch
"""


def epochs_of(connection: psycopg.Connection, meter_ids: Sequence[int]) -> list[tuple[int, Epoch]]:
    """The register epochs of these meters, in order, each with its meter_id."""
    cursor = connection.cursor(row_factory=class_row(_EpochRow))
    return [
        (
            row.meter_id,
            Epoch(
                number=row.epoch,
                starts_ms=row.starts_ms,
                offsets=tuple(row.offsets),
                reason=row.reason,
                confirmed_ms=row.confirmed_ms,
                declared_epoch=row.declared_epoch,
                registers=row.registers,
            ),
        )
        for row in cursor.execute(_EPOCHS, [list(meter_ids)])
    ]


_EXCHANGES = """
SELECT meter_id, (extract(epoch FROM ts) * 1000)::bigint AS ts_ms, closing, opening
FROM visible.register_exchange WHERE meter_id = ANY (%s) ORDER BY meter_id, ts
"""


def exchanges_of(
    connection: psycopg.Connection, meter_ids: Sequence[int]
) -> list[tuple[int, Exchange]]:
    """The declared exchanges of these meters in time order, each with its meter_id."""
    cursor = connection.cursor(row_factory=class_row(_ExchangeRow))
    return [
        (
            row.meter_id,
            Exchange(ts_ms=row.ts_ms, closing=tuple(row.closing), opening=tuple(row.opening)),
        )
        for row in cursor.execute(_EXCHANGES, [list(meter_ids)])
    ]


_NUMBERS = """
SELECT meter_id, (extract(epoch FROM ts) * 1000)::bigint, number
FROM visible.register_number WHERE meter_id = ANY (%s) ORDER BY meter_id, ts
"""


def numbers_of(
    connection: psycopg.Connection, meter_ids: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Where numbers of registers were raised: meter_id, instant in epoch ms, number."""
    rows = connection.execute(_NUMBERS, [list(meter_ids)]).fetchall()
    return [(int(meter), int(ts_ms), int(number)) for meter, ts_ms, number in rows]


_LAST_POINTS = f"""
SELECT x.* FROM unnest(%s::int[]) AS m (id) CROSS JOIN LATERAL (
    SELECT {_POINT} FROM visible.reading r
    WHERE r.meter_id = m.id AND r.epoch >= 0 AND {_HAS_REGISTER}
        AND r.ts < to_timestamp(%s / 1000.0)
    ORDER BY r.ts DESC LIMIT 1) x
"""  # noqa: S608 - made of our own column names only


def last_points(
    connection: psycopg.Connection, meter_ids: Sequence[int], before_ms: int = FAR_FUTURE_MS
) -> list[PointRow]:
    """The newest trusted register reading of each of these meters before an instant."""
    cursor = connection.cursor(row_factory=class_row(PointRow))
    return cursor.execute(_LAST_POINTS, [list(meter_ids), before_ms]).fetchall()


_RESTLESS = f"""
SELECT u.id FROM unnest(%s::int[], %s::bigint[]) AS u (id, ms) WHERE EXISTS (
    SELECT FROM visible.reading r
    WHERE r.meter_id = u.id AND r.ts > to_timestamp(u.ms / 1000.0) AND {_HAS_REGISTER})
"""  # noqa: S608 - made of our own column names only


def with_later_points(
    connection: psycopg.Connection, meters: Sequence[tuple[int, int]]
) -> set[int]:
    """Those of these (meter_id, instant in epoch ms) that have register readings after it."""
    columns = [[meter for meter, _ in meters], [ms for _, ms in meters]]
    return {int(row[0]) for row in connection.execute(_RESTLESS, columns)}


_ONE_REGISTER = {
    at: f"""
SELECT {_TS_MS}, r.{quantity.column} FROM visible.reading r
WHERE r.meter_id = %s AND r.epoch >= 0 AND r.{quantity.column} IS NOT NULL
    AND r.ts < to_timestamp(%s / 1000.0) ORDER BY r.ts DESC LIMIT 1
"""  # noqa: S608 - made of our own column names only
    for at, quantity in enumerate(REGISTERS)
}


def last_value(
    connection: psycopg.Connection, meter_id: int, register: int, before_ms: int
) -> tuple[int, int] | None:
    """When one register was last read before an instant (epoch ms), and its value there."""
    row = connection.execute(_ONE_REGISTER[register].encode(), [meter_id, before_ms]).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))


_AFTER = f"""
SELECT {_POINT} FROM visible.reading r
WHERE r.meter_id = %s AND r.ts > to_timestamp(%s / 1000.0) AND {_HAS_REGISTER}
ORDER BY r.ts LIMIT %s
"""  # noqa: S608 - made of our own column names only


def points_after(
    connection: psycopg.Connection, meter_id: int, after_ms: int, most: int
) -> list[PointRow]:
    """Register readings after an instant, trusted or not, in time order; `most` of them."""
    cursor = connection.cursor(row_factory=class_row(PointRow))
    return cursor.execute(_AFTER, [meter_id, after_ms, most]).fetchall()


_AT = f"""
SELECT {_POINT} FROM unnest(%s::bigint[]) AS u (ms)
JOIN visible.reading r ON r.meter_id = %s AND r.ts = to_timestamp(u.ms / 1000.0)
WHERE {_HAS_REGISTER}
"""  # noqa: S608 - made of our own column names only


def points_at(
    connection: psycopg.Connection, meter_id: int, instants_ms: Sequence[int]
) -> list[PointRow]:
    """Register readings at these instants, trusted or not."""
    cursor = connection.cursor(row_factory=class_row(PointRow))
    return cursor.execute(_AT, [list(instants_ms), meter_id]).fetchall()
