"""The corrections in force, and what must be known of the registers to judge a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import psycopg
from psycopg.rows import class_row

from loadstone.domain.quantities import REGISTERS

CorrectionKind = Literal["break", "ratio", "amount", "trust", "distrust"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """A correction in force; `ledger_event_id` is the event that brought it, slots count from 1."""

    kind: CorrectionKind
    starts_at: datetime
    ends_at: datetime | None
    reason: str | None = None
    steps_wh: list[int | None] | None = None
    ratio_factor: float | None = None
    register_slot: int | None = None
    amount_wh: int | None = None


_PUT = """
INSERT INTO core.register_correction (ledger_event_id, meter_id, kind, starts_at, ends_at, reason,
    steps_wh, ratio_factor, register_slot, amount_wh)
VALUES (%s, %s, %s, %s, coalesce(%s::timestamptz, 'infinity'), %s, %s, %s, %s, %s)
"""


def put_correction(
    connection: psycopg.Connection, ledger_event_id: int, meter_id: int, row: CorrectionRow
) -> None:
    """Put a correction in force."""
    connection.execute(
        _PUT,
        [ledger_event_id, meter_id, row.kind, row.starts_at, row.ends_at, row.reason,
         row.steps_wh, row.ratio_factor, row.register_slot, row.amount_wh],
    )  # fmt: skip


_TAKE = """
DELETE FROM core.register_correction WHERE meter_id = %s AND ledger_event_id = %s
RETURNING kind, starts_at, nullif(ends_at, 'infinity') AS ends_at, reason, steps_wh, ratio_factor,
    register_slot, amount_wh
"""


def take_correction(
    connection: psycopg.Connection, meter_id: int, ledger_event_id: int
) -> CorrectionRow | None:
    """Take a correction out of force; None where it was not."""
    cursor = connection.cursor(row_factory=class_row(CorrectionRow))
    return cursor.execute(_TAKE, [meter_id, ledger_event_id]).fetchone()


_IN_THE_WAY = """
SELECT c.ledger_event_id FROM core.register_correction c
WHERE c.meter_id = %(meter_id)s AND c.kind = ANY (%(kinds)s)
    AND (%(slot)s::int IS NULL OR c.register_slot = %(slot)s)
    AND c.starts_at < coalesce(%(end)s::timestamptz, 'infinity') AND c.ends_at > %(start)s
ORDER BY c.ledger_event_id LIMIT 1
"""


def overlapping(
    connection: psycopg.Connection,
    meter_id: int,
    row: CorrectionRow,
    kinds: tuple[CorrectionKind, ...],
) -> int | None:
    """The event of a correction of these kinds that is in force in part of the same stretch."""
    values = {"meter_id": meter_id, "kinds": list(kinds), "slot": row.register_slot,
              "start": row.starts_at, "end": row.ends_at}  # fmt: skip
    found = connection.execute(_IN_THE_WAY, values).fetchone()
    return None if found is None else int(found[0])


_SAME_BREAK = """
SELECT c.ledger_event_id FROM core.register_correction c
WHERE c.meter_id = %(meter_id)s AND c.kind = 'break' AND NOT EXISTS (
    SELECT FROM core.reading r WHERE r.meter_id = c.meter_id AND r.epoch >= 0
        AND r.ts >= least(c.starts_at, %(at)s) AND r.ts < greatest(c.starts_at, %(at)s))
LIMIT 1
"""


def same_break(connection: psycopg.Connection, meter_id: int, at: datetime) -> int | None:
    """The event of a break in force between the same two trusted readings."""
    found = connection.execute(_SAME_BREAK, {"meter_id": meter_id, "at": at}).fetchone()
    return None if found is None else int(found[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A trusted reading next to an instant: its epoch and one register's value, Wh or varh."""

    ts: datetime
    epoch: int
    value: int


_SIDES = {
    (before, at): f"""
SELECT r.ts, r.epoch, r.{quantity.column} AS value FROM core.reading r
WHERE r.meter_id = %s AND r.epoch >= 0 AND r.{quantity.column} IS NOT NULL
    AND r.ts {"<" if before else ">="} %s ORDER BY r.ts {"DESC" if before else ""} LIMIT 1
"""  # noqa: S608 - made of our own column names only
    for before in (True, False)
    for at, quantity in enumerate(REGISTERS)
}


def value_beside(
    connection: psycopg.Connection, meter_id: int, register: int, at: datetime, *, before: bool
) -> Side | None:
    """The last trusted reading of a register before an instant, or the first at or after it."""
    cursor = connection.cursor(row_factory=class_row(Side))
    return cursor.execute(_SIDES[before, register].encode(), [meter_id, at]).fetchone()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedEpoch:
    """A register epoch as it counts, with what corrections did to its offsets (Wh, varh)."""

    epoch: int
    starts_at: datetime
    reason: str
    offsets: list[int]
    corrected_by: int | None


_EPOCHS = """
SELECT epoch, starts_at, reason, offsets, corrected_by FROM read.register_epoch
WHERE meter_id = %s ORDER BY epoch
"""


def counted_epochs(connection: psycopg.Connection, meter_id: int) -> list[CountedEpoch]:
    """The register epochs of a meter as they count, oldest first."""
    cursor = connection.cursor(row_factory=class_row(CountedEpoch))
    return cursor.execute(_EPOCHS, [meter_id]).fetchall()
