"""Forecasts beside the other jobs of `loadstone work`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from loadstone.cli.environment import database_url
from loadstone.cli.forecast_plan import plan_of
from loadstone.cli.forecast_worker import ForecastWorker
from loadstone.clock import utc_now
from loadstone.settings import Settings


def worker_of(settings: Settings) -> ForecastWorker:
    """The one who makes them, by the settings."""
    return ForecastWorker(
        url=database_url(settings),
        plan=plan_of(settings),
        clock=utc_now,
        keep_updates_days=settings.forecast_keep_updates_days,
    )


@contextmanager
def forecast_jobs(settings: Settings, stop: Event) -> Iterator[None]:
    """In a thread of its own; what it had not stored by the end is done at the next start."""
    if not settings.forecast:
        yield
        return
    thread = Thread(target=worker_of(settings).run, args=[stop], name="forecasts", daemon=True)
    thread.start()
    yield
    thread.join(15)
