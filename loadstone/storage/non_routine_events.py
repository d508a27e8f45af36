"""What else moved a measure's load: flagged by the machine or declared, decided by people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class NonRoutineEvent:
    """A stretch [first_day, end_day) of local days; `treatment` only where it is confirmed."""

    event_id: int
    measure_id: int
    site_id: int
    customer_id: int
    kind: str
    period: str
    first_day: date
    end_day: date
    effect_kwh: float | None
    status: str
    treatment: str | None
    adjustment_kwh: float | None
    note: str | None
    flagged_at: datetime
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """What the machine saw."""

    kind: str
    period: str
    first_day: date
    end_day: date
    effect_kwh: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided of an event."""

    status: str
    treatment: str | None = None
    adjustment_kwh: float | None = None
    note: str | None = None


_COLUMNS = """
event_id, measure_id, site_id, customer_id, kind, period, first_day, end_day, effect_kwh, status,
treatment, adjustment_kwh, note, flagged_at, decided_by, decided_at
"""
_OF = f"""
SELECT {_COLUMNS} FROM visible.non_routine_event WHERE measure_id = %s
ORDER BY first_day, event_id
"""  # noqa: S608 - the columns are ours


def events_of_measure(connection: Connection, measure_id: int) -> list[NonRoutineEvent]:
    """Events of a measure, by first day."""
    cursor = connection.cursor(row_factory=class_row(NonRoutineEvent))
    return cursor.execute(_OF, [measure_id]).fetchall()


_ONE = f"SELECT {_COLUMNS} FROM visible.non_routine_event WHERE event_id = %s"  # noqa: S608 - as above


def non_routine_event(connection: Connection, event_id: int) -> NonRoutineEvent | None:
    """One event that the viewer sees."""
    cursor = connection.cursor(row_factory=class_row(NonRoutineEvent))
    return cursor.execute(_ONE, [event_id]).fetchone()


# Undecided flags that are no longer seen go; what was decided stays as it was decided.
_CLEAR = "DELETE FROM core.non_routine_event WHERE measure_id = %s AND status = 'flagged'"
_FLAG = """
INSERT INTO core.non_routine_event (measure_id, kind, period, first_day, end_day, effect_kwh,
    flagged_at)
VALUES (%(measure_id)s, %(kind)s, %(period)s, %(first_day)s, %(end_day)s, %(effect_kwh)s, %(at)s)
ON CONFLICT DO NOTHING
"""


def replace_flags(
    connection: Connection, measure_id: int, flags: Iterable[Flag], at: datetime
) -> None:
    """Flag what is seen now in the place of what was flagged and never decided."""
    connection.execute(_CLEAR, [measure_id])
    for one in flags:
        connection.execute(_FLAG, {**asdict(one), "measure_id": measure_id, "at": at})


_DECLARE = """
INSERT INTO core.non_routine_event (measure_id, kind, period, first_day, end_day, effect_kwh,
    status, treatment, adjustment_kwh, note, flagged_at, decided_by, decided_at)
VALUES (%(measure_id)s, 'declared', %(period)s, %(first_day)s, %(end_day)s, %(effect_kwh)s,
    %(status)s, %(treatment)s, %(adjustment_kwh)s, %(note)s, %(at)s, %(who)s, %(at)s)
ON CONFLICT (measure_id, kind, period, first_day) DO UPDATE SET
    (end_day, status, treatment, adjustment_kwh, note, decided_by, decided_at)
    = (excluded.end_day, excluded.status, excluded.treatment, excluded.adjustment_kwh,
        excluded.note, excluded.decided_by, excluded.decided_at)
RETURNING event_id
"""


def declare_event(
    connection: Connection, measure_id: int, flag: Flag, decision: Decision, who: str, at: datetime
) -> int:
    """Note an event that somebody knows of, decided at once; returns its id."""
    values = {
        **asdict(flag), **asdict(decision), "measure_id": measure_id, "who": who, "at": at,
    }  # fmt: skip
    row = connection.execute(_DECLARE, values).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return int(row[0])


_DECIDE = """
UPDATE core.non_routine_event SET status = %(status)s, treatment = %(treatment)s,
    adjustment_kwh = %(adjustment_kwh)s, note = %(note)s, decided_by = %(who)s, decided_at = %(at)s
WHERE event_id = %(event_id)s
"""


def decide_event(
    connection: Connection, event_id: int, decision: Decision, who: str, at: datetime
) -> bool:
    """Confirm or dismiss an event; whether it is there."""
    values = {**asdict(decision), "event_id": event_id, "who": who, "at": at}
    return connection.execute(_DECIDE, values).rowcount == 1
