"""The load generator: one process, one MQTT connection per gateway, QoS 1, packets made beforehand.

It writes packets to the socket itself: a client library would cost as much as what is measured.
`python -m benchmarks.straight_line.publisher` reads its order as one line of JSON, says `ready`,
waits for a line, publishes until everything is acknowledged, and tells when, as one line of JSON.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from benchmarks.straight_line.messages import messages
from benchmarks.straight_line.world import METERS_PER_GATEWAY, World

_IN_FLIGHT = 200  # messages a gateway sends ahead of the broker's acknowledgements
_PUBACK_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to publish; `per_second` messages of all gateways together, None: as fast as it goes."""

    port: int
    passwords: list[str]
    meters: int
    first_instant: int
    instants: int
    rows_each: int
    start_ms: int
    sent_ms: int
    boot: int
    first_seq: int
    per_second: float | None = None

    def to_json(self) -> str:
        """The order as one line."""
        return json.dumps(asdict(self))


class _Gateway:
    """One connection, and what it still has to say."""

    def __init__(self, port: int, name: str, password: str, packets: list[bytes]) -> None:
        self.packets = packets
        self.sent_s: list[float] = []
        self._acknowledged_bytes = 0
        self._unsent = b""
        self._queued = 0
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(_connect_packet(name, password))
        if self.socket.recv(4)[3:] != b"\x00":
            raise SystemExit(f"the broker refused {name}")

    @property
    def is_done(self) -> bool:
        return self._acknowledged_bytes >= _PUBACK_BYTES * len(self.packets)

    def send_some(self) -> None:
        """Send what the window allows and the socket takes."""
        if not self._unsent:
            allowed = self._acknowledged_bytes // _PUBACK_BYTES + _IN_FLIGHT
            part = self.packets[self._queued : allowed]
            self._queued += len(part)
            self._unsent = b"".join(part)
        if self._unsent:
            self._unsent = self._unsent[self.socket.send(self._unsent) :]

    def send_next(self) -> None:
        """Send one message and note when."""
        packet = self.packets[len(self.sent_s)]
        self.sent_s.append(time.monotonic())
        self.socket.sendall(packet)

    def receive(self) -> None:
        self._acknowledged_bytes += len(self.socket.recv(1 << 16))


def _connect_packet(name: str, password: str) -> bytes:
    def text(value: str) -> bytes:
        return len(value.encode()).to_bytes(2, "big") + value.encode()

    body = text("MQTT") + b"\x04\xc2\x00\x00" + text(name) + text(name) + text(password)
    return b"\x10" + _length(len(body)) + body


def _length(count: int) -> bytes:
    out = bytearray()
    while True:
        count, low = divmod(count, 128)
        out.append(low | (0x80 if count else 0))
        if not count:
            return bytes(out)


def publish_packet(topic: bytes, mid: int, payload: bytes) -> bytes:
    """PUBLISH with QoS 1 (MQTT 3.1.1, section 3.3)."""
    body_bytes = 2 + len(topic) + 2 + len(payload)
    head = b"\x32" + _length(body_bytes) + len(topic).to_bytes(2, "big") + topic
    return head + mid.to_bytes(2, "big") + payload


def _gateways(order: Order) -> list[_Gateway]:
    world, made = World(meters=order.meters), []
    instants = range(order.first_instant, order.first_instant + order.instants)
    for number, name in enumerate(world.gateways):
        payloads = messages(
            name,
            world.channels(number),
            number * METERS_PER_GATEWAY,
            instants,
            rows_each=order.rows_each,
            start_ms=order.start_ms,
            sent_ms=order.sent_ms,
            boot=order.boot,
            first_seq=order.first_seq,
        )
        topic = f"loadstone/v1/gw/{name}/up/tele".encode()
        packets = [publish_packet(topic, 1 + at % 65_535, p) for at, p in enumerate(payloads)]
        made.append(_Gateway(order.port, name, order.passwords[number], packets))
    return made


def _as_fast_as_it_goes(gateways: Sequence[_Gateway]) -> None:
    selector = selectors.DefaultSelector()
    for gateway in gateways:
        gateway.socket.setblocking(False)
        selector.register(gateway.socket, selectors.EVENT_READ, gateway)
        gateway.send_some()
    left = len(gateways)
    while left:
        for key, _ in selector.select(timeout=0.001):
            key.data.receive()
            if key.data.is_done:
                selector.unregister(key.fileobj)
                left -= 1
        for gateway in gateways:
            try:
                gateway.send_some()
            except BlockingIOError:
                continue


def _paced(gateways: Sequence[_Gateway], per_second: float) -> None:
    total = sum(len(gateway.packets) for gateway in gateways)
    begun_s = time.monotonic()
    for number in range(total):
        wait_s = begun_s + number / per_second - time.monotonic()
        if wait_s > 0:
            time.sleep(wait_s)
        gateways[number % len(gateways)].send_next()
    for gateway in gateways:
        while not gateway.is_done:
            gateway.receive()


def main() -> None:
    """Do what the line on standard input orders."""
    order = Order(**json.loads(sys.stdin.readline()))
    gateways = _gateways(order)
    print("ready", flush=True)
    sys.stdin.readline()
    first_s = time.monotonic()
    if order.per_second is None:
        _as_fast_as_it_goes(gateways)
    else:
        _paced(gateways, order.per_second)
    last_s = time.monotonic()
    sent = [gateway.sent_s for gateway in gateways]
    print(json.dumps({"first_s": first_s, "last_s": last_s, "sent_s": sent}), flush=True)


if __name__ == "__main__":
    main()
