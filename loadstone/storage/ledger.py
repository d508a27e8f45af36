"""The ledger: events on a meter's registers, appended and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from loadstone.domain.registry import MeterLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One decision: by ingest's rules or by a person; `in_force` for corrections not withdrawn."""

    ledger_event_id: int
    kind: str
    starts_at: datetime
    ends_at: datetime | None
    epoch: int | None
    reason: str | None
    details: dict[str, Any]
    decided_by: str
    decided_at: datetime
    note: str | None
    withdraws: int | None
    in_force: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What is to be written down; `details` holds before and after."""

    kind: str
    starts_at: datetime
    ends_at: datetime | None = None
    epoch: int | None = None
    reason: str | None = None
    details: Mapping[str, Any]
    withdraws: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who corrects, why, and what they call the request, so that sending it again does nothing."""

    name: str
    note: str
    request_key: str | None = None


_EVENT = """
SELECT e.ledger_event_id, e.kind, e.starts_at, nullif(e.ends_at, 'infinity') AS ends_at, e.epoch,
    e.reason, e.details, e.decided_by, e.decided_at, e.note, e.withdraws,
    CASE WHEN e.note IS NOT NULL AND e.kind NOT IN ('withdraw', 'rejudge') THEN EXISTS (
        SELECT FROM visible.register_correction c WHERE c.ledger_event_id = e.ledger_event_id)
    END AS in_force
FROM visible.ledger_event e
"""
_EVENTS = (
    _EVENT
    + """WHERE e.meter_id = %(meter_id)s
AND (%(before)s::bigint IS NULL OR e.ledger_event_id < %(before)s)
ORDER BY e.ledger_event_id DESC LIMIT %(most)s"""
)


def list_events(
    connection: psycopg.Connection, meter_id: int, *, before: int | None, most: int
) -> list[LedgerRow]:
    """Decisions on a meter's registers, the newest first, beginning behind `before`."""
    values = {"meter_id": meter_id, "before": before, "most": most}
    return connection.cursor(row_factory=class_row(LedgerRow)).execute(_EVENTS, values).fetchall()


_ONE = _EVENT + "WHERE e.meter_id = %s AND e.ledger_event_id = %s"


def find_event(
    connection: psycopg.Connection, meter_id: int, ledger_event_id: int
) -> LedgerRow | None:
    """One decision on a meter's registers."""
    cursor = connection.cursor(row_factory=class_row(LedgerRow))
    return cursor.execute(_ONE, [meter_id, ledger_event_id]).fetchone()


_BY_KEY = """
SELECT meter_id, ledger_event_id FROM core.ledger_event
WHERE decided_by = %s AND request_key = %s
"""


def find_request(connection: psycopg.Connection, author: Author) -> tuple[int, int] | None:
    """The meter and the event that this request of the author's already led to."""
    if author.request_key is None:
        return None
    row = connection.execute(_BY_KEY, [author.name, author.request_key]).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))


_APPEND = """
INSERT INTO core.ledger_event (meter_id, kind, starts_at, ends_at, epoch, reason, details,
    decided_by, note, withdraws, request_key)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
RETURNING ledger_event_id
"""


def append_event(
    connection: psycopg.Connection, meter_id: int, event: NewEvent, author: Author
) -> int:
    """Write a decision down; returns its id."""
    row = connection.execute(
        _APPEND,
        [meter_id, event.kind, event.starts_at, event.ends_at, event.epoch, event.reason,
         Jsonb(dict(event.details)), author.name, author.note, event.withdraws,
         author.request_key],
    ).fetchone()  # fmt: skip
    if row is None:
        raise LookupError("the event was not written")
    return int(row[0])


_LIMITS = """
SELECT m.meter_id, m.wiring, m.nominal_voltage_v, m.ct_primary_a,
    m.ct_primary_a / m.ct_secondary_a AS ct_ratio, m.pt_primary_v / m.pt_secondary_v AS pt_ratio,
    m.max_power_kw AS rated_power_kw, m.register_modulus_kwh
FROM core.meter m WHERE m.meter_id = %s FOR NO KEY UPDATE
"""


def lock_meter(connection: psycopg.Connection, meter_id: int) -> MeterLimits:
    """What a meter can plausibly say; until the transaction ends nobody else corrects it."""
    cursor = connection.cursor(row_factory=class_row(MeterLimits))
    row = cursor.execute(_LIMITS, [meter_id]).fetchone()
    if row is None:
        raise LookupError(f"there is no meter {meter_id}")
    return row
