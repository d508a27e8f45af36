"""One run: everybody of a zone at one issue, in chunks; what is stored is not done again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import structlog

from forecast.runs.issue import Issue
from forecast.runs.reckon import Reckoned, keep, reckon
from loadstone.clock import Clock
from loadstone.storage.forecast_inputs import Connection
from loadstone.storage.forecast_runs import (
    ForecastRun,
    begin_run,
    done_subjects,
    finish_run,
    note_failure,
)
from loadstone.storage.forecast_subjects import Subject
from loadstone.storage.pool import connect
from loadstone.storage.read_only import DATABASE_AWAY

_log = structlog.get_logger(__name__)
CHUNK: Final = 100

Reckon = Callable[[Connection, Issue, Sequence[Subject], datetime], Reckoned]
Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Subjects that are reckoned together, wherever that happens."""

    url: str
    run_id: int
    issue: Issue
    subjects: tuple[Subject, ...]


class Engine(Protocol):
    """Where chunks are done."""

    @property
    def name(self) -> str:
        """What the run says of itself."""
        ...

    def each(self, chunks: Sequence[Chunk], clock: Clock) -> Iterable[int]:
        """Do all of them; yields how many subjects each one kept, as they are finished."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEngine:
    """One after the other, in this process."""

    name: str = "local"

    def each(self, chunks: Sequence[Chunk], clock: Clock) -> Iterable[int]:
        """Do each in turn."""
        for chunk in chunks:
            yield do_chunk(chunk, clock)


def run_issue(
    url: str,
    issue: Issue,
    subjects: Sequence[Subject],
    clock: Clock,
    engine: Engine | None = None,
    stopped: Stopped = lambda: False,
    chunk_size: int = CHUNK,
) -> bool:
    """Do what is missing of this run; whether it is finished. Raises one of DATABASE_AWAY.

    Each chunk is stored in one transaction, so whatever ends this process leaves whole chunks, and
    the next call does the others.
    """
    engine = engine or LocalEngine()
    with connect(url) as connection:
        run = begin_run(connection, issue.kind, issue.zone, issue.issued_at, engine.name, clock())
        if run.finished_at is not None:
            return True
        done = done_subjects(connection, run)
    missing = [one for one in subjects if one.subject_id not in done]
    chunks = [
        Chunk(
            url=url, run_id=run.run_id, issue=issue,
            subjects=tuple(missing[start : start + chunk_size]),
        )
        for start in range(0, len(missing), chunk_size)
    ]  # fmt: skip
    kept = 0
    for count in engine.each(chunks, clock):
        kept += count
        if stopped():
            return False
    _finish(url, run, [one.subject_id for one in subjects], clock)
    _log.info(
        "forecast_run_finished",
        kind=issue.kind, zone=issue.zone, issued_at=issue.issued_at.isoformat(),
        engine=engine.name, subjects=len(subjects), done_now=kept,
    )  # fmt: skip
    return True


def _finish(url: str, run: ForecastRun, subject_ids: list[int], clock: Clock) -> None:
    with connect(url) as connection:
        finish_run(connection, run, subject_ids, clock())


def do_chunk(chunk: Chunk, clock: Clock, reckoning: Reckon = reckon) -> int:
    """Reckon and store a chunk; how many of its subjects were stored."""
    with connect(chunk.url) as connection:
        connection.autocommit = True
        return _attempt(connection, chunk, chunk.subjects, clock, reckoning)


def _attempt(
    connection: Connection,
    chunk: Chunk,
    subjects: Sequence[Subject],
    clock: Clock,
    reckoning: Reckon,
) -> int:
    """Whoever makes the others fail is found by halves, and noted with the reason."""
    try:
        with connection.transaction():
            keep(connection, reckoning(connection, chunk.issue, subjects, clock()))
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one customer's failure harms no other
        if len(subjects) == 1:
            reason = f"{type(error).__name__}: {error}"
            note_failure(connection, chunk.run_id, subjects[0].subject_id, reason, clock())
            _log.warning(
                "forecast_failed",
                kind=chunk.issue.kind, subject_id=subjects[0].subject_id, reason=reason,
            )  # fmt: skip
            return 0
        half = len(subjects) // 2
        return sum(
            _attempt(connection, chunk, part, clock, reckoning)
            for part in (subjects[:half], subjects[half:])
        )
    return len(subjects)
