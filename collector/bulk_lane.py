"""Messages taken out of the MQTT stream many at a time, ahead of the client library.

paho reads the socket three or four times, and waits for it once, for every packet. Here PUBLISH
packets are cut out of what one reading of the socket gives, and only the rest is left to paho.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

_READ_BYTES = 1 << 16
_PUBLISH = 0x30
_MOST_LENGTH_BYTES = 4


class Published(NamedTuple):
    """One PUBLISH packet of QoS 0 or 1; `mid` is 0 for QoS 0."""

    topic: bytes
    payload: bytes
    mid: int
    qos: int


class Socket(Protocol):
    """What paho needs of a socket that does not block."""

    def recv(self, size: int, /) -> bytes:
        """Some bytes, none at the end; BlockingIOError when there are none yet."""

    def send(self, buffer: bytes | bytearray, /) -> int:
        """Send what can be sent now, and say how much that was."""

    def close(self) -> None:
        """Close it."""

    def fileno(self) -> int:
        """The file descriptor, for select."""

    def setblocking(self, flag: bool, /) -> None:
        """Whether to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A piece of stream, cut up: `rest` is the beginning of a packet of `rest_bytes` in all."""

    published: list[Published]
    others: bytes
    rest: bytes
    rest_bytes: int


def cut(stream: bytes) -> Cut:
    """Cut a stream that begins at a packet; what cannot be understood is left to paho to refuse."""
    published: list[Published] = []
    others: list[bytes] = []
    start, total, wanted = 0, len(stream), 0
    while start < total:
        body, end = _bounds(stream, start)
        if end > total:
            wanted = end - start
            break
        message = _published(stream, start, body, end)
        if message is None:
            others.append(stream[start:end])
        else:
            published.append(message)
        start = end
    return Cut(published=published, others=b"".join(others), rest=stream[start:], rest_bytes=wanted)


def _bounds(stream: bytes, start: int) -> tuple[int, int]:
    """Where the body of the packet begins and ends (MQTT 3.1.1, section 2.2.3)."""
    length = 0
    for place in range(_MOST_LENGTH_BYTES):
        at = start + 1 + place
        if at >= len(stream):
            return at, at + 1  # at least one byte is missing
        length |= (stream[at] & 0x7F) << (7 * place)
        if stream[at] < 0x80:
            return at + 1, at + 1 + length
    return start, len(stream)


def _published(stream: bytes, start: int, body: int, end: int) -> Published | None:
    """The message, if it is a well-formed one of QoS 0 or 1 (section 3.3)."""
    kind, qos = stream[start] & 0xF0, (stream[start] >> 1) & 3
    if kind != _PUBLISH or qos > 1 or body == start:
        return None
    topic = body + 2
    mid = topic + (stream[body] << 8) + stream[body + 1] if topic <= end else end + 1
    payload = mid + 2 * qos
    if payload > end:
        return None
    number = (stream[mid] << 8) | stream[mid + 1] if qos else 0
    return Published(stream[topic:mid], stream[payload:end], number, qos)


class BulkLane:
    """A socket that gives paho everything but messages; those go to `deliver`, all at once."""

    def __init__(self, socket: Socket, deliver: Callable[[list[Published]], None]) -> None:
        self._socket = socket
        self._deliver = deliver
        self._others = b""
        self._parts: list[bytes] = []
        self._missing_bytes = 0

    def recv(self, buffer_size: int) -> bytes:
        """Bytes of other packets; BlockingIOError when only messages have come."""
        if not self._others:
            data = self._socket.recv(_READ_BYTES)
            if not data:
                return data
            self._take(data)
            if not self._others:
                raise BlockingIOError
        taken, self._others = self._others[:buffer_size], self._others[buffer_size:]
        return taken

    def send(self, buffer: bytes | bytearray) -> int:
        """As the socket's."""
        return self._socket.send(buffer)

    def close(self) -> None:
        """As the socket's."""
        self._socket.close()

    def fileno(self) -> int:
        """As the socket's."""
        return self._socket.fileno()

    def setblocking(self, flag: bool) -> None:
        """As the socket's."""
        self._socket.setblocking(flag)

    def pending(self) -> int:
        """Bytes that can be had though the socket says nothing: here, or inside of TLS."""
        inside = getattr(self._socket, "pending", None)
        return len(self._others) + (inside() if inside else 0)

    def _take(self, data: bytes) -> None:
        self._parts.append(data)
        self._missing_bytes -= len(data)
        if self._missing_bytes > 0:  # of a large packet: it is joined once, not at every reading
            return
        parts = cut(b"".join(self._parts) if len(self._parts) > 1 else data)
        self._parts = [parts.rest] if parts.rest else []
        self._missing_bytes = parts.rest_bytes - len(parts.rest)
        self._others += parts.others
        if parts.published:
            self._deliver(parts.published)
