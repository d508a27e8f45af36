"""The worker step by step, by a clock of the test: what it makes first, what it makes up for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from threading import Event

import psycopg
import pytest
from click.testing import CliRunner

from forecast.runs.schedule import Plan
from loadstone.cli import main
from loadstone.cli.forecast_worker import ForecastWorker
from loadstone.storage.forecast_runs import forecast_runs
from loadstone.storage.pool import connect
from tests.support.forecast_world import END, World, make_world

PLAN = Plan(
    interval_s=3600, history_days=120, issue_at=time(7, 30), today_every_s=10_800, settle_s=120,
    replay_days=16,
)  # fmt: skip


class Hands:
    """A clock whose hands the test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def world(make_database: Callable[[], str]) -> World:
    return make_world(make_database())


@pytest.fixture
def connection(world: World) -> Iterator[psycopg.Connection]:
    with connect(world.url) as opened:
        opened.autocommit = True
        yield opened


def test_a_day_of_forecasts(world: World, connection: psycopg.Connection) -> None:
    """From noon of the last day on: what is due, sixteen missed mornings, scores, then updates."""
    clock = Hands(END - timedelta(hours=11, minutes=50))
    worker = ForecastWorker(url=world.url, plan=PLAN, clock=clock, keep_updates_days=30)
    stop = Event()
    assert worker.step(stop)
    while worker.step(stop):
        pass
    made = [(one.kind, one.issued_at) for one in forecast_runs(connection)]
    noon = END - timedelta(hours=12)
    daily = {"day_ahead", "week_ahead", "month"}
    assert {kind for kind, at in made if at == noon} == daily | {"intraday"}
    # From scratch every three hours: the newest of them was at eleven.
    assert [at for kind, at in made if kind == "today"] == [noon - timedelta(hours=1)]
    mornings = [at for kind, at in made if kind == "day_ahead" and at < noon]
    assert len(mornings) == 16
    assert all(one.finished_at is not None for one in forecast_runs(connection))
    scored = connection.execute(
        "SELECT count(DISTINCT target_day), bool_and(replayed) FROM core.forecast_score "
        "WHERE kind = 'day_ahead'"
    ).fetchone()
    # Sixteen mornings spoke of days of which the last one, today, is not over.
    assert scored == (15, True)
    # An hour later the forecast from scratch is still good, but what was said before is moved.
    clock.at += timedelta(hours=1)
    while worker.step(stop):
        pass
    newest = forecast_runs(connection, 1)[0]
    assert (newest.kind, newest.issued_at) == ("intraday", noon + timedelta(hours=1))


def test_updates_are_moved_by_the_errors_of_the_day(
    world: World, connection: psycopg.Connection
) -> None:
    """Without a forecast of today from scratch it is the morning's that is moved."""
    clock = Hands(END - timedelta(hours=4))
    plan = Plan(
        interval_s=3600, history_days=120, issue_at=time(7, 30), today_every_s=0, settle_s=120,
        replay_days=0,
    )  # fmt: skip
    with connection.transaction():
        connection.execute("SELECT set_config('loadstone.retention', 'on', true)")
        connection.execute("DELETE FROM core.forecast WHERE kind = 'today'")
    worker = ForecastWorker(url=world.url, plan=plan, clock=clock, keep_updates_days=30)
    while worker.step(Event()):
        pass
    rows = connection.execute(
        "SELECT model, reasons -> 0 ->> 'code', min(start_at), count(*) FROM read.forecast "
        "JOIN read.forecast_issue USING (forecast_id, model) WHERE forecast.kind = 'today' "
        "GROUP BY 1, 2"
    ).fetchall()
    assert rows == [("intraday", "shifted", END - timedelta(hours=5), 4 * 5)]


def test_forecasts_of_today_do_not_stay_for_ever(
    world: World, connection: psycopg.Connection
) -> None:
    clock = Hands(END + timedelta(days=40))
    worker = ForecastWorker(url=world.url, plan=PLAN, clock=clock, keep_updates_days=2)
    worker.step(Event())
    left = connection.execute(
        "SELECT count(*) FROM core.forecast WHERE kind = 'today' AND issued_at < %s",
        [clock.at - timedelta(days=2)],
    ).fetchone()
    assert left == (0,)


def test_the_command_forecasts_as_of_an_instant_and_prints_a_backtest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("DATABASE_URL", world.url), ("FORECAST_INTERVAL_S", "3600"),
        ("FORECAST_HISTORY_DAYS", "100"), ("LOG_FORMAT", "console"), ("LOG_LEVEL", "error"),
    ):  # fmt: skip
        monkeypatch.setenv(f"LOADSTONE_{name}", value)
    told = CliRunner().invoke(
        main, ["forecast", "run", "--kind", "day_ahead", "--as-of", "2026-03-18T07:30+0800"]
    )
    assert told.exit_code == 0, told.output
    at = datetime(2026, 3, 17, 23, 30, tzinfo=UTC)
    assert f"issued {at:%Y-%m-%d %H:%M} UTC" in told.output
    replayed = CliRunner().invoke(
        main,
        ["forecast", "backtest", "--from", "2026-03-16", "--to", "2026-03-17", "--site", "A1"],
    )
    assert replayed.exit_code == 0, replayed.output
    assert "A1" in replayed.output
    nobody = CliRunner().invoke(main, ["forecast", "backtest", "--site", "nobody"])
    assert nobody.exit_code == 1
