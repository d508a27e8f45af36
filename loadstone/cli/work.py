"""`loadstone work`: the jobs that keep summaries fresh."""

from __future__ import annotations

from threading import Event
from time import monotonic

import click
import psycopg
import structlog
from psycopg_pool import PoolTimeout

from loadstone.cli.environment import database_url, load_settings, stop_on_signals
from loadstone.storage.pool import Pool, open_pool
from loadstone.storage.rollups import refresh_rollups

_log = structlog.get_logger(__name__)
_MOST_MARKS = 20_000


@click.command()
def work() -> None:
    """Keep the summaries fresh until told to stop."""
    settings = load_settings()
    stop = stop_on_signals()
    pool = open_pool(database_url(settings), most=2, name="loadstone-work")
    with pool:
        while not stop.is_set():
            more = _refresh(pool)
            if not more:
                stop.wait(settings.rollup_refresh_s)


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
