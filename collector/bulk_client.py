"""paho's client with a lane of its own for messages, and acknowledgements in runs.

Two of paho's private methods are used, because it has no public way: `_create_socket` to listen in,
and `_packet_queue` to send many acknowledgements as one piece.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MessageType

from collector.bulk_lane import BulkLane, Published

Deliver = Callable[[list[Published]], None]


class BulkClient(paho.Client):
    """An MQTT 3.1.1 client with a persistent session that leaves acknowledging to its owner.

    `on_open` is called for every connection that is opened, and gives what takes its messages.
    """

    def __init__(self, client_id: str, on_open: Callable[[], Deliver]) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=False,
            manual_ack=True,
            reconnect_on_failure=True,
        )
        self._on_open = on_open

    def acknowledge(self, mids: Sequence[int]) -> None:
        """Send a PUBACK for each, in this order."""
        packets = b"".join([b"\x40\x02" + mid.to_bytes(2, "big") for mid in mids])
        self._packet_queue(MessageType.PUBACK, packets, 0, 0)

    def _create_socket(self) -> BulkLane:
        socket = super()._create_socket()
        return BulkLane(socket, self._on_open())
