"""What is kept of registers: epochs, what was declared of them, the labels of stored readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psycopg

from loadstone.domain.quantities import REGISTERS
from loadstone.domain.registers import Epoch, Exchange

_EPOCH = """
INSERT INTO core.register_epoch AS e (meter_id, epoch, starts_at, confirmed_at, reason,
    declared_epoch, offsets, registers)
VALUES (%s, %s, to_timestamp(%s / 1000.0), to_timestamp(%s / 1000.0), %s, %s, %s, %s)
ON CONFLICT (meter_id, epoch) DO UPDATE SET starts_at = excluded.starts_at,
    confirmed_at = excluded.confirmed_at, reason = excluded.reason,
    declared_epoch = excluded.declared_epoch, offsets = excluded.offsets,
    registers = excluded.registers, decided_at = now()
WHERE (e.starts_at, e.confirmed_at, e.reason, e.declared_epoch, e.offsets, e.registers)
    IS DISTINCT FROM (excluded.starts_at, excluded.confirmed_at, excluded.reason,
        excluded.declared_epoch, excluded.offsets, excluded.registers)
"""

_DROP_LATER = "DELETE FROM core.register_epoch WHERE meter_id = %s AND epoch > %s"


def store_epochs(connection: psycopg.Connection, meter_id: int, epochs: Sequence[Epoch]) -> None:
    """Make these the register epochs of one meter."""
    if any(len(epoch.offsets) != len(REGISTERS) for epoch in epochs):
        raise ValueError("an epoch needs one offset per register")
    rows = [
        (meter_id, e.number, e.starts_ms, e.confirmed_ms, e.reason, e.declared_epoch,
         list(e.offsets), e.registers)
        for e in epochs
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(_EPOCH, rows)
    newest = max((epoch.number for epoch in epochs), default=-1)
    connection.execute(_DROP_LATER, [meter_id, newest])


_EXCHANGE = """
INSERT INTO core.register_exchange (meter_id, ts, closing, opening)
VALUES (%s, to_timestamp(%s / 1000.0), %s, %s)
ON CONFLICT (meter_id, ts) DO UPDATE SET closing = excluded.closing, opening = excluded.opening
"""


def store_exchange(connection: psycopg.Connection, meter_id: int, exchange: Exchange) -> None:
    """Keep what was declared of an exchange; the same instant's declaration is replaced."""
    values = [meter_id, exchange.ts_ms, list(exchange.closing), list(exchange.opening)]
    connection.execute(_EXCHANGE, values)


_NUMBER = """
INSERT INTO core.register_number AS n (meter_id, ts, number)
SELECT %s, to_timestamp(u.ms / 1000.0), u.number
FROM unnest(%s::bigint[], %s::int[]) AS u (ms, number)
ON CONFLICT (meter_id, ts) DO UPDATE SET number = greatest(n.number, excluded.number)
"""


def store_numbers(
    connection: psycopg.Connection, meter_id: int, numbers: Mapping[int, int]
) -> None:
    """Keep which readings, by their instants in epoch ms, raised the number of the register."""
    connection.execute(_NUMBER, [meter_id, list(numbers), list(numbers.values())])


# The hours of what was relabelled are to be summarised again.
_MARKED = """
INSERT INTO core.dirty_bucket (meter_id, bucket)
SELECT DISTINCT meter_id, date_trunc('hour', ts, 'UTC') FROM moved
"""

_RELABEL_ROWS = f"""
WITH moved AS (
    UPDATE core.reading r SET epoch = u.epoch
    FROM unnest(%s::bigint[], %s::int[]) AS u (ms, epoch)
    WHERE r.meter_id = %s AND r.ts = to_timestamp(u.ms / 1000.0) AND r.epoch <> u.epoch
    RETURNING r.meter_id, r.ts
)
{_MARKED}
"""  # noqa: S608 - made of our own text


def relabel_rows(connection: psycopg.Connection, meter_id: int, labels: Mapping[int, int]) -> None:
    """Give stored readings, by their instants in epoch ms, another epoch label."""
    if labels:
        connection.execute(_RELABEL_ROWS, [list(labels), list(labels.values()), meter_id])


_RELABEL_RANGE = f"""
WITH moved AS (
    UPDATE core.reading SET epoch = %s
    WHERE meter_id = %s AND ts >= to_timestamp(%s / 1000.0) AND ts <= to_timestamp(%s / 1000.0)
      AND epoch = %s
    RETURNING meter_id, ts
)
{_MARKED}
"""  # noqa: S608 - made of our own text


def relabel_range(
    connection: psycopg.Connection, meter_id: int, from_ms: int, to_ms: int, was: int, epoch: int
) -> None:
    """Give readings of [from_ms, to_ms] that carry one epoch label another."""
    connection.execute(_RELABEL_RANGE, [epoch, meter_id, from_ms, to_ms, was])


_SHIFT = f"""
WITH moved AS (
    UPDATE core.reading SET epoch = epoch + %s
    WHERE meter_id = %s AND ts > to_timestamp(%s / 1000.0) AND epoch >= 0
    RETURNING meter_id, ts
)
{_MARKED}
"""  # noqa: S608 - made of our own text


def shift_labels(connection: psycopg.Connection, meter_id: int, after_ms: int, by: int) -> None:
    """Number the epochs of all trusted readings after an instant higher (or lower)."""
    connection.execute(_SHIFT, [by, meter_id, after_ms])
