"""What forecasts were made from, for screens and the API: weather as it was known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherRow:
    """One temperature: measured, else as foreseen at `known_at`."""

    valid_at: datetime
    temperature_c: float
    measured: bool
    known_at: datetime
    source: str


_WEATHER = """
SELECT valid_at, temperature_c, measured, known_at, source
FROM read.weather_as_of(%s, %s, %s, coalesce(%s, 'infinity'::timestamptz)) ORDER BY valid_at
"""


def weather_as_of(
    connection: psycopg.Connection, site_id: int, start: datetime, end: datetime,
    as_of: datetime | None,
) -> list[WeatherRow]:  # fmt: skip
    """Temperatures of [start, end) at a site as they were known at `as_of`, by time."""
    cursor = connection.cursor(row_factory=class_row(WeatherRow))
    return cursor.execute(_WEATHER, [[site_id], start, end, as_of]).fetchall()
