"""Summaries whose readings are gone: they move as they are, since nothing could make them anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
import psycopg
from psycopg import sql

from loadstone.storage.backend import probe_backend
from loadstone.storage.readings import ensure_partitions
from loadstone.storage.rollup_selects import COLUMNS

_LEVELS = ("rollup_15m", "rollup_1h", "rollup_day", "rollup_month")
_KEPT_FROM = "SELECT max(kept_from) FROM core.retention"
_RETENTION = "SELECT relation, kept_from FROM core.retention"
_KEEP = "INSERT INTO core.retention (relation, kept_from) VALUES (%s, %s)"
_MONTHS = """
SELECT DISTINCT date_trunc('month', bucket, 'UTC') FROM core.rollup_1h WHERE bucket < %(before)s
UNION SELECT DISTINCT date_trunc('month', bucket, 'UTC') FROM core.rollup_15m
WHERE bucket < %(before)s
"""

Pipe = Callable[[psycopg.Connection, psycopg.Connection, sql.Composed, sql.Composed], None]


def let_go_before(source: psycopg.Connection) -> datetime | None:
    """From when on the source's summaries can be made of its readings; None: all of them."""
    row = source.execute(_KEPT_FROM).fetchone()
    return row[0] if row else None


def takes_summaries(target: psycopg.Connection) -> bool:
    """Whether summaries can be put into this server: continuous aggregates take none."""
    return not probe_backend(target).has_continuous_aggregates


def copy_summaries(
    source: psycopg.Connection, target: psycopg.Connection, before: datetime, pipe: Pipe
) -> int:
    """Copy the summaries of buckets that begin before an instant; the rows of all levels.

    The target remembers like the source what was let go of, so that it does not make them anew of
    the few readings that may have come late.
    """
    for relation, kept_from in source.execute(_RETENTION).fetchall():
        target.execute(_KEEP, [relation, kept_from])
    target.commit()
    months = [row[0] for row in source.execute(_MONTHS, {"before": before})]
    stamps = np.array([month.timestamp() * 1000 for month in months]).astype(np.int64)
    ensure_partitions(target, stamps, set())
    names = sql.SQL(", ").join(sql.Identifier(name) for name in COLUMNS.split(", "))
    total = 0
    for level in _LEVELS:
        relation = sql.Identifier("core", level)
        old = sql.SQL("FROM {} WHERE bucket < {}").format(relation, sql.Literal(before))
        out = sql.SQL("COPY (SELECT {} {}) TO STDOUT (FORMAT BINARY)").format(names, old)
        into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(relation, names)
        pipe(source, target, out, into)
        count = target.execute(sql.SQL("SELECT count(*) {}").format(old)).fetchone()
        total += int(count[0]) if count else 0
    target.commit()
    return total
