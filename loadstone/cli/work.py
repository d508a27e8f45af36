"""`loadstone work`: the jobs that keep summaries fresh, and drop what is too old to keep.

And that read refused data again, where somebody set the registry right and asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

import click
import psycopg
import structlog
from psycopg_pool import PoolTimeout

from loadstone.cli.environment import database_url, load_settings, stop_on_signals
from loadstone.cli.forecast_jobs import forecast_jobs
from loadstone.cli.opportunity_jobs import opportunity_jobs
from loadstone.cli.report_jobs import report_jobs
from loadstone.cli.second_readings import read_again, second_readings
from loadstone.cli.statement_limit import statement_limit
from loadstone.cli.weather_jobs import weather_jobs
from loadstone.clock import utc_now
from loadstone.settings import Settings
from loadstone.storage.audit import forget_audit
from loadstone.storage.pool import Pool, open_pool
from loadstone.storage.retention import Retention, apply_retention
from loadstone.storage.rollups import refresh_rollups
from loadstone.webhooks.worker import WebhookWorker

_log = structlog.get_logger(__name__)
_MOST_MARKS = 20_000
_LET_GO_EVERY_S = 3600.0


@click.command()
def work() -> None:
    """Keep the summaries fresh, forecast, and drop what is too old to keep, until told to stop."""
    settings = load_settings()
    retention = _retention(settings)
    stop = stop_on_signals()
    again = second_readings(database_url(settings), settings.payload_limit_bytes)
    pool = open_pool(database_url(settings), most=2, name="loadstone-work")
    due_s = monotonic()
    with (
        pool,
        report_jobs(settings, stop),
        weather_jobs(settings, stop),
        forecast_jobs(settings, stop),
        opportunity_jobs(settings, stop),
        _webhooks(settings, stop),
        statement_limit(database_url(settings), settings.dashboard_statement_limit_s, stop),
    ):
        while not stop.is_set():
            more = _refresh(pool) or read_again(again)
            if not more and monotonic() >= due_s:
                _let_go(pool, retention, settings.retention_audit_days)
                due_s = monotonic() + _LET_GO_EVERY_S
            if not more:
                stop.wait(settings.rollup_refresh_s)
    again.close()


@contextmanager
def _webhooks(settings: Settings, stop: Event) -> Iterator[None]:
    """Calls other systems in a thread of its own: a slow one must not hold the summaries up."""
    pool = open_pool(database_url(settings), most=2, name="loadstone-webhooks")
    worker = WebhookWorker(
        pool=pool,
        clock=utc_now,
        silent_after_s=settings.webhook_silent_after_s,
        allow_private=settings.webhook_private_addresses,
    )
    thread = Thread(target=worker.run, args=[stop], name="webhooks", daemon=True)
    with pool:
        thread.start()
        yield
        thread.join(15)


def _retention(settings: Settings) -> Retention:
    try:
        return Retention(
            readings_days=settings.retention_readings_days,
            rollups_days=settings.retention_rollups_days,
            quarantine_days=settings.retention_quarantine_days,
        )
    except ValueError as error:
        raise click.ClickException(f"LOADSTONE_RETENTION_ROLLUPS_DAYS: {error}") from error


def _let_go(pool: Pool, retention: Retention, audit_days: int | None) -> None:
    """Drop what is older than is to be kept; what could not be dropped now is next time."""
    try:
        with pool.connection(timeout=5) as connection:
            gone = apply_retention(connection, retention, utc_now())
            if audit_days is not None:
                forget_audit(connection, utc_now() - timedelta(days=audit_days), _MOST_MARKS)
    except (psycopg.OperationalError, PoolTimeout) as error:
        _log.warning("retention_not_applied", error=str(error).strip())
        return
    if gone.readings or gone.rollups or gone.quarantined or gone.waiting:
        _log.info(
            "retention_applied",
            reading_parts=len(gone.readings),
            rollup_parts=len(gone.rollups),
            quarantine_rows=gone.quarantined,
            waiting_parts=gone.waiting,
        )


def _refresh(pool: Pool) -> bool:
    """One refresh; whether there is certainly more to do. Outlives a database that is away."""
    begun_s = monotonic()
    try:
        with pool.connection(timeout=5) as connection:
            taken = refresh_rollups(connection, most_marks=_MOST_MARKS)
    except (psycopg.OperationalError, PoolTimeout) as error:
        _log.warning("rollups_not_refreshed", error=str(error).strip())
        Event().wait(1.0)
        return False
    if taken:
        duration_ms = round((monotonic() - begun_s) * 1000)
        _log.debug("rollups_refreshed", hours=taken, duration_ms=duration_ms)
    return taken >= _MOST_MARKS // 2
