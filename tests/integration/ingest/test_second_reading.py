"""What was refused is read again once the registry was set right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from ingest.second_reading import SecondReadings
from loadstone.cli.second_readings import second_readings
from loadstone.storage.quarantine_decisions import Decided, decide, reopen
from tests.integration.ingest.premises import DAY, PAYLOAD_LIMIT_BYTES, Premises, ms, reading

HOUR_MS = 3_600_000
T0 = ms(DAY)


@pytest.fixture
def again(cleared_database: str) -> Iterator[SecondReadings]:
    job = second_readings(cleared_database, PAYLOAD_LIMIT_BYTES)
    yield job
    job.close()


def wish(premises: Premises, decision: str = "again") -> int:
    ids = [int(str(row["quarantine_id"])) for row in premises.quarantine()]
    decided = Decided(decision=decision, who="ada", at=DAY, note="meter was not registered")  # type: ignore[arg-type]
    return decide(premises.connection, ids, decided)


def states(premises: Premises) -> list[object]:
    return [row["decision"] for row in premises.quarantine()]


def test_readings_of_a_meter_registered_later_are_taken_and_add_up(
    premises: Premises, again: SecondReadings
) -> None:
    sent = [reading(T0 + at * HOUR_MS, meter="MTR-9", ep_imp=100.0 + 7 * at) for at in range(4)]
    premises.feed([premises.telemetry([one]) for one in sent])
    assert states(premises) == [None] * 4
    meter_id = premises.add_meter("MTR-9", max_power_kw=100.0)
    assert wish(premises) == 4
    assert again.work() == 4
    assert states(premises) == ["taken"] * 4
    rows = premises.energy(DAY, DAY + timedelta(hours=3), timedelta(hours=3), meter_id=meter_id)
    assert sum(row.energy_kwh or 0 for row in rows) == pytest.approx(21.0)
    assert again.work() == 0


def test_the_gateways_numbers_and_state_stay_as_they_were(
    premises: Premises, again: SecondReadings
) -> None:
    premises.feed([premises.telemetry([reading(T0, meter="MTR-8", ep_imp=5.0)])])
    premises.feed([premises.telemetry([reading(T0 + HOUR_MS, ep_imp=5.0)])])
    query = "SELECT * FROM core.gateway_sequence", "SELECT * FROM core.gateway_state"
    before = [premises.connection.execute(one).fetchall() for one in query]
    premises.add_meter("MTR-8")
    wish(premises)
    again.work()
    assert [premises.connection.execute(one).fetchall() for one in query] == before
    assert states(premises) == ["taken"]


def test_what_is_still_not_registered_is_refused_again_and_open(
    premises: Premises, again: SecondReadings
) -> None:
    premises.feed([premises.telemetry([reading(T0, meter="MTR-7", ep_imp=5.0)])])
    wish(premises)
    again.work()
    assert states(premises) == ["refused_again"]
    premises.add_meter("MTR-7")
    assert wish(premises) == 1
    again.work()
    assert states(premises) == ["taken"]


def test_a_whole_message_of_an_unknown_gateway_is_read_again(
    make_premises: Callable[..., Premises], again: SecondReadings
) -> None:
    premises = make_premises()
    early = premises.telemetry([reading(T0, ep_imp=5.0)], gateway="GW-LATER")
    premises.feed([early])
    premises.connection.execute("UPDATE core.gateway SET code = 'GW-LATER' WHERE code = 'GW-1'")
    wish(premises)
    again.work()
    assert states(premises) == ["taken"]
    assert len(premises.readings()) == 1
    premises.connection.execute("UPDATE core.gateway SET code = 'GW-1' WHERE code = 'GW-LATER'")


def test_bytes_that_are_no_message_are_refused_again(
    premises: Premises, again: SecondReadings
) -> None:
    premises.feed([premises.delivery(b'{"m": "x", "t": ', T0)])
    wish(premises)
    again.work()
    assert states(premises) == ["refused_again"]


def test_flagged_and_decided_rows_are_not_read_again(premises: Premises) -> None:
    premises.feed([premises.telemetry([reading(T0 + at * 60_000, ep_imp=9e6 - at * 1e6)])
                   for at in range(2)])  # fmt: skip
    assert [row["severity"] for row in premises.quarantine()] == ["flagged"]
    assert wish(premises) == 0
    assert wish(premises, "dismissed") == 1
    assert wish(premises, "accepted") == 0
    ids = [int(str(row["quarantine_id"])) for row in premises.quarantine()]
    assert reopen(premises.connection, ids) == 1
    assert states(premises) == [None]
