"""Whether data flows, in one look at the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """The newest reading, when the last one came in, and how many hours wait to be summed up."""

    newest_reading_at: datetime | None
    last_received_at: datetime | None
    rollup_backlog: int


_VITALS = """
SELECT max(l.ts) AS newest_reading_at, max(l.received_at) AS last_received_at,
    (SELECT count(*) FROM (SELECT FROM core.dirty_bucket LIMIT 1000000) marks)::int
        AS rollup_backlog
FROM core.meter_latest l
"""


def read_vitals(connection: psycopg.Connection) -> Vitals:
    """Look; `rollup_backlog` is counted up to a million."""
    row = connection.cursor(row_factory=class_row(Vitals)).execute(_VITALS).fetchone()
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return row
