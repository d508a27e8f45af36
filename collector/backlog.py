"""What has come off the line and is not stored yet: bounded in messages and in bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Condition
from time import monotonic
from typing import NamedTuple


class Delivery(NamedTuple):
    """One message as the broker delivered it; `generation` counts the connections."""

    topic: str
    payload: bytes
    received_ms: int
    mid: int
    qos: int
    generation: int


class Backlog:
    """A queue that makes the line wait when it is full, instead of growing."""

    def __init__(self, *, most_messages: int, most_bytes: int = 256 * 1024 * 1024) -> None:
        self._most_messages = most_messages
        self._most_bytes = most_bytes
        self._bytes = 0
        self._waiting: deque[Delivery] = deque()
        self._changed = Condition()
        self._closed = False
        self._awaited = 1

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Add messages; waits while the queue is full, drops them once closed (they are not acked).

        A full queue takes nothing, one that is not full takes all of them.
        """
        with self._changed:
            while not self._closed and self._full():
                self._changed.wait()
            if not self._closed:
                self._waiting.extend(deliveries)
                self._bytes += sum(len(delivery.payload) for delivery in deliveries)
                if len(self._waiting) >= self._awaited:
                    self._changed.notify_all()

    def take(self, *, most: int, linger_s: float, patience_s: float) -> list[Delivery]:
        """Up to `most` messages: waits `patience_s` for the first, `linger_s` for more after it."""
        with self._changed:
            self._await(1, patience_s)
            if self._waiting:
                self._await(most, linger_s)
            taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            self._bytes -= sum(len(delivery.payload) for delivery in taken)
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Let nobody wait any longer; what is in the queue can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _await(self, count: int, patience_s: float) -> None:
        """Wait until so many messages are here; being woken by every one would cost more."""
        enough_s = monotonic() + patience_s
        self._awaited = count
        while len(self._waiting) < count and not self._closed:
            left_s = enough_s - monotonic()
            if left_s <= 0:
                return
            self._changed.wait(left_s)

    def _full(self) -> bool:
        return len(self._waiting) >= self._most_messages or self._bytes >= self._most_bytes
