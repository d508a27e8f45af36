"""Connections to the database."""

from __future__ import annotations

from time import monotonic

import psycopg
from psycopg_pool import ConnectionPool

Pool = ConnectionPool[psycopg.Connection]
_CHECKED_FOR_S = 1.0
# A filter that is not given must vanish from the plan: one made for any values looked at every
# meter for one (31 ms instead of 1 of a thousand).
_OPTIONS = "-c timezone=UTC -c plan_cache_mode=force_custom_plan"


class _Pooled(psycopg.Connection):
    """A connection that knows when it was last seen to work."""

    checked_s = float("-inf")


def _check(connection: psycopg.Connection) -> None:
    """Ask whether the server is there, but not of a connection that was asked a moment ago.

    Asking before each use would cost every request a way to the server and back.
    """
    now_s = monotonic()
    if isinstance(connection, _Pooled):
        if now_s - connection.checked_s < _CHECKED_FOR_S:
            return
        connection.checked_s = now_s
    ConnectionPool.check_connection(connection)


def open_pool(url: str, *, most: int = 16, name: str = "loadstone") -> Pool:
    """A pool of connections in UTC; opened at once, so that a wrong address is told early."""
    pool: Pool = ConnectionPool(
        url,
        min_size=1,
        max_size=most,
        name=name,
        kwargs={"application_name": name, "options": _OPTIONS},
        check=_check,
        connection_class=_Pooled,
        open=False,
    )
    pool.open(wait=True, timeout=30)
    return pool


def connect(url: str) -> psycopg.Connection:
    """One connection in UTC, for tools; its transaction is committed when its `with` ends well."""
    return psycopg.connect(url, options="-c timezone=UTC", application_name="loadstone")
