"""The MQTT connection: QoS 1, a persistent session, and acknowledgement only when told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
import structlog
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from collector.backlog import Backlog, Delivery
from collector.bulk_client import BulkClient, Deliver
from collector.bulk_lane import Published
from collector.topics import SERVER_STATE
from loadstone.clock import Clock

_log = structlog.get_logger(__name__)


class Subscriber:
    """Puts every message of some topics into a backlog, and acknowledges those that were stored.

    A broker hands out unacknowledged messages again after a reconnection, so acknowledgements of an
    earlier connection (another `generation`) are dropped.
    """

    def __init__(
        self, url: str, client_id: str, filters: Sequence[str], backlog: Backlog, clock: Clock
    ) -> None:
        self._url = urlsplit(url)
        self._filters = [(each, 1) for each in filters]
        self._backlog = backlog
        self._clock = clock
        self._generation = 0
        self._serving = True
        self._client = self._make_client(client_id)

    def start(self) -> None:
        """Connect in the background, and again whenever the connection is lost."""
        port = self._url.port or (8883 if self._url.scheme == "mqtts" else 1883)
        self._client.connect_async(self._url.hostname or "127.0.0.1", port, keepalive=60)
        self._client.loop_start()

    def stop(self) -> None:
        """Say that the server is off, and leave; the broker keeps what comes meanwhile."""
        self._backlog.close()  # the network thread may be waiting in it
        self.announce(serving=False, why="stopped")
        self._client.disconnect()
        self._client.loop_stop()

    def announce(self, *, serving: bool, why: str) -> None:
        """Tell gateways (retained) whether to send or to store and forward."""
        self._serving = serving
        self._client.publish(SERVER_STATE, self._state(serving, why), qos=1, retain=True)

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Acknowledge stored messages, in the order in which they came."""
        generation = self._generation
        mids = [each.mid for each in deliveries if each.qos and each.generation == generation]
        if mids:
            self._client.acknowledge(mids)

    def _make_client(self, client_id: str) -> BulkClient:
        client = BulkClient(client_id, self._opened)
        if self._url.username:
            password = unquote(self._url.password) if self._url.password else None
            client.username_pw_set(unquote(self._url.username), password)
        if self._url.scheme == "mqtts":
            client.tls_set()
        client.reconnect_delay_set(1, 10)
        client.will_set(SERVER_STATE, self._state(False, "lwt"), qos=1, retain=True)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        return client

    def _state(self, serving: bool, why: str) -> str:
        now_ms = int(self._clock().timestamp() * 1000)
        return json.dumps({"v": 1, "on": serving, "t": now_ms, "why": why})

    def _connected(
        self,
        client: paho.Client,
        _userdata: object,
        flags: paho.ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            _log.error("mqtt_connection_refused", reason=str(reason))
            return
        client.subscribe(self._filters)
        self.announce(serving=self._serving, why="connected")
        _log.info("mqtt_connected", session_present=flags.session_present)

    def _disconnected(
        self,
        _client: paho.Client,
        _userdata: object,
        _flags: paho.DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._generation += 1
        _log.warning("mqtt_disconnected", reason=str(reason))

    def _opened(self) -> Deliver:
        """A connection begins. Messages may come in one piece with the answer that it is made."""
        self._generation += 1
        return partial(self._arrived, self._generation)

    def _arrived(self, generation: int, messages: Sequence[Published]) -> None:
        received_ms = int(self._clock().timestamp() * 1000)
        self._backlog.put(
            [
                Delivery(
                    topic=message.topic.decode("utf-8", "backslashreplace"),
                    payload=message.payload,
                    received_ms=received_ms,
                    mid=message.mid,
                    qos=message.qos,
                    generation=generation,
                )
                for message in messages
            ]
        )
