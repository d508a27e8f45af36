"""Deciding on refused and flagged data: dismissed, accepted, or to be read a second time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import psycopg
from psycopg.rows import class_row

Decision = Literal["dismissed", "again", "accepted"]
MOST_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Who decided what, when, and why."""

    decision: Decision
    who: str
    at: datetime
    note: str


# Only what is kept whole can be read again; what was flagged is stored, and accepted in the ledger.
_DECIDE = """
UPDATE core.quarantine q SET decision = %(decision)s, decided_by = %(who)s, decided_at = %(at)s,
    decision_note = %(note)s
WHERE q.quarantine_id = ANY (%(ids)s)
    AND (q.decision IS NULL OR q.decision = 'refused_again')
    AND (%(decision)s <> 'again'
         OR (q.severity = 'refused' AND length(q.payload) = q.payload_bytes))
"""


def decide(connection: psycopg.Connection, ids: Sequence[int], decided: Decided) -> int:
    """Decide on those of these rows that are open; returns how many.

    The caller has found the rows in the viewer's scope.
    """
    values = {
        "ids": list(ids),
        "decision": decided.decision,
        "who": decided.who,
        "at": decided.at,
        "note": decided.note,
    }
    return connection.execute(_DECIDE, values).rowcount


_REOPEN = """
UPDATE core.quarantine SET decision = NULL, decided_by = NULL, decided_at = NULL,
    decision_note = NULL
WHERE quarantine_id = ANY (%s) AND decision IN ('dismissed', 'refused_again')
"""


def reopen(connection: psycopg.Connection, ids: Sequence[int]) -> int:
    """Open dismissed rows again; returns how many. Who had dismissed them is in the audit log."""
    return connection.execute(_REOPEN, [list(ids)]).rowcount


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReading:
    """A row that waits to be read again: what came, on which topic, when."""

    quarantine_id: int
    times_seen: int
    topic: str
    gateway_code: str | None
    payload: bytes
    received_at: datetime
    decided_by: str
    decision_note: str | None


_WAITING = """
SELECT quarantine_id, times_seen, topic, gateway_code, payload, received_at, decided_by,
    decision_note
FROM core.quarantine WHERE decision = 'again' ORDER BY quarantine_id LIMIT %s
"""


def waiting_again(connection: psycopg.Connection, most: int) -> list[SecondReading]:
    """Rows that somebody wants to be read a second time, the oldest first."""
    return (
        connection.cursor(row_factory=class_row(SecondReading)).execute(_WAITING, [most]).fetchall()
    )


# What is refused again is counted up by its fingerprint; what is not has been taken.
_SETTLE = """
UPDATE core.quarantine q SET decision =
    CASE WHEN q.times_seen > w.times_seen THEN 'refused_again' ELSE 'taken' END
FROM unnest(%s::bigint[], %s::int[]) w (quarantine_id, times_seen)
WHERE q.quarantine_id = w.quarantine_id AND q.decision = 'again'
RETURNING q.decision = 'taken'
"""


def settle_again(connection: psycopg.Connection, rows: Sequence[SecondReading]) -> tuple[int, int]:
    """Note what became of rows that were read again: how many were taken, how many refused."""
    settled = connection.execute(
        _SETTLE, [[row.quarantine_id for row in rows], [row.times_seen for row in rows]]
    ).fetchall()
    taken = sum(1 for row in settled if row[0])
    return taken, len(settled) - taken


_METERS = """
SELECT DISTINCT c.meter_id FROM core.gateway g JOIN core.meter_channel c USING (gateway_id)
WHERE g.code = ANY (%s)
"""


def meters_of_gateways(connection: psycopg.Connection, codes: Sequence[str]) -> list[int]:
    """The meters that these gateways carry or carried."""
    return [int(row[0]) for row in connection.execute(_METERS, [list(codes)])]
