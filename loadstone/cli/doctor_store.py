"""What `loadstone doctor` says of the store: sizes, ages, the columnstore, lag and failed jobs."""

from __future__ import annotations

from datetime import datetime

import psycopg

from loadstone.storage.backend import Backend
from loadstone.storage.checkup import chunks_behind, failed_jobs, summary_lag
from loadstone.storage.parts import parts_of
from loadstone.storage.sizes import columnstore_size, relation_sizes

_MOST_WAITING = 10_000
_MOST_LAG_S = 120  # a refresh is due within 60 s, and may take as long again
_NAMES = {
    "reading": "readings",
    "rollup_15m": "quarter hours",
    "rollup_1h": "hours",
    "rollup_day": "days",
    "rollup_month": "months",
    "quarantine": "quarantine",
}


def store_lines(connection: psycopg.Connection, backend: Backend) -> list[str]:
    """Sizes, the age of the oldest and newest part, and what the columnstore saves."""
    lines = [
        f"{_NAMES[size.name] + ':':<15}{size.rows:>14,} rows, {size.bytes / 1e6:>10,.1f} MB"
        for size in relation_sizes(connection)
    ]
    parts = parts_of(connection, backend, "reading")
    kind = "chunks" if backend.has_hypertables else "partitions"
    if parts:
        first, last = parts[0].start, parts[-1].end
        lines.append(f"{len(parts)} {kind} of readings, {first:%Y-%m-%d} to {last:%Y-%m-%d}")
    columnstore = columnstore_size(connection)
    if columnstore and columnstore.ratio:
        lines.append(
            f"columnstore: {columnstore.columnstore_chunks} of {columnstore.chunks} chunks, "
            f"{columnstore.ratio:.1f} times smaller"
        )
    return lines


def store_findings(connection: psycopg.Connection, backend: Backend, now: datetime) -> list[str]:
    """What is wrong, each with the way to mend it."""
    return [
        *_summaries(connection),
        *(
            f"the server's job {job.job_id} ({job.what} of {job.relation}) failed when it ran "
            f"last: see timescaledb_information.job_errors, then run `CALL run_job({job.job_id})`"
            for job in failed_jobs(connection, backend)
        ),
        *_columnstore(chunks_behind(connection, backend, now)),
    ]


def _summaries(connection: psycopg.Connection) -> list[str]:
    lag = summary_lag(connection)
    since = f", the oldest of {lag.oldest_waiting:%Y-%m-%d %H:%M} UTC" if lag.oldest_waiting else ""
    if lag.waiting_hours > _MOST_WAITING:
        return [
            f"{lag.waiting_hours:,} hours wait to be summarised{since}: "
            "is `loadstone work` running?"
        ]
    behind_s = 0.0
    if lag.newest_reading_at and lag.waiting_hours:
        shown = lag.newest_summary_at
        behind_s = (lag.newest_reading_at - shown).total_seconds() if shown else float("inf")
    if behind_s > _MOST_LAG_S:
        return [
            f"the summaries are {behind_s:.0f} s behind the readings "
            f"({lag.waiting_hours:,} hours wait{since}): is `loadstone work` running?"
        ]
    return []


def _columnstore(behind: int) -> list[str]:
    if not behind:
        return []
    return [
        f"{behind} chunks should be in the columnstore and are not: does the server run its "
        "background workers (timescaledb.max_background_workers)?"
    ]
