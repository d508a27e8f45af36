"""The one loop that must outlive any message: take, read, store, acknowledge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

import structlog

from collector.backlog import Backlog
from collector.mqtt import Subscriber
from collector.read_ahead import BatchSettings, ReadAhead
from collector.reader import Reader
from loadstone.domain.messages import Arrival, SinkUnavailableError
from loadstone.domain.refusal import Refusal

_log = structlog.get_logger(__name__)

Sink = Callable[[Sequence[Arrival]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """How batches are cut: most messages at a time, and how long to wait for more."""

    most_messages: int = 4000
    most_readings: int = 30_000
    linger_s: float = 0.02
    first_retry_s: float = 0.2
    longest_retry_s: float = 5.0

    @property
    def batches(self) -> BatchSettings:
        """The part that says how batches are cut."""
        return BatchSettings(
            most_messages=self.most_messages,
            most_readings=self.most_readings,
            linger_s=self.linger_s,
        )


class Line:
    """Moves messages from the broker to the sink; acknowledges only what the sink has stored."""

    def __init__(
        self,
        subscriber: Subscriber,
        backlog: Backlog,
        reader: Reader,
        sink: Sink,
        settings: LineSettings,
    ) -> None:
        self._subscriber = subscriber
        self._backlog = backlog
        self._reader = reader
        self._sink = sink
        self._settings = settings

    def run(self, stop: Event) -> None:
        """Work until told to stop; what is not stored by then is not acknowledged."""
        with ReadAhead(self._backlog, self._reader, self._settings.batches) as ahead:
            while not stop.is_set():
                batch = ahead.next()
                if batch is None:
                    continue
                if not self._store(batch.arrivals, stop):
                    return
                self._subscriber.acknowledge(batch.deliveries)

    def _store(self, arrivals: Sequence[Arrival], stop: Event) -> bool:
        """Store a batch, however long the store is away; False when told to stop meanwhile."""
        delay_s = self._settings.first_retry_s
        away = False
        while True:
            try:
                self._store_or_isolate(arrivals)
            except SinkUnavailableError as error:
                if not away:
                    _log.warning("store_unavailable", error=str(error), messages=len(arrivals))
                    self._subscriber.announce(serving=False, why="store unavailable")
                    away = True
                if stop.wait(delay_s):
                    return False
                delay_s = min(delay_s * 2, self._settings.longest_retry_s)
            else:
                if away:
                    _log.info("store_available", messages=len(arrivals))
                    self._subscriber.announce(serving=True, why="store available")
                return True

    def _store_or_isolate(self, arrivals: Sequence[Arrival]) -> None:
        """Store a batch; if something in it breaks the sink, find it and set it aside."""
        try:
            self._sink(arrivals)
        except SinkUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - no message may stop the line
            if len(arrivals) > 1:
                middle = len(arrivals) // 2
                self._store_or_isolate(arrivals[:middle])
                self._store_or_isolate(arrivals[middle:])
                return
            _log.exception("message_set_aside", topic=arrivals[0].topic)
            self._set_aside(arrivals[0], error)

    def _set_aside(self, arrival: Arrival, error: Exception) -> None:
        """Quarantine a message that cannot be stored; if even that fails, the store is at fault."""
        try:
            self._sink([_as_refused(arrival, error)])
        except SinkUnavailableError:
            raise
        except Exception as worse:
            raise SinkUnavailableError(f"cannot even quarantine: {worse}") from worse


def _as_refused(arrival: Arrival, error: Exception) -> Arrival:
    refusal = Refusal(
        code="ingest_failed",
        field="payload",
        value=type(error).__name__,
        rule=f"could not be stored: {error}"[:500],
    )
    return Arrival(
        topic=arrival.topic,
        payload=arrival.payload,
        received_ms=arrival.received_ms,
        refusal=refusal,
    )
