"""From plain PostgreSQL to every kind of server that takes COPY: all of it, and the same energy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
import pytest

from loadstone.domain.registry import Customer
from loadstone.storage import registry
from loadstone.storage.identity import put_user
from loadstone.storage.migrate import migrate
from loadstone.storage.move import MoveError, move
from loadstone.storage.retention import Retention, apply_retention
from loadstone.storage.rollups import refresh_rollups
from loadstone.storage.series import energy_of
from tests.contract.storage.histories import (
    History,
    make_history,
    put,
    put_epochs,
    register_meters,
    stored_summary,
    summarise,
)

ZONES = ("Asia/Shanghai", "Europe/Berlin")
START = datetime(2026, 3, 20, tzinfo=UTC)
LEVELS = ("15m", "1h", "day", "month")


@pytest.fixture
def histories(database_url: str) -> list[History]:
    """A plain database with two meters' readings, users and a customer."""
    with psycopg.connect(database_url, options="-c timezone=UTC") as source:
        meters = register_meters(source, ZONES)
        made = [make_history(m, START, START + timedelta(days=15), seed=m) for m in meters]
        for history in made:
            put_epochs(source, history)
            put(source, history.batch(), small=False)
        put_user(
            source, name="ann", display_name="Ann", role="operator", password="correct horse 1"
        )
        source.commit()
        refresh_rollups(source)
    return made


def test_everything_arrives_and_the_source_stays(
    database_url, empty_store, a_whole_server, histories
) -> None:
    told: list[str] = []
    moved = move(database_url, empty_store.url, told.append)
    assert moved.readings == sum(len(history.ts_ms) for history in histories)
    assert moved.meters == 2 and told
    with psycopg.connect(empty_store.url, options="-c timezone=UTC") as target:
        for unit in LEVELS:
            assert stored_summary(target, unit) == summarise(histories, unit, ZONES), unit
        users = target.execute("SELECT name FROM core.app_user").fetchall()
        assert users == [("ann",)]
        # New rows do not meet the ids of those that came.
        registry.put_customer(target, Customer(code="NEW", name_en="N", name_zh="新", kind="x"))


def test_a_target_with_data_is_refused(
    database_url, empty_store, a_whole_server, histories
) -> None:
    migrate(empty_store.url)
    with psycopg.connect(empty_store.url) as target:
        registry.put_customer(target, Customer(code="OLD", name_en="O", name_zh="旧", kind="x"))
    with pytest.raises(MoveError, match="not empty"):
        move(database_url, empty_store.url, lambda _: None)


OLD_START = datetime(2025, 10, 20, tzinfo=UTC)
NOW = datetime(2026, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize("rollups_days", [None, 40])
def test_summaries_whose_readings_are_gone_move_as_they_are(
    database_url, empty_store, a_whole_server, rollups_days
) -> None:
    with psycopg.connect(database_url, options="-c timezone=UTC") as source:
        meters = register_meters(source, ZONES)
        made = [make_history(m, OLD_START, NOW, seed=m, step_s=10_800) for m in meters]
        for history in made:
            put_epochs(source, history)
            put(source, history.batch(), small=False)
        refresh_rollups(source)
        source.commit()
        keep = Retention(readings_days=40, rollups_days=rollups_days, quarantine_days=None)
        gone = apply_retention(source, keep, NOW)
        assert gone.readings
        source.commit()
        put(source, made[0].batch(np.array([3])), small=False)  # late, from before what is kept
        refresh_rollups(source)
        before = {unit: stored_summary(source, unit) for unit in LEVELS}
        energy = _months(source, meters)
    move(database_url, empty_store.url, lambda _: None)
    with psycopg.connect(empty_store.url, options="-c timezone=UTC") as target:
        for unit in LEVELS:
            assert stored_summary(target, unit) == before[unit], unit
        assert _months(target, meters) == pytest.approx(energy, abs=1e-6)
        refresh_rollups(target)
        for unit in LEVELS:
            assert stored_summary(target, unit) == before[unit], unit


def _months(connection: psycopg.Connection, meters: list[int]) -> list[float]:
    rows = energy_of(connection, meters, OLD_START, NOW, "1 month", ZONES[0], "imp")
    return [row.value or 0.0 for row in rows]
