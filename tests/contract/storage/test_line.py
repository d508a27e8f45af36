"""What the line stores, on every kind of server: once, the better of two, and the newest."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from loadstone.domain.quality import Quality
from loadstone.storage.rollups import refresh_rollups
from tests.contract.storage.histories import compress
from tests.integration.ingest.premises import DAY, Premises, ms, reading

T = ms(DAY)
QUARTER = 900_000
LATER = T + 100 * QUARTER


def column(premises: Premises, name: str) -> list[object]:
    return [row[name] for row in premises.readings()]


def messages(premises: Premises) -> list:
    """A day of quarters, four readings a message; some are incomplete."""
    rng = np.random.default_rng(4)
    readings = []
    for quarter in range(96):
        fields = {
            "u_an": 230.1,
            "p": round(float(rng.uniform(0, 900)), 3),
            "ep_imp": quarter * 100.25,
        }
        if quarter % 7 == 0:
            fields.pop("p")
        if quarter % 5 == 3:
            fields.pop("ep_imp")
        readings.append(reading(T + quarter * QUARTER, **fields))
    return [premises.telemetry(readings[at : at + 4], received_ms=LATER) for at in range(0, 96, 4)]


def test_what_is_delivered_again_in_whatever_way_changes_nothing(make_premises) -> None:
    premises = make_premises()
    sent = messages(premises)
    premises.feed(sent)
    before = premises.readings()
    assert len(before) == 96
    premises.feed(sent)
    assert premises.readings() == before
    premises.restart()  # a new line knows nothing of what is there
    premises.feed(sent)
    assert premises.readings() == before
    refresh_rollups(premises.connection)
    compress(premises.connection)
    for each in sent:
        premises.feed([each])
    assert premises.readings() == before
    total = premises.total_kwh(DAY, DAY + timedelta(hours=23))
    assert total == pytest.approx(92 * 100.25)


def test_a_message_that_is_half_known_brings_only_the_other_half(make_premises) -> None:
    premises = make_premises()
    premises.feed([premises.telemetry([reading(T + at * 1000, p=1.0 + at) for at in range(20)])])
    premises.restart()  # and so does not know what is there
    premises.feed([premises.telemetry([reading(T + at * 1000, p=9.0) for at in range(10, 40)])])
    assert column(premises, "p_w") == [1000 * (1 + at) for at in range(10)] + [9000] * 30


def test_one_instant_said_in_two_messages_is_one_row(make_premises) -> None:
    premises = make_premises()
    premises.feed([premises.telemetry([reading(T, kind="inst", p=7.0, u_an=230.1)])])
    premises.feed([premises.telemetry([reading(T, ep_imp=12.5)])])
    (row,) = premises.readings()
    assert (row["p_w"], row["u_an_cv"], row["imp_wh"], row["epoch"]) == (7000, 23010, 12_500, 0)


def test_the_better_of_two_values_stays(make_premises) -> None:
    premises = make_premises()
    worse = int(Quality.QUESTIONABLE)
    premises.feed([premises.telemetry([reading(T, kind="inst", p=7.0)])])
    doubtful = reading(T, kind="inst", p=8.0, s=9.0, q=worse)
    premises.feed([premises.telemetry([doubtful])])
    (row,) = premises.readings()
    assert (row["p_w"], row["s_va"], row["quality"]) == (7000, 9000, 0)
    premises.feed([premises.telemetry([reading(T, kind="inst", p=7.5)])])
    assert column(premises, "p_w") == [7500]


def test_the_newest_values_are_the_newest_whatever_comes_when(make_premises) -> None:
    premises = make_premises()
    for minute in (5, 2, 4, 5):
        one = reading(T + minute * 60_000, kind="inst", p=float(minute))
        premises.feed([premises.telemetry([one], received_ms=T + 360_000)])
    premises.feed([premises.telemetry([reading(T + 360_000, ep_imp=3.0)])])
    backfill = reading(T + 420_000, kind="inst", p=9.0, q=int(Quality.BACKFILL))
    premises.feed([premises.telemetry([backfill], received_ms=T + 430_000)])
    latest = premises.latest()
    assert latest is not None
    assert (latest["ts"], latest["p_w"], latest["imp_wh"]) == (
        DAY + timedelta(minutes=6), 5000, 3000,
    )  # fmt: skip
    assert len(premises.readings()) == 5
