"""What the store costs and how fast it answers: meters' readings of a year, by the quarter hour.

Nothing is asserted: it prints figures beside their targets, to be compared on one machine only.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

# Run as a script, this folder stands before the house, and its ingest.py before the package.
_HERE = Path(__file__).resolve().parent
sys.path[:] = [place for place in sys.path if not place or Path(place).resolve() != _HERE]

import click
import numpy as np
import psycopg

from benchmarks.meter_years.dashboards import Answer, answer, questions
from benchmarks.meter_years.explain import plan_of
from benchmarks.meter_years.load import Loaded, batch_of, load, open_epochs, stretches
from benchmarks.meter_years.sizes import compress, size_lines
from loadstone.cli.demo_world import register_world
from loadstone.embedded import EmbeddedPostgres
from loadstone.storage.migrate import migrate
from loadstone.storage.readings import mark_dirty
from loadstone.storage.rollups import refresh_rollups
from simulator.context import PortfolioContext
from simulator.portfolio import demo_portfolio

_END = datetime(2026, 1, 1, tzinfo=UTC)
_QUIET = {"maintenance_work_mem": "512MB", "max_wal_size": "4GB", "shared_buffers": "1GB"}


@click.command()
@click.option("--full", is_flag=True, help="1000 meters and a year instead of 100 and 60 days.")
@click.option("--meters", type=int, help="About how many meters.")
@click.option("--days", type=int, help="How many days.")
@click.option("--runs", default=30, show_default=True, help="Runs of each question.")
@click.option(
    "--database-url", help="An empty database; else LOADSTONE_DATABASE_URL, else one of its own."
)
@click.option("--home", type=click.Path(path_type=Path), help="Keep the server here, and its data.")
@click.option("--plan", "plans", is_flag=True, help="Print every question's plan, not one only.")
def main(
    full: bool, meters: int | None, days: int | None, runs: int,
    database_url: str | None, home: Path | None, plans: bool,
) -> None:  # fmt: skip
    """Fill a database and ask it what dashboards ask."""
    meters = meters or (1000 if full else 100)
    start = _END - timedelta(days=days or (365 if full else 60))
    given = database_url or os.environ.get("LOADSTONE_DATABASE_URL")
    with _server(given, home) as url:
        report = migrate(url)
        click.echo(f"{report.backend.sentence}\n{meters} meters, {(_END - start).days} days")
        with psycopg.connect(url, options="-c timezone=UTC") as connection:
            if _is_empty(connection):
                _fill(connection, meters, start)
            click.echo("sizes, with indexes")
            click.echo("\n".join(size_lines(connection)))
            click.echo(compress(connection))
            _late(connection, start)
            asked = questions(connection, start, _END)
        answers = answer(url, asked, runs)
        _print_answers(answers)
        _print_plans(url, answers, plans)


@contextmanager
def _server(url: str | None, home: Path | None) -> Iterator[str]:
    if url:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="loadstone-bench-") as temporary:
        Path(temporary).chmod(0o711)
        with EmbeddedPostgres(home or Path(temporary), settings=_QUIET) as server:
            yield server.dsn


def _is_empty(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT NOT EXISTS (SELECT FROM core.reading)").fetchone()
    return bool(row and row[0])


def _fill(connection: psycopg.Connection, meters: int, start: datetime) -> None:
    portfolio = demo_portfolio(1, meters)
    register_world(connection, portfolio)
    open_epochs(connection, start)
    context = PortfolioContext(portfolio, anchor=start)
    ids: dict[str, int] = dict(
        connection.execute("SELECT code, meter_id FROM core.meter").fetchall()
    )
    loaded, refreshed_s, marks = Loaded(), 0.0, 0
    for begin, end in stretches(start, _END):
        load(connection, batch_of(context, ids, begin, end), loaded)
        marks_now, took_s = _refresh(connection)
        marks, refreshed_s = marks + marks_now, refreshed_s + took_s
    click.echo(
        f"load: {loaded.rows:,} rows in {loaded.seconds:.1f} s, "
        f"{loaded.rows / loaded.seconds:,.0f} rows/s (COPY, newest values, marks, commit)\n"
        f"refresh of all: {marks:,} meter-hours in {refreshed_s:.1f} s"
    )
    connection.autocommit = True
    connection.execute("VACUUM (ANALYZE)")
    connection.autocommit = False


def _refresh(connection: psycopg.Connection) -> tuple[int, float]:
    begun_s = time.monotonic()
    total = 0
    while taken := refresh_rollups(connection):
        total += taken
        connection.commit()
    return total, time.monotonic() - begun_s


_TOUCH = """
UPDATE core.reading SET lag_s = lag_s + 1
WHERE meter_id = %s AND ts >= %s AND ts < %s + interval '6 hours' RETURNING meter_id, ts
"""


def _late(connection: psycopg.Connection, start: datetime) -> None:
    """Six hours of ten meters on ten days, as a gateway's back-fill would change them."""
    rng = np.random.default_rng(3)
    meters = [int(row[0]) for row in connection.execute("SELECT meter_id FROM core.meter LIMIT 10")]
    days = (_END - start).days
    for meter in meters:
        day = start + timedelta(days=int(rng.integers(0, max(1, days - 1))))
        rows = connection.execute(_TOUCH, [meter, day, day]).fetchall()
        ts_ms = np.array([row[1].timestamp() * 1000 for row in rows], dtype=np.int64)
        mark_dirty(connection, np.full(len(rows), meter, np.int32), ts_ms)
        connection.commit()
    late, late_s = _refresh(connection)
    _, nothing_s = _refresh(connection)
    click.echo(
        f"refresh of late data: {late} meter-hours of ten meters in {late_s * 1000:.0f} ms; "
        f"of nothing: {nothing_s * 1000:.1f} ms"
    )


def _print_answers(answers: list[Answer]) -> None:
    click.echo(f"\n{'question':<52}{'rows':>8}{'p50 ms':>9}{'p95 ms':>9}{'target':>8}")
    for each in answers:
        p50, p95 = np.percentile(each.took_ms, [50, 95])
        verdict = "" if p50 <= each.question.target_ms else "  over"
        click.echo(
            f"{each.question.name:<52}{each.rows:>8,}{p50:>9.1f}{p95:>9.1f}"
            f"{each.question.target_ms:>8.0f}{verdict}"
        )


def _print_plans(url: str, answers: list[Answer], every: bool) -> None:
    def share(each: Answer) -> float:
        return float(np.median(each.took_ms)) / each.question.target_ms

    for each in answers if every else [max(answers, key=share)]:
        click.echo(f"\nplan of: {each.question.name}")
        click.echo("\n".join(plan_of(url, each.question)))


if __name__ == "__main__":
    main()
