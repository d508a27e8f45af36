"""What has come off the line and is not stored yet: bounded in messages and in bytes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Condition
from time import monotonic


@dataclass(frozen=True, slots=True)
class Delivery:
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

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, delivery: Delivery) -> None:
        """Add a message; waits while the queue is full, drops it once closed (it is not acked)."""
        with self._changed:
            while not self._closed and self._full():
                self._changed.wait()
            if not self._closed:
                self._waiting.append(delivery)
                self._bytes += len(delivery.payload)
                self._changed.notify_all()

    def take(self, *, most: int, linger_s: float, patience_s: float) -> list[Delivery]:
        """Up to `most` messages: waits `patience_s` for the first, `linger_s` for more after it."""
        with self._changed:
            if not self._waiting:
                self._changed.wait_for(lambda: bool(self._waiting) or self._closed, patience_s)
            if self._waiting and len(self._waiting) < most and not self._closed:
                enough = monotonic() + linger_s
                self._changed.wait_for(
                    lambda: len(self._waiting) >= most or self._closed, enough - monotonic()
                )
            taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            self._bytes -= sum(len(delivery.payload) for delivery in taken)
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Let nobody wait any longer; what is in the queue can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _full(self) -> bool:
        return len(self._waiting) >= self._most_messages or self._bytes >= self._most_bytes
