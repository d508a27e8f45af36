"""Connections to the database."""

from __future__ import annotations

import psycopg
from psycopg_pool import ConnectionPool

Pool = ConnectionPool[psycopg.Connection]


def open_pool(url: str, *, most: int = 16, name: str = "loadstone") -> Pool:
    """A pool of connections in UTC; opened at once, so that a wrong address is told early."""
    pool: Pool = ConnectionPool(
        url,
        min_size=1,
        max_size=most,
        name=name,
        kwargs={"application_name": name, "options": "-c timezone=UTC"},
        check=ConnectionPool.check_connection,
        open=False,
    )
    pool.open(wait=True, timeout=30)
    return pool


def connect(url: str) -> psycopg.Connection:
    """One connection in UTC, for tools; its transaction is committed when its `with` ends well."""
    return psycopg.connect(url, options="-c timezone=UTC", application_name="loadstone")
