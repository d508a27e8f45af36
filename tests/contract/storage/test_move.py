"""From plain PostgreSQL to every kind of server that takes COPY: all of it, and the same energy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from loadstone.domain.registry import Customer
from loadstone.storage import registry
from loadstone.storage.identity import put_user
from loadstone.storage.migrate import migrate
from loadstone.storage.move import MoveError, move
from loadstone.storage.rollups import refresh_rollups
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
