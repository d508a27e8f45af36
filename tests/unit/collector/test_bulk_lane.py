"""What is cut out of the MQTT stream, and what is left to paho."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from collector.bulk_lane import BulkLane, Published, cut

CONNACK = bytes([0x20, 2, 1, 0])
PINGRESP = bytes([0xD0, 0])


def publish(payload: bytes, *, mid: int = 7, qos: int = 1, topic: bytes = b"a/b") -> bytes:
    body = len(topic).to_bytes(2, "big") + topic
    body += mid.to_bytes(2, "big") if qos else b""
    body += payload
    length, left = b"", len(body)
    while True:
        left, low = divmod(left, 128)
        length += bytes([low | (0x80 if left else 0)])
        if not left:
            return bytes([0x30 | qos << 1]) + length + body


class FakeSocket:
    """Gives the pieces in turn, then says that there is nothing yet."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = list(pieces)
        self.sent = b""
        self.is_closed = False

    def recv(self, size: int) -> bytes:
        if not self.pieces:
            raise BlockingIOError
        return self.pieces.pop(0)

    def send(self, buffer: bytes | bytearray) -> int:
        self.sent += buffer
        return len(buffer)

    def close(self) -> None:
        self.is_closed = True

    def fileno(self) -> int:
        return 5

    def setblocking(self, flag: bool) -> None:
        pass


def read_all(pieces: Iterable[bytes]) -> tuple[list[Published], bytes]:
    """What the lane delivers and what paho reads, byte by byte as it does."""
    delivered: list[Published] = []
    socket = FakeSocket(pieces)
    lane = BulkLane(socket, delivered.extend)
    others = b""
    while socket.pieces or lane.pending():
        try:
            others += lane.recv(1)
        except BlockingIOError:
            continue
    return delivered, others


STREAM = (
    CONNACK
    + publish(b"one", mid=1)
    + publish(b"", mid=513, topic="站/电".encode())
    + PINGRESP
    + publish(b"x" * 20_000, mid=65_535)
    + publish(b"none", qos=0)
    + CONNACK
)
MESSAGES = [
    Published(b"a/b", b"one", 1, 1),
    Published("站/电".encode(), b"", 513, 1),
    Published(b"a/b", b"x" * 20_000, 65_535, 1),
    Published(b"a/b", b"none", 0, 0),
]


def test_messages_are_delivered_and_everything_else_reaches_paho() -> None:
    assert read_all([STREAM]) == (MESSAGES, CONNACK + PINGRESP + CONNACK)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000, 4096])
def test_it_does_not_matter_how_the_stream_is_broken_up(size: int) -> None:
    pieces = [STREAM[at : at + size] for at in range(0, len(STREAM), size)]
    assert read_all(pieces) == (MESSAGES, CONNACK + PINGRESP + CONNACK)


def test_messages_of_one_reading_come_together() -> None:
    calls: list[list[Published]] = []
    lane = BulkLane(FakeSocket([publish(b"1") + publish(b"2") + publish(b"3")[:4]]), calls.append)
    with pytest.raises(BlockingIOError):
        lane.recv(1)
    assert [[message.payload for message in call] for call in calls] == [[b"1", b"2"]]


def test_messages_of_qos_2_are_left_to_paho() -> None:
    packet = publish(b"twice", qos=2)
    assert cut(packet).others == packet


@pytest.mark.parametrize(
    "broken",
    [
        bytes([0x32, 3, 0, 9, 1]),  # the topic is longer than the packet
        bytes([0x32, 1, 0]),  # not even a topic's length
        bytes([0x32, 4, 0, 1, 97, 0]),  # half a packet identifier
        bytes([0x36, 5, 0, 1, 97, 0, 1]),  # QoS 3
        bytes([0x32, 0xFF, 0xFF, 0xFF, 0xFF, 1]),  # a length of five bytes
    ],
)
def test_a_broken_packet_is_left_to_paho_to_refuse(broken: bytes) -> None:
    assert cut(broken).others == broken
    assert not cut(broken).published


def test_the_end_of_the_connection_is_passed_on() -> None:
    lane = BulkLane(FakeSocket([b""]), lambda _: None)
    assert lane.recv(1) == b""


def test_sending_and_closing_are_the_sockets_own() -> None:
    socket = FakeSocket([])
    lane = BulkLane(socket, lambda _: None)
    assert (lane.send(b"abc"), lane.fileno(), socket.sent) == (3, 5, b"abc")
    lane.close()
    assert socket.is_closed
