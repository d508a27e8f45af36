"""Reading without any chance to write, or to keep the server busy for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import PoolTimeout

from loadstone.storage.pool import Pool

# What psycopg raises where the database cannot be reached, is busy or went away.
DATABASE_AWAY: tuple[type[Exception], ...] = (psycopg.OperationalError, PoolTimeout)

Connection = psycopg.Connection

_READ_ONLY = """
SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', %s, true),
    set_config('role', %s, true)
"""
_NO_ROLE = "none"


@contextmanager
def read_only(
    pool: Pool, role: str | None, *, wait_s: float = 5.0, statement_timeout_s: float = 30.0
) -> Iterator[Connection]:
    """A connection in one read-only transaction; raises one of DATABASE_AWAY where there is none.

    The one door through which the API and the pages read. The transaction is that role's: it can
    read `visible` and `read`, in which only the role's rows are, so that a query that forgot whose
    data it is about shows nothing of others. Without a role it is the application's own, for what
    belongs to no viewer, such as who logs in.
    """
    with pool.connection(timeout=wait_s) as connection:
        values = [f"{statement_timeout_s * 1000:.0f}", role or _NO_ROLE]
        connection.execute(_READ_ONLY, values)
        yield connection
