"""What a doctor looks at in the store, besides sizes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.storage.backend import Backend


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLag:
    """How far behind the summaries are: `newest_summary_at` is of the meter heard last."""

    waiting_hours: int
    oldest_waiting: datetime | None
    newest_reading_at: datetime | None
    newest_summary_at: datetime | None


_LAG = """
SELECT (SELECT count(*) FROM core.dirty_bucket) AS waiting_hours,
    (SELECT min(bucket) FROM core.dirty_bucket) AS oldest_waiting,
    newest.ts AS newest_reading_at,
    (SELECT r.t1 FROM core.rollup_15m r WHERE r.meter_id = newest.meter_id AND r.t1 IS NOT NULL
     ORDER BY r.bucket DESC LIMIT 1) AS newest_summary_at
FROM (SELECT) one LEFT JOIN LATERAL (
    SELECT meter_id, ts FROM core.meter_latest ORDER BY ts DESC LIMIT 1) newest ON true
"""


def summary_lag(connection: psycopg.Connection) -> SummaryLag:
    """How much waits to be summarised, since when, and how old what one sees is."""
    found = connection.cursor(row_factory=class_row(SummaryLag)).execute(_LAG).fetchone()
    if found is None:
        raise LookupError("a query of one row gave none")
    return found


def hour_marks_waiting(connection: psycopg.Connection) -> int:
    """How many stretches of kept hours of energy wait to be reckoned anew."""
    found = connection.execute("SELECT count(*) FROM core.hour_energy_mark").fetchone()
    return int(found[0]) if found else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob:
    """A background job of the server whose last run failed."""

    job_id: int
    what: str
    relation: str | None
    finished_at: datetime | None


_FAILED_JOBS = """
SELECT j.job_id, j.proc_name::text AS what, j.hypertable_name::text AS relation,
    s.last_run_started_at AS finished_at
FROM timescaledb_information.jobs j JOIN timescaledb_information.job_stats s USING (job_id)
WHERE s.last_run_status = 'Failed' AND (j.job_id >= 1000 OR j.hypertable_schema = 'core')
ORDER BY j.job_id
"""


def failed_jobs(connection: psycopg.Connection, backend: Backend) -> list[FailedJob]:
    """The server's jobs that failed when they last ran; only the Community edition has any."""
    if backend.name != "tsl":
        return []
    return connection.cursor(row_factory=class_row(FailedJob)).execute(_FAILED_JOBS).fetchall()


_ROW_CHUNKS = """
SELECT count(*) FROM timescaledb_information.chunks
WHERE hypertable_schema = 'core' AND hypertable_name = 'reading' AND NOT is_compressed
    AND range_end < %s::timestamptz - interval '21 days'
"""


def chunks_behind(connection: psycopg.Connection, backend: Backend, now: datetime) -> int:
    """How many chunks should be in the columnstore by now and are not."""
    if backend.name != "tsl":
        return 0
    row = connection.execute(_ROW_CHUNKS, [now]).fetchone()
    return int(row[0]) if row else 0
