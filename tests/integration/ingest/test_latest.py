"""The newest values: never older than they were, never newer than they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.integration.ingest.premises import DAY, Premises, ms, reading

T = ms(DAY)
MINUTE = 60_000


def shown(premises: Premises) -> tuple[object, object, object]:
    """When (minutes after midnight), and power and register in W and Wh."""
    latest = premises.latest()
    assert latest is not None
    at = latest["ts"]
    assert isinstance(at, datetime)
    return (ms(at) - T) / MINUTE, latest["p_w"], latest["imp_wh"]


def test_the_newest_reading_is_shown(premises: Premises) -> None:
    premises.feed(
        [premises.telemetry([reading(T + m * MINUTE, p=float(m), ep_imp=1.0)]) for m in (1, 2, 3)]
    )
    assert shown(premises) == (3, 3000, 1000)


def test_what_comes_late_does_not_move_it_back(premises: Premises) -> None:
    for minute in (5, 2, 4):
        one = reading(T + minute * MINUTE, kind="inst", p=float(minute))
        premises.feed([premises.telemetry([one], received_ms=T + 6 * MINUTE)])
    assert shown(premises) == (5, 5000, None)


@pytest.mark.parametrize("how", ["message", "reading"])
def test_backfill_never_becomes_the_newest(premises: Premises, how: str) -> None:
    premises.feed([premises.telemetry([reading(T, kind="inst", p=1.0)])])
    later = reading(T + MINUTE, kind="inst", p=2.0, q=512 if how == "reading" else 0)
    premises.feed([premises.telemetry([later], bf=how == "message")])
    assert shown(premises) == (0, 1000, None)
    assert len(premises.readings()) == 2


@pytest.mark.parametrize("together", [True, False])
def test_a_register_that_comes_between_does_not_hide_the_power(
    premises: Premises, together: bool
) -> None:
    messages = [
        premises.telemetry([reading(T, kind="inst", p=7.0)]),
        premises.telemetry([reading(T + MINUTE, ep_imp=3.0)]),
    ]
    if together:
        premises.feed(messages)
    else:
        for each in messages:
            premises.feed([each])
    assert shown(premises) == (1, 7000, 3000)


@pytest.mark.parametrize("together", [True, False])
def test_a_register_that_is_not_trusted_is_not_shown(premises: Premises, together: bool) -> None:
    values = [900.0, 900.5, 0.0]
    messages = [
        premises.telemetry([reading(T + m * MINUTE, p=float(m), ep_imp=value)])
        for m, value in enumerate(values)
    ]
    if together:
        premises.feed(messages)
    else:
        for each in messages:
            premises.feed([each])
    assert shown(premises) == (2, 2000, 900_500)


def test_a_clock_that_is_not_synced_is_shown_with_the_time_of_receipt(premises: Premises) -> None:
    one = reading(T, kind="inst", p=1.0)
    premises.feed([premises.telemetry([one], received_ms=T + 9 * MINUTE, clk={"sync": False})])
    assert shown(premises) == (9, 1000, None)
    (row,) = premises.readings()
    assert row["ts"] == DAY
    assert int(str(row["quality"])) & 8


def test_what_was_held_up_on_its_way_stays_old(premises: Premises) -> None:
    one = reading(T, kind="inst", p=1.0)
    premises.feed([premises.telemetry([one], received_ms=T + 60 * MINUTE, sent=T)])
    assert shown(premises) == (0, 1000, None)


def test_a_meter_known_from_intervals_has_energy_without_registers(
    make_premises: Callable[..., Premises],
) -> None:
    premises = make_premises(energy_source="interval", zone="Asia/Kolkata")
    quarter = 15 * MINUTE
    premises.feed(
        [
            premises.telemetry(
                [reading(T + n * quarter, kind="int", dt=900, ep_imp=1.5 + n) for n in range(4)],
                received_ms=T + 5 * quarter,
            )
        ]
    )
    hour = DAY.replace(hour=1)
    assert premises.total_kwh(DAY, hour) == pytest.approx(12.0)
    rows = premises.energy(DAY, hour, (hour - DAY) / 4)
    assert [row.energy_kwh for row in rows] == [1.5, 2.5, 3.5, 4.5]
    hourly = [reading(T, kind="int", dt=3600, ep_imp=12.0)]
    premises.feed([premises.telemetry(hourly, received_ms=T + 5 * quarter)])
    assert premises.total_kwh(DAY, hour) == pytest.approx(12.0)  # the same energy said twice


@pytest.mark.parametrize("count", [0, 1])
def test_energy_of_none_or_one_reading_is_missing(premises: Premises, count: int) -> None:
    premises.feed([premises.telemetry([reading(T, ep_imp=1.0)]) for _ in range(count)])
    (row,) = premises.energy(DAY, datetime(2026, 3, 3, tzinfo=UTC), DAY - DAY.replace(day=1))
    assert (row.energy_kwh, row.quality, row.measured_ratio) == (None, "missing", 0.0)
