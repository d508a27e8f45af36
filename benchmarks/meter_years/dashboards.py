"""What dashboards ask, and how long it takes until the answer has reached the client."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import psycopg

ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A dashboard's query: its target, and one run of it, which returns its number of rows."""

    name: str
    target_ms: float
    ask: Callable[[psycopg.Connection, np.random.Generator], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How long the runs of a question took, (n,) ms, and how many rows it gave."""

    question: Question
    took_ms: list[float]
    rows: int


_LATEST = """
SELECT l.* FROM core.meter m JOIN read.latest l USING (meter_id)
WHERE m.retired_at IS NULL ORDER BY m.meter_id LIMIT 1000
"""
_READINGS = "SELECT * FROM read.reading WHERE meter_id = %s AND ts >= %s AND ts < %s ORDER BY ts"
_ENERGY = "SELECT * FROM read.energy(%s::int[], %s, %s, %s::interval, %s)"
_LOAD = "SELECT * FROM read.load(%s::int[], %s, %s, %s::interval, %s)"
_METERS = "SELECT meter_id FROM core.meter ORDER BY meter_id"
_MAINS = """
SELECT array_agg(meter_id) FROM core.meter JOIN core.site USING (site_id)
WHERE role = 'main' GROUP BY customer_id ORDER BY customer_id LIMIT 100
"""
_MONTH_PEAK = """
SELECT meter_id, max(active_power_max_kw) AS peak_kw FROM read.load_month
WHERE start_at = date_trunc('month', %s::timestamptz, %s) GROUP BY meter_id
"""
# The portfolio's hours of a year are one curve: the sum is the server's work, not the client's.
_SUM = "SELECT * FROM read.energy_sum(%s::int[], %s, %s, '1 hour', %s)"


def questions(connection: psycopg.Connection, start: datetime, end: datetime) -> list[Question]:
    """The dashboard's questions for data of [start, end), in whole local days."""
    start, end = (at - timedelta(hours=8) for at in (start, end))
    meters = [int(row[0]) for row in connection.execute(_METERS)]
    mains = [meter for row in connection.execute(_MAINS) for meter in row[0]]
    site = meters[:20]

    def any_day(rng: np.random.Generator, days: int) -> datetime:
        room = max(1, (end - start).days - days)
        return start + timedelta(days=int(rng.integers(0, room)))

    def latest(connection: psycopg.Connection, _: np.random.Generator) -> int:
        return connection.execute(_LATEST).rowcount

    def raw_day(connection: psycopg.Connection, rng: np.random.Generator) -> int:
        day = any_day(rng, 1)
        values = [int(rng.choice(meters)), day, day + timedelta(days=1)]
        return connection.execute(_READINGS, values).rowcount

    def year_of_days(connection: psycopg.Connection, rng: np.random.Generator) -> int:
        values = [[int(rng.choice(meters))], start, end, "1 day", ZONE]
        return connection.execute(_ENERGY, values).rowcount

    def site_load(connection: psycopg.Connection, rng: np.random.Generator) -> int:
        day = any_day(rng, 30)
        values = [site, day, day + timedelta(days=30), "1 hour", ZONE]
        return connection.execute(_LOAD, values).rowcount

    def site_energy(connection: psycopg.Connection, rng: np.random.Generator) -> int:
        day = any_day(rng, 30)
        values = [site, day, day + timedelta(days=30), "1 hour", ZONE]
        return connection.execute(_ENERGY, values).rowcount

    def months(connection: psycopg.Connection, _: np.random.Generator) -> int:
        return connection.execute(_ENERGY, [mains, start, end, "1 month", ZONE]).rowcount

    def peaks(connection: psycopg.Connection, rng: np.random.Generator) -> int:
        return connection.execute(_MONTH_PEAK, [any_day(rng, 1), ZONE]).rowcount

    def portfolio(connection: psycopg.Connection, _: np.random.Generator) -> int:
        return connection.execute(_SUM, [meters, start, end, ZONE]).rowcount

    def site_year(connection: psycopg.Connection, _: np.random.Generator) -> int:
        return connection.execute(_SUM, [site, start, end, ZONE]).rowcount

    return [
        Question(name=f"newest values of {len(meters)} meters", target_ms=5, ask=latest),
        Question(name="one meter, 24 hours of readings", target_ms=10, ask=raw_day),
        Question(name="one meter, all days' energy", target_ms=20, ask=year_of_days),
        Question(name=f"site of {len(site)} meters, 30 days by the hour: load", target_ms=60,
                 ask=site_load),
        Question(name=f"site of {len(site)} meters, 30 days by the hour: energy", target_ms=60,
                 ask=site_energy),
        Question(name=f"100 customers ({len(mains)} main meters), all months' energy",
                 target_ms=500, ask=months),
        Question(name=f"month's peak of {len(meters)} meters", target_ms=60, ask=peaks),
        Question(name=f"site of {len(site)} meters, all hours together", target_ms=500,
                 ask=site_year),
        Question(name=f"portfolio of {len(meters)} meters, all hours", target_ms=1500,
                 ask=portfolio),
    ]  # fmt: skip


def answer(url: str, asked: Sequence[Question], runs: int) -> list[Answer]:
    """Ask everything `runs` times on one warm connection, as a pool's would be."""
    answers = []
    with psycopg.connect(url, options="-c timezone=UTC", autocommit=True) as connection:
        for question in asked:
            rng = np.random.default_rng(1)
            rows = question.ask(connection, rng)
            took_ms = []
            for _ in range(runs):
                begun_s = time.monotonic()
                question.ask(connection, rng)
                took_ms.append((time.monotonic() - begun_s) * 1000)
            answers.append(Answer(question=question, took_ms=took_ms, rows=rows))
    return answers
