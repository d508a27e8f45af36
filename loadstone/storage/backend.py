"""What the server offers: found by asking it, never by its version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import psycopg

BackendName = Literal["tsl", "apache", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """One of three kinds of server, which all answer the same questions the same way."""

    name: BackendName

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of migration lines that apply here."""
        return {
            "tsl": ("timescale", "tsl"),
            "apache": ("timescale", "apache", "own"),
            "plain": ("plain", "own"),
        }[self.name]

    @property
    def has_hypertables(self) -> bool:
        """Whether readings lie in chunks that the server makes; else in partitions of ours."""
        return self.name != "plain"

    @property
    def has_continuous_aggregates(self) -> bool:
        """Whether the server keeps the summaries; else we do, in tables."""
        return self.name == "tsl"

    @property
    def sentence(self) -> str:
        """What was found and what it costs, for people."""
        return {
            "tsl": "TimescaleDB Community: hypertables with columnstore, continuous aggregates",
            "apache": "TimescaleDB Apache edition: hypertables; no columnstore, so raw readings "
            "take about six times the disk of the Community edition",
            "plain": "PostgreSQL without TimescaleDB: monthly partitions; no columnstore, so raw "
            "readings take about six times the disk, and old months are dropped whole",
        }[self.name]


_PROBE = """
SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') AS installed,
       current_setting('timescaledb.license', true) AS license
"""


def probe_backend(connection: psycopg.Connection) -> Backend:
    """Ask the server for the extension and its licence setting."""
    row = connection.execute(_PROBE).fetchone()
    installed, licence = row if row else (False, None)
    if not installed:
        return Backend(name="plain")
    return Backend(name="tsl" if licence == "timescale" else "apache")
