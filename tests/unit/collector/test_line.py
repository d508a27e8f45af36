"""The loop that outlives any message, with a broker and a store that are made up."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import cast

import pytest

from collector.backlog import Backlog, Delivery
from collector.formats import payload_formats
from collector.line import Line, LineSettings
from collector.mqtt import Subscriber
from collector.reader import Reader
from loadstone.domain.messages import Arrival, SinkUnavailableError

SETTINGS = LineSettings(linger_s=0.0, first_retry_s=0.001, longest_retry_s=0.002)


class FakeSubscriber:
    """Remembers what was acknowledged and announced."""

    def __init__(self) -> None:
        self.acknowledged: list[int] = []
        self.announced: list[bool] = []

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        self.acknowledged += [each.mid for each in deliveries]

    def announce(self, *, serving: bool, why: str) -> None:
        assert why
        self.announced.append(serving)


class FakeStore:
    """Stores messages; ends the run once it has seen `enough` of them stored."""

    def __init__(self, stop: Event, enough: int) -> None:
        self.stored: list[Arrival] = []
        self.failures: list[Exception] = []
        self.poison: bytes | None = None
        self._stop, self._enough = stop, enough

    def __call__(self, arrivals: Sequence[Arrival]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        if any(each.payload == self.poison and _code(each) != "ingest_failed" for each in arrivals):
            raise RuntimeError("indigestible")
        self.stored += arrivals
        if len(self.stored) >= self._enough:
            self._stop.set()


def _code(arrival: Arrival) -> str | None:
    return arrival.refusal.code if arrival.refusal else None


def run(store: FakeStore, stop: Event, payloads: Sequence[bytes]) -> FakeSubscriber:
    subscriber = FakeSubscriber()
    backlog = Backlog(most_messages=100)
    topic = "loadstone/v1/gw/GW-1/up/tele"
    backlog.put([Delivery(topic, each, 0, mid, 1, 1) for mid, each in enumerate(payloads, 1)])
    reader = Reader.of(payload_formats(), 1000)
    Line(cast("Subscriber", subscriber), backlog, reader, store, SETTINGS).run(stop)
    return subscriber


def test_what_is_stored_is_acknowledged_in_order() -> None:
    stop = Event()
    store = FakeStore(stop, 3)
    assert run(store, stop, [b"a", b"b", b"c"]).acknowledged == [1, 2, 3]


def test_a_store_that_is_away_is_tried_again_and_gateways_are_told() -> None:
    stop = Event()
    store = FakeStore(stop, 2)
    store.failures = [SinkUnavailableError("away"), SinkUnavailableError("away")]
    subscriber = run(store, stop, [b"a", b"b"])
    assert subscriber.acknowledged == [1, 2]
    assert subscriber.announced == [False, True]


def test_a_message_that_breaks_the_store_is_set_aside_and_the_others_stored() -> None:
    stop = Event()
    store = FakeStore(stop, 5)
    store.poison = b"c"
    subscriber = run(store, stop, [b"a", b"b", b"c", b"d", b"e"])
    assert subscriber.acknowledged == [1, 2, 3, 4, 5]
    codes = {each.payload: each.refusal.code for each in store.stored if each.refusal}
    assert codes[b"c"] == "ingest_failed"
    assert set(codes) == {b"a", b"b", b"c", b"d", b"e"}


def test_a_store_that_refuses_even_the_quarantine_counts_as_away() -> None:
    stop = Event()
    store = FakeStore(stop, 1)
    store.failures = [RuntimeError("no table"), RuntimeError("no table")]
    subscriber = run(store, stop, [b"a"])
    assert subscriber.announced == [False, True]
    assert subscriber.acknowledged == [1]


def test_a_stop_while_the_store_is_away_acknowledges_nothing() -> None:
    stop = Event()

    def away(arrivals: Sequence[Arrival]) -> None:
        stop.set()
        raise SinkUnavailableError(f"{len(arrivals)} not stored")

    store = cast("FakeStore", away)
    assert run(store, stop, [b"a", b"b"]).acknowledged == []


@pytest.mark.parametrize("most", [1, 2])
def test_batches_are_cut_by_readings_and_nothing_is_left_out(most: int) -> None:
    reading = b'{"m":"M","t":1763712000000,"k":"inst","f":{"p":1}}'
    head = b'{"v":1,"gw":"GW-1","boot":1,"seq":1,"sent":1763712000000,"r":['
    payloads = [head + reading + b"]}"] * 5
    sizes: list[int] = []
    stop = Event()
    store = FakeStore(stop, 5)

    def counted(arrivals: Sequence[Arrival]) -> None:
        sizes.append(len(arrivals))
        store(arrivals)

    backlog = Backlog(most_messages=100)
    topic = "loadstone/v1/gw/GW-1/up/tele"
    backlog.put([Delivery(topic, each, 0, mid, 1, 1) for mid, each in enumerate(payloads, 1)])
    subscriber = FakeSubscriber()
    settings = LineSettings(linger_s=0.0, most_readings=most)
    reader = Reader.of(payload_formats(), 1000)
    Line(cast("Subscriber", subscriber), backlog, reader, counted, settings).run(stop)
    assert sizes == {1: [1, 1, 1, 1, 1], 2: [2, 2, 1]}[most]
    assert subscriber.acknowledged == [1, 2, 3, 4, 5]
