"""Kill -9 at any moment loses nothing and doubles nothing."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from threading import Thread
from time import sleep

import psycopg
import pytest

from loadstone.clock import utc_now
from loadstone.embedded import EmbeddedPostgres
from loadstone.storage.rollups import refresh_rollups
from tests.integration.collector.conftest import (
    GATEWAY,
    Collector,
    Gateway,
    count_readings,
    wait_until,
)
from tests.integration.ingest.premises import METER, ms

TELE = f"loadstone/v1/gw/{GATEWAY}/up/tele"
MESSAGES = 1200
STEP_WH = 417


def begin() -> datetime:
    """A whole hour, so long ago that every reading lies in the past."""
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    return now - timedelta(hours=MESSAGES / 60 + 1)


def message(start: datetime, number: int) -> tuple[str, bytes]:
    """A reading a minute; the register grows by 417 Wh in each."""
    body = {
        "v": 1, "gw": GATEWAY, "boot": 1, "seq": number, "sent": ms(utc_now()),
        "r": [{
            "m": METER, "t": ms(start) + number * 60_000, "k": "reg",
            "f": {"ep_imp": 5_000 + number * STEP_WH / 1000, "p": 25.02},
        }],
    }  # fmt: skip
    return TELE, json.dumps(body).encode()


def check_nothing_lost_or_double(url: str, start: datetime, messages: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        refresh_rollups(connection)
        stored = connection.execute(
            "SELECT count(*), count(DISTINCT ts), sum(imp_wh), min(epoch), max(epoch)"
            " FROM core.reading"
        ).fetchone()
        truth = sum(5_000_000 + number * STEP_WH for number in range(messages))
        assert stored == (messages, messages, truth, 0, 0)
        sequence = connection.execute(
            "SELECT first_seq, last_seq, received, isempty(gaps) FROM core.gateway_sequence"
        ).fetchall()
        assert sequence == [(0, messages - 1, messages, True)]
        end = start + timedelta(minutes=messages - 1)
        energy = connection.execute(
            "SELECT sum(energy_kwh) FROM read.energy("
            "(SELECT array_agg(meter_id) FROM core.meter), %s, %s, '1 hour', 'UTC')",
            [start, end],
        ).fetchone()
        assert energy is not None
        assert energy[0] == pytest.approx((messages - 1) * STEP_WH / 1000, abs=1e-6)
        assert (
            connection.execute(
                "SELECT code, field FROM core.quarantine WHERE gateway_code = %s", [GATEWAY]
            ).fetchall()
            == []
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_random_kills_of_collector_and_database_lose_and_double_nothing(
    collector: Collector, gateway: Gateway, postgres: EmbeddedPostgres, seed: int
) -> None:
    moments = random.Random(seed)
    start = begin()

    def publish() -> None:
        for first in range(0, MESSAGES, 10):
            gateway.publish_and_wait([message(start, n) for n in range(first, first + 10)])
            sleep(0.08)

    publisher = Thread(target=publish)
    publisher.start()
    for victim in moments.sample(["collector"] * 4 + ["database"] * 3, 7):
        sleep(moments.uniform(0.05, 1.6))
        if victim == "database":
            postgres.kill()
            sleep(moments.uniform(0.0, 0.5))
            postgres.start()
        else:
            collector.kill()
            sleep(moments.uniform(0.0, 0.3))
            collector.start()
    publisher.join()
    wait_until(lambda: count_readings(postgres.dsn) >= MESSAGES, "all readings stored")
    check_nothing_lost_or_double(postgres.dsn, start, MESSAGES)


def test_what_a_killed_collector_had_not_committed_comes_again(
    collector: Collector, gateway: Gateway, postgres: EmbeddedPostgres
) -> None:
    start = begin()
    postgres.kill()
    gateway.publish_and_wait([message(start, n) for n in range(300)])
    wait_until(lambda: collector.has_logged("store_unavailable"), "a failed attempt")
    collector.kill()
    postgres.start()
    assert count_readings(postgres.dsn) == 0
    collector.start()
    wait_until(lambda: count_readings(postgres.dsn) >= 300, "redelivery")
    check_nothing_lost_or_double(postgres.dsn, start, 300)


def test_a_database_that_is_away_holds_the_line_back_and_gateways_are_told(
    collector: Collector, gateway: Gateway, postgres: EmbeddedPostgres
) -> None:
    start = begin()
    gateway.listen("loadstone/v1/srv/state")
    wait_until(lambda: bool(gateway.heard) and gateway.heard[-1]["on"] is True, "state on")
    gateway.publish_and_wait([message(start, n) for n in range(10)])
    wait_until(lambda: count_readings(postgres.dsn) == 10, "the first readings")
    before = collector.rss_bytes
    postgres.stop()
    gateway.publish_and_wait([message(start, n) for n in range(10, 400)])
    padding = b" " * 20_000
    padded = [message(start, n) for n in range(400, MESSAGES)]
    gateway.publish_and_wait([(topic, payload + padding) for topic, payload in padded])
    wait_until(lambda: gateway.heard[-1]["on"] is False, "state off")
    assert gateway.heard[-1]["why"] == "store unavailable"
    assert collector.rss_bytes - before < 80_000_000
    postgres.start()
    wait_until(lambda: count_readings(postgres.dsn) >= MESSAGES, "all readings stored")
    wait_until(lambda: gateway.heard[-1]["on"] is True, "state on again")
    check_nothing_lost_or_double(postgres.dsn, start, MESSAGES)


def test_a_message_that_cannot_be_stored_is_set_aside_and_the_stream_goes_on(
    collector: Collector, gateway: Gateway, postgres: EmbeddedPostgres
) -> None:
    start = begin()
    birth = {"v": 1, "gw": GATEWAY, "boot": 1, "model": "a\0b", "meters": []}
    poison = (f"loadstone/v1/gw/{GATEWAY}/up/birth", json.dumps(birth).encode())
    messages = [message(start, n) for n in range(50)]
    gateway.publish_and_wait([*messages[:25], poison, *messages[25:]])
    wait_until(lambda: count_readings(postgres.dsn) == 50, "the readings around it")
    with psycopg.connect(postgres.dsn) as connection:
        kept = connection.execute("SELECT code, field, payload FROM core.quarantine").fetchall()
    assert ("ingest_failed", "payload", poison[1]) in kept


def test_a_collector_that_is_told_to_stop_says_so_and_loses_nothing(
    collector: Collector, gateway: Gateway, postgres: EmbeddedPostgres
) -> None:
    start = begin()
    gateway.listen("loadstone/v1/srv/state")
    gateway.publish_and_wait([message(start, n) for n in range(200)])
    assert collector.stop() == 0
    wait_until(lambda: bool(gateway.heard) and gateway.heard[-1]["on"] is False, "state off")
    assert gateway.heard[-1]["why"] == "stopped"
    gateway.publish_and_wait([message(start, n) for n in range(200, 300)])
    collector.start()
    wait_until(lambda: count_readings(postgres.dsn) >= 300, "what came meanwhile")
    check_nothing_lost_or_double(postgres.dsn, start, 300)
