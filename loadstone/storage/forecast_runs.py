"""Runs of forecasts: what was begun, what is still missing, what failed and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRun:
    """All subjects of a zone at one issue; `finished_at` None: under way, or ended too soon."""

    run_id: int
    kind: str
    zone: str
    issued_at: datetime
    engine: str
    started_at: datetime
    finished_at: datetime | None
    subjects: int
    stored: int
    refused: int
    failed: int


_COLUMNS = """
run_id, kind, zone, issued_at, engine, started_at, finished_at, subjects, stored, refused, failed
"""
_BEGIN = f"""
INSERT INTO core.forecast_run (kind, zone, issued_at, engine, started_at)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (kind, zone, issued_at) DO UPDATE SET engine = excluded.engine
RETURNING {_COLUMNS}
"""  # noqa: S608 - a constant


def begin_run(
    connection: Connection, kind: str, zone: str, issued_at: datetime, engine: str, now: datetime
) -> ForecastRun:
    """Begin this run, or find the one that was begun."""
    cursor = connection.cursor(row_factory=class_row(ForecastRun))
    row = cursor.execute(_BEGIN, [kind, zone, issued_at, engine, now]).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return row


# What a run leaves behind for each subject, by its kind.
_LEFT = {
    "day_ahead": "core.forecast f WHERE f.kind = 'day_ahead' AND f.issued_at = %(issued_at)s",
    "week_ahead": "core.forecast f WHERE f.kind = 'week_ahead' AND f.issued_at = %(issued_at)s",
    "today": "core.forecast f WHERE f.kind = 'today' AND f.issued_at = %(issued_at)s",
    "intraday": "core.forecast f WHERE f.kind = 'today' AND f.issued_at = %(issued_at)s",
    "month": "core.forecast_month f WHERE f.issued_at = %(issued_at)s",
}
_DONE = """
SELECT f.subject_id FROM {left}
UNION SELECT x.subject_id FROM core.forecast_failure x WHERE x.run_id = %(run)s
"""


def done_subjects(connection: Connection, run: ForecastRun) -> set[int]:
    """Whom this run has stored or given up."""
    query = _DONE.format(left=_LEFT[run.kind])
    values = {"issued_at": run.issued_at, "run": run.run_id}
    return {int(row[0]) for row in connection.execute(query.encode(), values)}


_FAIL = """
INSERT INTO core.forecast_failure (run_id, subject_id, failed_at, reason) VALUES (%s, %s, %s, %s)
ON CONFLICT (run_id, subject_id) DO UPDATE
SET failed_at = excluded.failed_at, reason = excluded.reason
"""


def note_failure(
    connection: Connection, run_id: int, subject_id: int, reason: str, now: datetime
) -> None:
    """Remember that this subject could not be forecast, and why."""
    connection.execute(_FAIL, [run_id, subject_id, now, reason[:1000]])


_COUNTS = """
SELECT count(DISTINCT f.subject_id), count(DISTINCT f.subject_id) FILTER (WHERE f.model = 'refused')
FROM {left}
    AND f.subject_id = ANY (%(subjects)s)
"""
_FINISH = """
UPDATE core.forecast_run SET finished_at = %(now)s, subjects = %(count)s, stored = %(stored)s,
    refused = %(refused)s,
    failed = (SELECT count(*) FROM core.forecast_failure x WHERE x.run_id = %(run)s)
WHERE run_id = %(run)s
"""


def finish_run(
    connection: Connection, run: ForecastRun, subject_ids: list[int], now: datetime
) -> None:
    """The run is over; counts are of what lies in the database, whoever put it there."""
    query = _COUNTS.format(left=_LEFT[run.kind])
    values = {"issued_at": run.issued_at, "subjects": subject_ids}
    row = connection.execute(query.encode(), values).fetchone()
    stored, refused = (int(row[0]), int(row[1])) if row else (0, 0)
    connection.execute(
        _FINISH,
        {"now": now, "count": len(subject_ids), "stored": stored, "refused": refused,
         "run": run.run_id},
    )  # fmt: skip


_NEWEST = f"""
SELECT {_COLUMNS} FROM core.forecast_run WHERE kind = %s AND zone = %s
ORDER BY issued_at DESC LIMIT 1
"""  # noqa: S608 - a constant


def newest_run(connection: Connection, kind: str, zone: str) -> ForecastRun | None:
    """The run of this kind with the newest issue, finished or not."""
    cursor = connection.cursor(row_factory=class_row(ForecastRun))
    return cursor.execute(_NEWEST, [kind, zone]).fetchone()


_FINISHED = """
SELECT EXISTS (SELECT FROM core.forecast_run
    WHERE kind = %s AND zone = %s AND issued_at = %s AND finished_at IS NOT NULL)
"""


def was_finished(connection: Connection, kind: str, zone: str, issued_at: datetime) -> bool:
    """Whether this run was made to its end."""
    row = connection.execute(_FINISHED, [kind, zone, issued_at]).fetchone()
    return bool(row and row[0])


_LIST = f"SELECT {_COLUMNS} FROM core.forecast_run ORDER BY issued_at DESC, run_id DESC LIMIT %s"  # noqa: S608 - a constant


def forecast_runs(connection: Connection, most: int = 100) -> list[ForecastRun]:
    """Runs, the newest issue first; for those who see everything."""
    return connection.cursor(row_factory=class_row(ForecastRun)).execute(_LIST, [most]).fetchall()


_FAILURES = """
SELECT x.subject_id, x.reason FROM core.forecast_failure x WHERE x.run_id = %s ORDER BY 1
"""


def failures_of(connection: Connection, run_id: int) -> list[tuple[int, str]]:
    """Whom a run could not forecast, and why."""
    return [(int(row[0]), str(row[1])) for row in connection.execute(_FAILURES, [run_id])]
