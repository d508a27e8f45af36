"""Reading without any chance to write, or to keep the server busy for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import psycopg
from psycopg import sql
from psycopg_pool import PoolTimeout

from loadstone.storage.pool import Pool

# What psycopg raises where the database cannot be reached, is busy or went away.
DATABASE_AWAY: tuple[type[Exception], ...] = (psycopg.OperationalError, PoolTimeout)

Connection = psycopg.Connection

# One way to the server and back, where a BEGIN of psycopg's own would be another.
_BEGIN = "BEGIN READ ONLY; SET LOCAL statement_timeout = {}"
_AS_ROLE = "; SET LOCAL ROLE {}"


@lru_cache(maxsize=4096)
def _begin(role: str | None, timeout_ms: int) -> bytes:
    text = sql.SQL(_BEGIN).format(sql.Literal(timeout_ms))
    if role is not None:
        text += sql.SQL(_AS_ROLE).format(sql.Identifier(role))
    return text.as_bytes()


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
        connection.autocommit = True
        try:
            connection.execute(_begin(role, round(statement_timeout_s * 1000)))
            yield connection
        finally:
            if not connection.closed:
                connection.rollback()  # nothing was written
                connection.autocommit = False
