"""The job that ends what dashboards ask for too long, and shuts out those of retired customers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from loadstone.storage.dashboard_roles import take_roles_of_retired
from loadstone.storage.pool import Pool, open_pool
from loadstone.storage.statement_limit import end_long_statements

_log = structlog.get_logger(__name__)
_EVERY_S = 5.0


@contextmanager
def statement_limit(url: str, most_s: float, stop: Event) -> Iterator[None]:
    """Look after dashboards' roles in a thread of its own: a long refresh must not hold it up."""
    pool = open_pool(url, most=1, name="loadstone-statement-limit")
    thread = Thread(target=_run, args=[pool, most_s, stop], name="statement-limit", daemon=True)
    with pool:
        thread.start()
        yield
        thread.join(15)


def _run(pool: Pool, most_s: float, stop: Event) -> None:
    while not stop.wait(_EVERY_S):
        try:
            with pool.connection(timeout=5) as connection:
                gone = take_roles_of_retired(connection)
                connection.commit()
                ended = end_long_statements(connection, most_s)
        except (psycopg.Error, PoolTimeout) as error:
            _log.warning("statements_not_limited", error=str(error).strip())
            continue
        if gone:
            _log.info("dashboard_roles_taken", roles=len(gone))
        if ended:
            _log.warning("statements_ended", statements=ended, limit_s=most_s)
