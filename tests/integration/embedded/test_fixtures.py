"""The fixtures that every other test with a server stands on."""

from __future__ import annotations

import psycopg
import pytest

from loadstone.embedded import Broker


def test_a_test_gets_an_empty_database_of_its_own(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        row = connection.execute(
            "SELECT current_database(), current_setting('timezone'),"
            " (SELECT count(*) FROM pg_stat_user_tables)"
        ).fetchone()
    assert row is not None
    assert row[0].startswith("test_")
    assert row[1:] == ("UTC", 0)


def test_a_test_gets_a_migrated_database_of_its_own(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM core.migration").fetchone()
    assert row is not None
    assert row[0] > 0


def test_tests_with_a_database_are_marked(
    database_url: str, request: pytest.FixtureRequest
) -> None:
    assert request.node.get_closest_marker("database") is not None


def test_tests_with_a_broker_are_marked(broker: Broker, request: pytest.FixtureRequest) -> None:
    assert broker.url == f"mqtt://127.0.0.1:{broker.port}"
    assert request.node.get_closest_marker("broker") is not None
    assert request.node.get_closest_marker("database") is None
