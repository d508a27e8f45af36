"""Lets go of what is older than is to be kept, part by part, and of nothing not yet summarised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg import errors

from loadstone.storage.backend import Backend, probe_backend
from loadstone.storage.parts import Part, parts_of

_LOCK_TIMEOUT = "SET LOCAL lock_timeout = '2s'"
# Days reach over midnight UTC: one that begins before a dropped quarter is not made anew.
_DAYS_REACH = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How many days of each to keep; None keeps all. Days and months are always kept."""

    readings_days: int | None
    rollups_days: int | None
    quarantine_days: int | None

    def __post_init__(self) -> None:
        if self.rollups_days is not None and (
            self.readings_days is None or self.rollups_days < self.readings_days
        ):
            raise ValueError("summaries must be kept at least as long as the readings they are of")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """What a run dropped: parts, and rows of quarantine; `waiting` parts are not summarised yet."""

    readings: tuple[Part, ...]
    rollups: tuple[Part, ...]
    quarantined: int
    waiting: int


def apply_retention(connection: psycopg.Connection, retention: Retention, now: datetime) -> LetGo:
    """Drop whole parts that lie before what is to be kept; not inside a transaction."""
    with connection.transaction():
        backend = probe_backend(connection)
    readings, waiting = _drop(
        connection, backend, "readings", ("reading",), _before(now, retention.readings_days)
    )
    rollups, _ = _drop(
        connection, backend, "rollups", ("rollup_15m", "rollup_1h"),
        _before(now, retention.rollups_days),
    )  # fmt: skip
    if rollups:
        _drop_hours(connection)
    _drop_extra(connection, _before(now, retention.readings_days))
    quarantined = _drop_quarantine(connection, _before(now, retention.quarantine_days))
    return LetGo(
        readings=tuple(readings), rollups=tuple(rollups), quarantined=quarantined, waiting=waiting
    )


def _before(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)


def _drop(
    connection: psycopg.Connection,
    backend: Backend,
    kind: str,
    relations: tuple[str, ...],
    before: datetime | None,
) -> tuple[list[Part], int]:
    dropped: list[Part] = []
    waiting = 0
    for relation in relations if before else ():
        with connection.transaction():
            parts = parts_of(connection, backend, relation)
        for part in parts:
            if before is None or part.end > before:
                break
            if _drop_part(connection, backend, kind, relation, part):
                dropped.append(part)
            else:
                waiting += 1
    return dropped, waiting


_LOCK = "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE"
_UNSUMMARISED = """
SELECT EXISTS (SELECT FROM core.dirty_bucket
    WHERE bucket > %s::timestamptz - interval '1 hour' AND bucket < %s)
"""
_KEPT_FROM = """
INSERT INTO core.retention AS r (relation, kept_from) VALUES (%s, %s)
ON CONFLICT (relation) DO UPDATE SET kept_from = greatest(r.kept_from, excluded.kept_from)
"""
_DROP_CHUNK = (
    "SELECT drop_chunks(%s::regclass, older_than => %s::timestamptz, newer_than => %s::timestamptz)"
)


def _drop_part(
    connection: psycopg.Connection, backend: Backend, kind: str, relation: str, part: Part
) -> bool:
    """Whether the part could be dropped: nobody is writing to it and all of it is summarised."""
    kept_from = part.end if kind == "readings" else part.end + _DAYS_REACH
    try:
        with connection.transaction():
            connection.execute(_LOCK_TIMEOUT)
            # Whoever stored rows here has committed now, rows and marks together.
            connection.execute(_LOCK.format(part.name).encode())
            marked = connection.execute(_UNSUMMARISED, [part.start, part.end]).fetchone()
            if kind == "readings" and marked and marked[0]:
                return False
            connection.execute(_KEPT_FROM, [kind, kept_from])
            if backend.has_hypertables:
                connection.execute(_DROP_CHUNK, [f"core.{relation}", part.end, part.start])
            else:
                connection.execute(f"DROP TABLE {part.name}".encode())
    except errors.LockNotAvailable:
        return False
    return True


# Kept hours go with the summaries that they were reckoned from.
_HOURS = """
DELETE FROM core.hour_energy WHERE day < (
    SELECT kept_from - %s - interval '1 day' FROM core.retention WHERE relation = 'rollups')
"""


def _drop_hours(connection: psycopg.Connection) -> None:
    with connection.transaction():
        connection.execute(_HOURS, [_DAYS_REACH])


_EXTRA = """
DELETE FROM core.extra_reading e USING core.meter m WHERE e.meter_id = m.meter_id AND e.ts < %s
"""


def _drop_extra(connection: psycopg.Connection, before: datetime | None) -> None:
    if before is not None:
        with connection.transaction():
            connection.execute(_EXTRA, [before])


_ROWS_AT_ONCE = 10_000
_QUARANTINE = """
DELETE FROM core.quarantine WHERE quarantine_id IN (
    SELECT quarantine_id FROM core.quarantine WHERE last_seen_at < %s LIMIT %s)
"""


def _drop_quarantine(connection: psycopg.Connection, before: datetime | None) -> int:
    total = 0
    while before is not None:
        with connection.transaction():
            count = connection.execute(_QUARANTINE, [before, _ROWS_AT_ONCE]).rowcount
        total += count
        if count < _ROWS_AT_ONCE:
            break
    return total
