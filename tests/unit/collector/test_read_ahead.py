"""The next batch is read while the last is stored: in order, bounded, and its faults not lost."""

from __future__ import annotations

import json
from threading import Event

import pytest

from collector.backlog import Backlog, Delivery
from collector.formats import payload_formats
from collector.read_ahead import BatchSettings, ReadAhead
from collector.reader import Reader

READER = Reader.of(payload_formats(), 1_000_000)
T = 1_760_000_000_000


def settings(most_readings: int) -> BatchSettings:
    return BatchSettings(most_messages=1000, most_readings=most_readings, linger_s=0.0)


def delivery(number: int, readings: int) -> Delivery:
    each = [{"m": "M-1", "t": T + at, "k": "inst", "f": {"p": 1.5}} for at in range(readings)]
    body = {"v": 1, "gw": "GW-1", "boot": 1, "seq": number, "sent": T, "r": each}
    topic = "loadstone/v1/gw/GW-1/up/tele"
    return Delivery(topic, json.dumps(body).encode(), T, number, 1, 1)


def test_batches_come_in_order_and_are_cut_where_they_hold_enough_readings() -> None:
    backlog = Backlog(most_messages=100)
    backlog.put([delivery(number, 3) for number in range(1, 8)])
    with ReadAhead(backlog, READER, settings(most_readings=6)) as ahead:
        batches = [ahead.next() for _ in range(4)]
    assert [[each.mid for each in batch.deliveries] for batch in batches if batch] == [
        [1, 2], [3, 4], [5, 6], [7],
    ]  # fmt: skip
    assert all(batch and len(batch.arrivals) == len(batch.deliveries) for batch in batches)


def test_no_more_is_read_than_one_batch_ready_and_one_in_the_making() -> None:
    read: list[int] = []
    third = Event()

    class Counting:
        def read(self, each: Delivery) -> object:
            read.append(each.mid)
            if len(read) == 3:
                third.set()
            return READER.read(each)

    backlog = Backlog(most_messages=100)
    backlog.put([delivery(number, 1) for number in range(1, 10)])
    with ReadAhead(backlog, Counting(), settings(most_readings=1)) as ahead:  # type: ignore[arg-type]
        assert ahead.next() is not None
        assert third.wait(5)
        assert not ahead._ended.wait(0.2)
    assert len(read) == 3


def test_what_reading_raises_is_raised_where_batches_are_taken() -> None:
    class Broken:
        def read(self, each: Delivery) -> object:
            raise MemoryError(each.topic)

    backlog = Backlog(most_messages=100)
    backlog.put([delivery(1, 1)])
    ahead = ReadAhead(backlog, Broken(), settings(most_readings=1))  # type: ignore[arg-type]
    with ahead, pytest.raises(MemoryError):
        ahead.next()


def test_nothing_to_read_is_no_batch() -> None:
    with ReadAhead(Backlog(most_messages=1), READER, settings(most_readings=1)) as ahead:
        assert ahead.next() is None
