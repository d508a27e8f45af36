"""Who may judge registers at a moment: many lines side by side, or one who judges again, alone."""

from __future__ import annotations

import psycopg

_LOCK_KEY = 7_101_862_933

_NEWEST = "SELECT max(ledger_event_id) FROM core.ledger_event WHERE kind = 'rejudge'"


def join_judging(connection: psycopg.Connection) -> int:
    """Judge beside others until the transaction ends; returns which second judgement was the last.

    Where that is another than before, what was remembered of registers is out of date.
    """
    connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK_KEY])
    row = connection.execute(_NEWEST).fetchone()
    return int(row[0] or 0) if row else 0


def judge_alone(connection: psycopg.Connection) -> None:
    """Wait for all who judge, and keep them waiting until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])
