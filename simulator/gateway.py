"""A virtual gateway on a real broker: birth, will, live readings, store and forward."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np

from simulator.context import PortfolioContext
from simulator.encoder import Reading, birth_message, state_message, telemetry_message
from simulator.faults.transmission import Duplicates, GatewayOutage, Reordering
from simulator.gateway_readings import GatewayReadings
from simulator.gateway_session import GatewaySession, Why
from simulator.gateway_state import next_boot
from simulator.model import VirtualGateway
from simulator.noise import Floats

_KEPT_INSTANTS = 100_000  # eleven days at 10 s
_READINGS_PER_MESSAGE = 40  # about 12 kB: brokers may refuse more than 20 kB
_LATE_AFTER_INTERVALS = 2.5
_MESSAGES_PER_FLUSH = 8

Now = Callable[[], float]


class VirtualGatewayClient:
    """One gateway with its own MQTT session; `sample` and `flush` belong to one thread.

    `now_s` gives the present in s since the epoch. Readings wait here while the broker is away,
    the server says that it is off, or a fault keeps the gateway offline.
    """

    def __init__(
        self,
        context: PortfolioContext,
        gateway: VirtualGateway,
        *,
        broker_url: str,
        password: str,
        now_s: Now,
        interval_s: int = 10,
        state_folder: Path | None = None,
    ) -> None:
        self.gateway = gateway
        self.interval_s = interval_s
        self._readings = GatewayReadings(context, gateway)
        self._context = context
        self._now_s = now_s
        self._state_folder = state_folder
        self._waiting: deque[float] = deque(maxlen=_KEPT_INSTANTS)
        self._events: deque[tuple[datetime, str]] = deque()
        self._held: bytes | None = None
        self._fields = self._readings.fields()
        self._session = GatewaySession(
            gateway.code, broker_url, password, birth=self._birth, state=self._state
        )
        self.boot = 0
        self.seq = 0

    @property
    def waiting(self) -> int:
        """How many instants wait to be sent."""
        return len(self._waiting)

    @property
    def is_ready(self) -> bool:
        """Whether there is a broker, and a server behind it that has not said it is off."""
        return self._session.is_ready

    def start(self, *, backfill: Sequence[float] = ()) -> None:
        """Boot: count the start, take over instants to send late, and connect."""
        self.boot, self.seq = next_boot(self._state_folder, self.gateway.code), 0
        self._waiting.extend(self._readings.kept(backfill))
        first_s = min(backfill, default=self._now_s())
        declared = self._readings.events()
        self._events.extend(event for event in declared if event[0].timestamp() >= first_s)
        self._session.open()

    def stop(self) -> None:
        """Say goodbye and disconnect."""
        self._session.close("clean")

    def sample(self, ts_s: float) -> None:
        """Read all meters at an instant and send it, or keep it until it can be sent."""
        self._follow_outages(ts_s)
        self._waiting.extend(self._readings.kept([ts_s]))
        self.flush()

    def flush(self) -> None:
        """Send what waits: the present first, then a few messages of the past."""
        if not self.is_ready:
            return
        self._send_events()
        late_before_s = self._now_s() - _LATE_AFTER_INTERVALS * self.interval_s
        fresh: list[float] = []
        while self._waiting and self._waiting[-1] >= late_before_s:
            fresh.append(self._waiting.pop())
        for ts_s in reversed(fresh):
            for part in _parts(self._readings.at([ts_s])):
                self._send_telemetry(part, backfill=False)
        for _ in range(_MESSAGES_PER_FLUSH):
            if self._waiting:
                self._send_late()

    def _send_late(self) -> None:
        per_instant = 2 * len(self.gateway.meters)
        count = min(len(self._waiting), max(1, _READINGS_PER_MESSAGE // per_instant))
        instants = [self._waiting.popleft() for _ in range(count)]
        for part in _parts(self._readings.at(instants)):
            self._send_telemetry(part, backfill=True)

    def _send_telemetry(self, readings: Sequence[Reading], *, backfill: bool) -> None:
        now_s = self._now_s()
        self.seq += 1
        payload = telemetry_message(
            self.gateway.code,
            self.boot,
            self.seq,
            round((now_s + self._readings.clock_offset_s(now_s)) * 1000),
            readings,
            backfill,
            clock=self._readings.clock(now_s),
        )
        self._send_with_faults(payload, now_s)

    def _send_with_faults(self, payload: bytes, now_s: float) -> None:
        flow, code, now = self._context.flow, self.gateway.code, _instant(now_s)
        late = [f for f in flow.faults_of(Reordering, code) if f.is_on(now)[0]]
        if self._held is None and any(self.seq % fault.every == 0 for fault in late):
            self._held = payload
            return
        self._publish("tele", payload)
        if self._held is not None:
            self._publish("tele", self._held)
            self._held = None
        twice = [f for f in flow.faults_of(Duplicates, code) if f.is_on(now)[0]]
        if any(self.seq % fault.every == 0 for fault in twice):
            self._publish("tele", payload)

    def _send_events(self) -> None:
        while self._events and self._events[0][0].timestamp() <= self._now_s():
            at, meter_code = self._events.popleft()
            self.seq += 1
            payload = self._readings.event(at, meter_code, boot=self.boot, seq=self.seq)
            self._publish("event", payload)

    def _follow_outages(self, ts_s: float) -> None:
        outages = self._context.flow.faults_of(GatewayOutage, self.gateway.code)
        cut = any(outage.is_on(_instant(ts_s))[0] for outage in outages)
        if cut and self._session.is_open:
            self._session.close("lwt")  # to the server it looks as if the broker had said it
        elif not cut and not self._session.is_open:
            self._session.open()

    def _publish(self, channel: Literal["tele", "event"], payload: bytes) -> None:
        self._session.publish(channel, payload)

    def _state(self, why: Why) -> bytes:
        ts_ms = round(self._now_s() * 1000)
        return state_message(on=why == "start", boot=self.boot, ts_ms=ts_ms, why=why)

    def _birth(self) -> bytes:
        now_s = self._now_s()
        return birth_message(
            self.gateway,
            self.boot,
            round(now_s * 1000),
            fields=self._fields,
            serials=self._readings.serials(now_s),
            interval_s=self.interval_s,
        )


def _parts(readings: Sequence[Reading]) -> Iterator[Sequence[Reading]]:
    for first in range(0, len(readings), _READINGS_PER_MESSAGE):
        yield readings[first : first + _READINGS_PER_MESSAGE]


def _instant(now_s: float) -> Floats:
    return np.array([now_s])
