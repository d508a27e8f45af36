"""What is wrong with a running Loadstone, as facts: doctor and health page say them in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import psycopg

from loadstone.storage.backend import Backend
from loadstone.storage.checkup import (
    chunks_behind,
    failed_jobs,
    hour_marks_waiting,
    summary_lag,
)
from loadstone.storage.chunk_interval import chunk_span
from loadstone.storage.viewer_roles import missing_roles

READING_STALE_S = 900
_MOST_WAITING = 10_000
_MOST_LAG_S = 120  # a refresh is due within 60 s, and may take as long again

FindingCode = Literal[
    "no_reading", "reading_old", "summaries_waiting", "summaries_behind", "hours_waiting",
    "job_failed", "chunks_behind", "chunk_span", "roles_missing",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that somebody should mend; `values` are what its sentence names."""

    code: FindingCode
    values: Mapping[str, Any] = field(default_factory=dict)


def reading_findings(newest_at: datetime | None, now: datetime) -> list[Finding]:
    """Whether readings come in at all."""
    if newest_at is None:
        return [Finding(code="no_reading")]
    age_s = (now - newest_at).total_seconds()
    if age_s > READING_STALE_S:
        return [Finding(code="reading_old", values={"age_s": round(age_s)})]
    return []


def store_findings(
    connection: psycopg.Connection, backend: Backend, now: datetime
) -> list[Finding]:
    """What is wrong with summaries, the server's jobs and the columnstore."""
    behind = chunks_behind(connection, backend, now)
    missing = len(missing_roles(connection))
    marks = hour_marks_waiting(connection)
    return [
        *([Finding(code="roles_missing", values={"roles": missing})] if missing else []),
        *_summaries(connection),
        *(
            [Finding(code="hours_waiting", values={"marks": marks})]
            if marks > _MOST_WAITING
            else []
        ),
        *(
            Finding(
                code="job_failed",
                values={"job_id": job.job_id, "what": job.what, "relation": job.relation},
            )
            for job in failed_jobs(connection, backend)
        ),
        *([Finding(code="chunks_behind", values={"chunks": behind})] if behind else []),
        *_chunk_span(connection, backend),
    ]


def _chunk_span(connection: psycopg.Connection, backend: Backend) -> list[Finding]:
    found = chunk_span(connection, backend)
    if found is None or not found.is_far_off:
        return []
    values = {
        "hours": round(found.span.total_seconds() / 3600),
        "fitting_hours": round(found.fitting.total_seconds() / 3600),
        "rows_a_day": found.rows_a_day,
    }
    return [Finding(code="chunk_span", values=values)]


def _summaries(connection: psycopg.Connection) -> list[Finding]:
    lag = summary_lag(connection)
    values = {"hours": lag.waiting_hours, "oldest": lag.oldest_waiting}
    if lag.waiting_hours > _MOST_WAITING:
        return [Finding(code="summaries_waiting", values=values)]
    if not lag.newest_reading_at or not lag.waiting_hours:
        return []
    shown = lag.newest_summary_at
    behind_s = (lag.newest_reading_at - shown).total_seconds() if shown else None
    if behind_s is not None and behind_s <= _MOST_LAG_S:
        return []
    return [Finding(code="summaries_behind", values={**values, "behind_s": behind_s})]
