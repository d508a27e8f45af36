"""How far the stored readings reach, and how much is left to summarise."""

from __future__ import annotations

from datetime import datetime

import psycopg

_NEWEST = "SELECT meter_id, ts FROM core.meter_latest"
_WAITING = "SELECT count(*) FROM core.dirty_bucket"


def newest_reading_at(connection: psycopg.Connection) -> dict[int, datetime]:
    """The instant of each meter's newest live reading."""
    return {int(row[0]): row[1] for row in connection.execute(_NEWEST)}


def hours_to_summarise(connection: psycopg.Connection) -> int:
    """How many marks of hours to summarise again are waiting."""
    row = connection.execute(_WAITING).fetchone()
    return int(row[0]) if row else 0
