"""Runs over a stored history: what they keep, what they never touch, and what stops them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from psycopg import errors

from forecast.runs.reckon import Reckoned, reckon
from forecast.runs.run import Chunk, do_chunk, run_issue
from loadstone.storage.forecast_runs import begin_run, failures_of, newest_run
from loadstone.storage.forecasts import let_go_of_updates
from loadstone.storage.pool import connect
from tests.support.forecast_world import (
    END,
    NOW,
    ZONE,
    World,
    clock,
    issue_at,
    make_world,
    morning,
)


@pytest.fixture(scope="module")
def told_world(make_database: Callable[[], str]) -> World:
    """A world with everything said once: days ahead, updates and the month."""
    world = make_world(make_database())
    subjects = list(world.subjects.values())
    assert run_issue(world.url, issue_at(morning(1)), subjects, clock)
    for kind in ("week_ahead", "today", "month"):
        at = morning(1) + timedelta(hours=5)
        assert run_issue(world.url, issue_at(at, kind), subjects, clock)
    return world


@pytest.fixture
def connection(told_world: World) -> Iterator[psycopg.Connection]:
    with connect(told_world.url) as opened:
        yield opened
        opened.rollback()


def test_the_model_that_was_chosen_speaks_and_says_its_name(told_world: World) -> None:
    pytest.importorskip("lightgbm")
    with connect(told_world.url) as opened:
        issue = replace(issue_at(morning(2)), model="day_ahead_boosted")
        said = reckon(opened, issue, list(told_world.subjects.values()), NOW).forecasts
        opened.rollback()
    spoken = {row.model for row in said if row.kind == "day_ahead"}
    assert "day_ahead_boosted" in spoken
    assert "day_ahead" not in spoken


def test_sites_and_customers_with_several_are_forecast_with_bands_that_do_not_cross(
    connection: psycopg.Connection, told_world: World
) -> None:
    rows = connection.execute(
        "SELECT subject_id, mean_kw, ARRAY[p025_kw, p10_kw, p20_kw, p30_kw, p40_kw, p50_kw, p60_kw,"
        " p70_kw, p80_kw, p90_kw, p975_kw] FROM read.forecast WHERE kind = 'day_ahead'"
    ).fetchall()
    assert set(told_world.subjects) == {"A1", "B1", "B2", "CUS-B"}
    assert len(rows) == 24 * 4
    assert all(band == sorted(band) and band[0] >= 0 for _, _, band in rows)
    means = {
        code: sum(mean for who, mean, _ in rows if who == one.subject_id)
        for code, one in told_world.subjects.items()
    }
    # 21 March is a Saturday: 40 kW a size, 24 hours, and noise of 2.5 kW a meter.
    assert means["A1"] == pytest.approx(24 * 42.5, rel=0.05)
    assert means["CUS-B"] == pytest.approx(means["B1"] + means["B2"], rel=0.03)


def test_each_issue_says_what_it_knew(connection: psycopg.Connection, told_world: World) -> None:
    row = connection.execute(
        "SELECT model, reasons, inputs, replayed, lead_days, weights FROM read.forecast_issue "
        "WHERE kind = 'day_ahead' AND subject_id = %s",
        [told_world.subjects["A1"].subject_id],
    ).fetchone()
    assert row is not None
    model, reasons, inputs, replayed, lead_days, weights = row
    assert (model, replayed, lead_days) == ("day_ahead", True, 1)
    assert reasons[0]["code"] == "tried_days"
    assert inputs["load"]["known_until"] == "2026-03-19T23:00:00+00:00"
    assert inputs["load"]["measured_ratio"] == 1.0
    assert inputs["calendar"] == {
        "country": "CN", "subdivision": None, "published": True, "unpublished_years": [],
        "production_entries": 0,
    }  # fmt: skip
    assert inputs["temperature"] is None
    assert sum(weights.values()) == pytest.approx(1.0, abs=0.01)


def test_the_week_has_seven_days_and_the_update_only_what_is_left_of_today(
    connection: psycopg.Connection,
) -> None:
    leads = connection.execute(
        "SELECT lead_days, count(*) FROM read.forecast_slot WHERE kind = 'week_ahead' GROUP BY 1"
    ).fetchall()
    assert sorted(leads) == [(lead, 4 * 24) for lead in range(1, 8)]
    first = connection.execute(
        "SELECT min(start_at), count(*) FROM read.forecast_slot WHERE kind = 'today'"
    ).fetchone()
    # Issued at 12:30: twelve hours are over, the thirteenth is not.
    assert first == (END - timedelta(hours=12), 4 * 12)


def test_the_month_never_lands_below_what_is_settled(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT energy_kwh, peak_kw, so_far_kwh, so_far_peak_kw, exceeds_ratio, contract_demand_kw "
        "FROM read.forecast_month"
    ).fetchall()
    assert len(rows) == 4
    for energy, peak, so_far, so_far_peak, exceeds, contract in rows:
        assert energy == sorted(energy)
        assert peak == sorted(peak)
        assert energy[0] > so_far
        assert peak[0] >= so_far_peak * (1 - 1e-6)
        assert (exceeds is None) == (contract is None)


def test_what_stood_at_an_instant_is_told_as_it_stood(
    connection: psycopg.Connection, told_world: World
) -> None:
    query = "SELECT kind, count(*) FROM read.forecast_as_of(%s, %s, %s, %s) GROUP BY 1 ORDER BY 1"
    ids = [told_world.subjects["A1"].subject_id]
    span = [END - timedelta(hours=6), END + timedelta(days=2)]
    now = connection.execute(query, [ids, *span, NOW]).fetchall()
    assert now == [("day_ahead", 24), ("today", 6), ("week_ahead", 24)]
    before = connection.execute(query, [ids, *span, morning(1) + timedelta(hours=1)]).fetchall()
    assert before == [("day_ahead", 24)]
    assert connection.execute(query, [ids, *span, morning(2)]).fetchall() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core.forecast SET mean_kw = NULL",
        "UPDATE core.forecast SET issued_at = issued_at - interval '1 day'",
        "DELETE FROM core.forecast",
        "TRUNCATE core.forecast CASCADE",
        "DELETE FROM core.forecast_month",
        "UPDATE core.forecast_month SET model = 'x'",
    ],
)
def test_what_was_said_cannot_be_changed(connection: psycopg.Connection, statement: str) -> None:
    with pytest.raises(errors.RestrictViolation, match="only added to"):
        connection.execute(statement.encode())


def test_only_updates_of_today_are_let_go_of(connection: psycopg.Connection) -> None:
    with connection.transaction(force_rollback=True):
        assert let_go_of_updates(connection, NOW) == 4
        kinds = connection.execute("SELECT DISTINCT kind FROM core.forecast").fetchall()
        assert {kind for (kind,) in kinds} == {"day_ahead", "week_ahead"}


def test_the_same_run_again_does_nothing(told_world: World) -> None:
    done = []

    class Counting:
        name = "local"

        def each(self, chunks: object, clock: object) -> Iterator[int]:
            done.extend(chunks)  # type: ignore[call-overload]
            yield from ()

    subjects = list(told_world.subjects.values())
    assert run_issue(told_world.url, issue_at(morning(1)), subjects, clock, Counting())
    assert done == []


def test_one_subjects_failure_harms_no_other_and_is_told_with_its_reason(
    told_world: World, connection: psycopg.Connection
) -> None:
    bad = told_world.subjects["B1"].subject_id

    def fragile(connection, issue, subjects, now) -> Reckoned:
        if any(one.subject_id == bad for one in subjects):
            raise ZeroDivisionError("the meter stands on its head")
        return reckon(connection, issue, subjects, now)

    issue = issue_at(morning(3))
    run = begin_run(connection, "day_ahead", ZONE, issue.issued_at, "local", NOW)
    connection.commit()
    chunk = Chunk(
        url=told_world.url, run_id=run.run_id, issue=issue,
        subjects=tuple(told_world.subjects.values()),
    )  # fmt: skip
    assert do_chunk(chunk, clock, fragile) == 3
    assert failures_of(connection, run.run_id) == [
        (bad, "ZeroDivisionError: the meter stands on its head")
    ]
    # The run ends, and says how many failed; who failed is not tried again within it.
    assert run_issue(told_world.url, issue, chunk.subjects, clock)
    told = connection.execute(
        "SELECT subjects, stored, failed FROM core.forecast_run WHERE run_id = %s", [run.run_id]
    ).fetchone()
    assert told == (4, 3, 1)


_SLOW_RUN = """
import sys, time
from forecast.runs.run import run_issue
from tests.support.forecast_world import clock, issue_at, morning
from loadstone.storage.forecast_subjects import list_subjects
from loadstone.storage.pool import connect
with connect(sys.argv[1]) as connection:
    subjects = list_subjects(connection)
run_issue(sys.argv[1], issue_at(morning(4)), subjects, clock, chunk_size=1,
    stopped=lambda: time.sleep(60))
"""


def test_a_run_that_was_killed_goes_on_with_what_is_missing(
    told_world: World, connection: psycopg.Connection
) -> None:
    count = "SELECT count(*) FROM core.forecast WHERE kind = 'day_ahead' AND issued_at = %s"
    connection.autocommit = True
    running = subprocess.Popen([sys.executable, "-c", _SLOW_RUN, told_world.url])
    deadline_s = time.monotonic() + 60
    while connection.execute(count, [morning(4)]).fetchone() == (0,):
        assert time.monotonic() < deadline_s
        time.sleep(0.1)
    running.send_signal(signal.SIGKILL)
    running.wait()
    run = newest_run(connection, "day_ahead", ZONE)
    assert run is not None
    assert connection.execute(count, [morning(4)]).fetchone() == (1,)
    before = _stamps(connection)
    subjects = list(told_world.subjects.values())
    assert run_issue(told_world.url, issue_at(morning(4)), subjects, clock)
    assert connection.execute(count, [morning(4)]).fetchone() == (4,)
    assert before <= _stamps(connection)  # what was there is as it was


def _stamps(connection: psycopg.Connection) -> set[tuple[object, ...]]:
    query = (
        "SELECT forecast_id, subject_id, issued_at, reckoned_at, mean_kw::text FROM core.forecast"
    )
    return set(connection.execute(query).fetchall())
