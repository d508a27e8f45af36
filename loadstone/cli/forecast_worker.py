"""Forecasts in a thread of `loadstone work`: what is due, then what was missed, then waiting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import structlog

from forecast.runs.issue import Issue, IssueKind
from forecast.runs.run import Engine, LocalEngine, run_issue
from forecast.runs.schedule import LastRun, Plan, due, missed
from forecast.runs.scoring import score_finished
from loadstone.clock import Clock
from loadstone.storage.forecast_runs import newest_run, was_finished
from loadstone.storage.forecast_subjects import (
    Subject,
    ensure_subjects,
    list_subjects,
    subjects_in,
)
from loadstone.storage.forecasts import let_go_of_updates
from loadstone.storage.pool import connect
from loadstone.storage.read_only import DATABASE_AWAY

_log = structlog.get_logger(__name__)
_WAIT_S = 20.0


@dataclass(slots=True, kw_only=True)
class ForecastWorker:
    """Makes one run after the other; whatever ends it, the next one goes on where it stopped."""

    url: str
    plan: Plan
    clock: Clock
    keep_updates_days: int
    engine: Engine = field(default_factory=LocalEngine)
    _scored: dict[str, date] = field(default_factory=dict)

    def run(self, stop: Event) -> None:
        """Work until told to stop. Outlives a database that is away, and a run that fails."""
        while not stop.is_set():
            try:
                busy = self.step(stop)
            except DATABASE_AWAY as error:
                _log.warning("forecasts_not_made", error=str(error).strip())
                busy = False
            except Exception:  # noqa: BLE001 - the one loop that must outlive any run
                _log.exception("forecasts_failed")
                busy = False
            if not busy:
                stop.wait(_WAIT_S)

    def step(self, stop: Event) -> bool:
        """The one most wanted thing; whether there was any."""
        zones = self._zones()
        for zone, subjects in zones.items():
            self._score(zone, subjects)
        wanted = next(self._wanted(tuple(zones)), None)
        if wanted is None:
            return False
        run_issue(self.url, wanted, zones[wanted.zone], self.clock, self.engine, stop.is_set)
        if wanted.kind == "day_ahead":
            self._scored.pop(wanted.zone, None)  # a missed day may be over: score it at once
        return True

    def _zones(self) -> dict[str, list[Subject]]:
        with connect(self.url) as connection:
            ensure_subjects(connection)
            return subjects_in(list_subjects(connection))

    def _wanted(self, zones: Sequence[str]) -> Iterator[Issue]:
        now = self.clock()
        with connect(self.url) as connection:

            def newest(kind: IssueKind, zone: str) -> LastRun | None:
                run = newest_run(connection, kind, zone)
                if run is None:
                    return None
                return LastRun(issued_at=run.issued_at, finished=run.finished_at is not None)

            def has_run(kind: IssueKind, zone: str, at: datetime) -> bool:
                return was_finished(connection, kind, zone, at)

            yield from due(now, zones, self.plan, newest)
            yield from missed(now, zones, self.plan, has_run)

    def _score(self, zone: str, subjects: Sequence[Subject]) -> None:
        """Once a day, when yesterday is over and settled, and after days that were missed."""
        now = self.clock()
        settled = now - timedelta(seconds=self.plan.settle_s)
        yesterday = settled.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        if self._scored.get(zone) == yesterday:
            return
        with connect(self.url) as connection:
            connection.autocommit = True
            count = score_finished(connection, subjects, zone, yesterday, self.plan.interval_s, now)
            gone = let_go_of_updates(connection, now - timedelta(days=self.keep_updates_days))
        self._scored[zone] = yesterday
        if count or gone:
            _log.info("forecasts_scored", zone=zone, forecasts=count, updates_let_go=gone)
