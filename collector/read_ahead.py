"""The next batch is taken and read while the one before it is being stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread
from types import TracebackType

from collector.backlog import Backlog, Delivery
from collector.reader import Reader
from loadstone.domain.messages import Arrival, Telemetry

_PATIENCE_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSettings:
    """How batches are cut: most messages and readings at a time, how long to wait for more."""

    most_messages: int
    most_readings: int
    linger_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Messages in the order in which they came, and what they say."""

    deliveries: Sequence[Delivery]
    arrivals: Sequence[Arrival]


class ReadAhead:
    """Gives batches in order; one is ready and one in the making at most, so little is held.

    Reading costs processor time and storing mostly waits for the server, so both at once take the
    time of one. To be used as a context: a thread of its own works inside it.
    """

    def __init__(self, backlog: Backlog, reader: Reader, settings: BatchSettings) -> None:
        self._backlog = backlog
        self._reader = reader
        self._settings = settings
        self._ready: Queue[Batch | BaseException] = Queue(maxsize=1)
        self._ended = Event()
        self._thread = Thread(target=self._work, name="read-ahead", daemon=True)

    def __enter__(self) -> ReadAhead:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def next(self) -> Batch | None:
        """The next batch, or None when there was none for a while; raises what reading raised."""
        try:
            batch = self._ready.get(timeout=_PATIENCE_S)
        except Empty:
            return None
        if isinstance(batch, BaseException):
            raise batch
        return batch

    def _work(self) -> None:
        try:
            while not self._ended.is_set():
                for batch in self._batches():
                    if not self._hand_over(batch):
                        return
        except BaseException as error:  # noqa: BLE001 - it is raised again where batches are taken
            self._hand_over(error)

    def _hand_over(self, batch: Batch | BaseException) -> bool:
        while not self._ended.is_set():
            try:
                self._ready.put(batch, timeout=_PATIENCE_S)
            except Full:
                continue
            return True
        return False

    def _batches(self) -> Iterator[Batch]:
        """What waits now, cut where a batch has enough readings; read only when wanted."""
        deliveries = self._backlog.take(
            most=self._settings.most_messages,
            linger_s=self._settings.linger_s,
            patience_s=_PATIENCE_S,
        )
        start, readings = 0, 0
        arrivals: list[Arrival] = []
        for at, delivery in enumerate(deliveries):
            arrival = self._reader.read(delivery)
            arrivals.append(arrival)
            if isinstance(arrival.message, Telemetry):
                readings += len(arrival.message.readings)
            if readings >= self._settings.most_readings:
                yield Batch(deliveries=deliveries[start : at + 1], arrivals=arrivals)
                start, readings, arrivals = at + 1, 0, []
        if arrivals:
            yield Batch(deliveries=deliveries[start:], arrivals=arrivals)
