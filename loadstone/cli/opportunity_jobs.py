"""The search for opportunities, in a thread of `loadstone work`: each site once a day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from forecast.opportunities.gathering.search import search_sites
from loadstone.cli.environment import database_url
from loadstone.clock import Clock, utc_now
from loadstone.settings import Settings
from loadstone.storage.opportunities import sites_to_search, store_search
from loadstone.storage.pool import Pool, open_pool

_log = structlog.get_logger(__name__)
_AGAIN_AFTER = timedelta(hours=24)
_TRY_AGAIN_AFTER = timedelta(minutes=30)  # where there was too little to look at
_AT_ONCE = 20  # sites between two looks at what is due
_LOOK_EVERY_S = 20.0


@contextmanager
def opportunity_jobs(settings: Settings, stop: Event) -> Iterator[None]:
    """Search what is due in a thread of its own: a large site holds nothing else up."""
    pool = open_pool(database_url(settings), most=1, name="loadstone-opportunities")
    thread = Thread(
        target=_search_until, args=[pool, utc_now, stop], name="opportunities", daemon=True
    )
    with pool:
        thread.start()
        yield
        thread.join(15)


def search_due(pool: Pool, clock: Clock) -> int:
    """Search the sites that are due, a few of them; returns how many sites that were."""
    now = clock()
    with pool.connection(timeout=5) as connection:
        due = sites_to_search(
            connection,
            searched_before=now - _AGAIN_AFTER,
            tried_before=now - _TRY_AGAIN_AFTER,
            most=_AT_ONCE,
        )
    for site_id in due:
        _search(pool, site_id, now)
    return len(due)


def _search(pool: Pool, site_id: int, now: datetime) -> None:
    """One site; what cannot be reckoned there must not keep the others from being searched."""
    try:
        with pool.connection(timeout=5) as connection:
            found = search_sites(connection, [site_id], now)
        _log.debug("opportunities_searched", site_id=site_id, found=found)
    except (psycopg.OperationalError, PoolTimeout):
        raise
    except Exception:  # noqa: BLE001 - the loop outlives any site; it is told and tried again
        _log.exception("opportunities_not_found", site_id=site_id)
        with pool.connection(timeout=5) as connection:
            store_search(connection, site_id, [], 0, now)


def _search_until(pool: Pool, clock: Clock, stop: Event) -> None:
    while not stop.is_set():
        try:
            more = search_due(pool, clock) == _AT_ONCE
        except (psycopg.OperationalError, PoolTimeout) as error:
            _log.warning("opportunities_not_searched", error=str(error).strip())
            more = False
        if not more:
            stop.wait(_LOOK_EVERY_S)
