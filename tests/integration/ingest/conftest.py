"""Premises of which every test has its own, in a database that is cleared for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.integration.ingest.premises import Premises

# What the line fills; the registry stays, since registering again changes it.
_CLEAR = """
TRUNCATE core.reading, core.interval_reading, core.extra_reading, core.meter_latest,
    core.register_epoch, core.register_exchange, core.register_number, core.quarantine,
    core.gateway_event, core.gateway_sequence, core.gateway_state, core.dirty_bucket,
    core.rollup_15m, core.rollup_1h, core.rollup_day, core.rollup_month
"""


@pytest.fixture(scope="session")
def ingest_database(make_database: Callable[[], str]) -> str:
    """Return a database that all tests of this folder use, one after the other."""
    return make_database()


@pytest.fixture
def cleared_database(ingest_database: str) -> str:
    """Return that database with nothing measured in it."""
    with psycopg.connect(ingest_database, autocommit=True) as connection:
        connection.execute(_CLEAR)
    return ingest_database


@pytest.fixture
def make_premises(cleared_database: str) -> Iterator[Callable[..., Premises]]:
    made: list[Premises] = []

    def make(**what: object) -> Premises:
        made.append(Premises(cleared_database, **what))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for premises in made:
        premises.close()


@pytest.fixture
def premises(make_premises: Callable[..., Premises]) -> Premises:
    return make_premises()
