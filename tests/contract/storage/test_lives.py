"""Whatever befalls a register and its messages, every kind of server gives the same energy."""

from __future__ import annotations

import pytest

from loadstone.storage.rollups import refresh_rollups
from tests.integration.ledger.brute_force import Laid
from tests.integration.ledger.lives import STARTS, Life

pytestmark = pytest.mark.parametrize("zone", list(STARTS))


def test_intervals_sum_up_to_the_registers_whatever_happened(make_premises, zone) -> None:
    house = make_premises(zone=zone)
    life = Life(house, zone, seed=1)
    life.check(Laid())
    assert refresh_rollups(house.connection) == 0


def test_intervals_sum_up_to_what_flowed_where_every_break_can_be_known(
    make_premises, zone
) -> None:
    life = Life(make_premises(zone=zone), zone, seed=2, breaks=("exchange", "exchange"))
    life.check(Laid())
    life.check_truth()
