"""Premises of which every test has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

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
