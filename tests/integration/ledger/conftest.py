"""Premises with a meter, and a person who corrects its registers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ledger.correct import correct
from loadstone.domain.corrections import Correction
from loadstone.storage.ledger import Author, LedgerRow, list_events
from loadstone.storage.rollups import refresh_rollups
from tests.integration.ingest.premises import Premises


@pytest.fixture
def make_premises(database_url: str) -> Iterator[Callable[..., Premises]]:
    made: list[Premises] = []

    def make(**what: object) -> Premises:
        made.append(Premises(database_url, **what))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for premises in made:
        premises.close()


@pytest.fixture
def premises(make_premises: Callable[..., Premises]) -> Premises:
    return make_premises()


@pytest.fixture
def amend(premises: Premises) -> Callable[..., LedgerRow]:
    def amend(correction: Correction, key: str | None = None) -> LedgerRow:
        refresh_rollups(premises.connection)
        author = Author(name="wang", note="work order 4711", request_key=key)
        with premises.connection.transaction():
            return correct(premises.connection, premises.meter_id, correction, author)

    return amend


@pytest.fixture
def events(premises: Premises) -> Callable[[], list[LedgerRow]]:
    """All decisions, the oldest first."""

    def read() -> list[LedgerRow]:
        rows = list_events(premises.connection, premises.meter_id, before=None, most=1000)
        return rows[::-1]

    return read
