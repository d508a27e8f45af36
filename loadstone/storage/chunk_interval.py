"""How much time a chunk of readings spans: as much as keeps its newest ones in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import psycopg
from psycopg.rows import class_row

from loadstone.storage.backend import Backend

# A day of a thousand meters by the minute; a week of them by the quarter hour is half of that.
_MOST_ROWS = 1_500_000
_SPANS = tuple(timedelta(hours=hours) for hours in (168, 24, 12, 6, 2))
_FAR_OFF = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkSpan:
    """The span that new chunks have, and what the registered meters will send in a day."""

    span: timedelta
    rows_a_day: int

    @property
    def fitting(self) -> timedelta:
        """The span that they should have."""
        return fitting_span(self.rows_a_day)

    @property
    def is_far_off(self) -> bool:
        """Whether it is worth telling somebody."""
        return not 1 / _FAR_OFF < self.span / self.fitting < _FAR_OFF


def fitting_span(rows_a_day: int) -> timedelta:
    """The longest span whose chunk stays small enough, of two hours to a week."""
    small = (span for span in _SPANS if rows_a_day * (span / timedelta(days=1)) <= _MOST_ROWS)
    return next(small, _SPANS[-1])


_SPAN = """
SELECT d.time_interval AS span, (SELECT coalesce(sum(86400.0 / interval_s), 0)::bigint
    FROM core.meter WHERE retired_at IS NULL) AS rows_a_day
FROM timescaledb_information.dimensions d
WHERE d.hypertable_schema = 'core' AND d.hypertable_name = 'reading' AND d.dimension_number = 1
"""
_SET = "SELECT set_chunk_time_interval('core.reading', %s::interval)"


def chunk_span(connection: psycopg.Connection, backend: Backend) -> ChunkSpan | None:
    """What is set and what fits; None where the server has no chunks."""
    if not backend.has_hypertables:
        return None
    return connection.cursor(row_factory=class_row(ChunkSpan)).execute(_SPAN).fetchone()


def fit_chunks(connection: psycopg.Connection, backend: Backend) -> timedelta | None:
    """Give the chunks that are yet to come the span that fits; that span, where it is another."""
    found = chunk_span(connection, backend)
    if found is None or found.span == found.fitting:
        return None
    connection.execute(_SET, [found.fitting])
    return found.fitting
