"""The queue between the line and the store."""

from __future__ import annotations

from threading import Thread

from collector.backlog import Backlog, Delivery


def delivery(mid: int, payload: bytes = b"x") -> Delivery:
    return Delivery(topic="t", payload=payload, received_ms=0, mid=mid, qos=1, generation=1)


def mids(deliveries: list[Delivery]) -> list[int]:
    return [each.mid for each in deliveries]


def test_messages_come_out_in_the_order_in_which_they_came() -> None:
    backlog = Backlog(most_messages=10)
    backlog.put([delivery(1), delivery(2)])
    backlog.put([delivery(3)])
    assert mids(backlog.take(most=2, linger_s=0, patience_s=0)) == [1, 2]
    assert mids(backlog.take(most=2, linger_s=0, patience_s=0)) == [3]


def test_a_batch_that_is_full_does_not_wait_any_longer() -> None:
    backlog = Backlog(most_messages=10)
    taker: list[list[Delivery]] = []
    thread = Thread(target=lambda: taker.append(backlog.take(most=3, linger_s=600, patience_s=600)))
    thread.start()
    backlog.put([delivery(1)])
    backlog.put([delivery(2), delivery(3)])
    thread.join()
    assert mids(taker[0]) == [1, 2, 3]


def test_a_full_queue_makes_the_line_wait_until_something_is_taken() -> None:
    backlog = Backlog(most_messages=2)
    backlog.put([delivery(1), delivery(2)])
    line = Thread(target=lambda: backlog.put([delivery(3)]))
    line.start()
    assert mids(backlog.take(most=2, linger_s=0, patience_s=0)) == [1, 2]
    line.join()
    assert mids(backlog.take(most=2, linger_s=0, patience_s=0)) == [3]


def test_a_queue_is_full_by_bytes_too() -> None:
    backlog = Backlog(most_messages=100, most_bytes=5)
    backlog.put([delivery(1, b"12345")])
    line = Thread(target=lambda: backlog.put([delivery(2)]))
    line.start()
    assert mids(backlog.take(most=9, linger_s=0, patience_s=0))[:1] == [1]
    line.join()


def test_closing_lets_everybody_go_and_drops_what_comes_later() -> None:
    backlog = Backlog(most_messages=1)
    backlog.put([delivery(1)])
    line = Thread(target=lambda: backlog.put([delivery(2)]))
    line.start()
    backlog.close()
    line.join()
    assert mids(backlog.take(most=9, linger_s=600, patience_s=600)) == [1]
    assert backlog.take(most=9, linger_s=600, patience_s=600) == []
