"""Temperatures at sites, measured or foreseen, with when they became known; only added to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherPlace:
    """A site and where it lies."""

    site_id: int
    code: str
    latitude_deg: float | None
    longitude_deg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherValue:
    """The temperature at `valid_at`, as it became known at `known_at`."""

    site_id: int
    valid_at: datetime
    known_at: datetime
    source: str
    measured: bool
    temperature_c: float


_PLACES = """
SELECT site_id, code, latitude_deg, longitude_deg FROM core.site WHERE retired_at IS NULL
ORDER BY site_id
"""


def weather_places(connection: Connection) -> list[WeatherPlace]:
    """Sites in service."""
    return connection.cursor(row_factory=class_row(WeatherPlace)).execute(_PLACES).fetchall()


_STAGE = """
CREATE TEMP TABLE weather_fresh (LIKE core.weather_value) ON COMMIT DROP
"""
_COPY = """
COPY weather_fresh (site_id, valid_at, known_at, source, measured, temperature_c) FROM STDIN
"""
_TAKE = "INSERT INTO core.weather_value SELECT * FROM weather_fresh ON CONFLICT DO NOTHING"


def put_weather(connection: Connection, values: Iterable[WeatherValue]) -> int:
    """Add values; those that are there already stay as they are. Returns how many were new.

    Inside a transaction.
    """
    connection.execute(_STAGE)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for one in values:
            copy.write_row(
                [one.site_id, one.valid_at, one.known_at, one.source, one.measured,
                 one.temperature_c]
            )  # fmt: skip
    new = connection.execute(_TAKE).rowcount
    connection.execute("DROP TABLE weather_fresh")
    return new


_NEWEST = "SELECT max(known_at) FROM core.weather_value WHERE source = %s"


def newest_weather(connection: Connection, source: str) -> datetime | None:
    """When a source last told something."""
    row = connection.execute(_NEWEST, [source]).fetchone()
    return None if row is None else row[0]
