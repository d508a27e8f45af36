"""A gateway's MQTT session that never has more than so many messages unacknowledged."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from threading import Condition
from time import monotonic
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from loadstone.clock import Clock
from simulator.encoder import state_message
from simulator.replay_errors import GatewayLineError
from simulator.topics import SERVER_STATE, Channel, up_topic

MOST_IN_FLIGHT = 50


class ReplayLine:
    """Connects on entry and says goodbye on exit; every message has QoS 1.

    `publish` waits while too much is unacknowledged, or while the server says that it is off (its
    retained state): a gateway stores then, and a file can wait. Raises GatewayLineError when
    nothing moves for `patience_s`.
    """

    def __init__(
        self, url: str, gateway: str, boot: int, clock: Clock, *, patience_s: float = 60.0
    ) -> None:
        self._url = urlsplit(url)
        self._gateway = gateway
        self._boot = boot
        self._clock = clock
        self._patience_s = patience_s
        self._changed = Condition()
        self._connected = False
        self._refused: str | None = None
        self._server_is_on = True
        self._sent = 0
        self._acknowledged = 0
        self._client = self._make_client()

    def __enter__(self) -> ReplayLine:
        port = self._url.port or (8883 if self._url.scheme == "mqtts" else 1883)
        host = self._url.hostname or "127.0.0.1"
        self._client.connect_async(host, port, keepalive=60)
        self._client.loop_start()
        try:
            self._wait(lambda: self._connected, f"no MQTT broker answers at {host}:{port}")
        except BaseException:
            self._client.loop_stop()
            raise
        self.publish("state", self._state(on=True), retain=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.publish("state", self._state(on=False), retain=True)
            self.drain()
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, channel: Channel, payload: bytes, *, retain: bool = False) -> None:
        """Send once there is room."""
        self._wait(lambda: self._server_is_on, "the server says that it is off (srv/state)")
        self._wait(
            lambda: self._sent - self._acknowledged < MOST_IN_FLIGHT,
            "the broker does not acknowledge",
        )
        self._client.publish(up_topic(self._gateway, channel), payload, qos=1, retain=retain)
        self._sent += 1

    def drain(self) -> None:
        """Wait until the broker has acknowledged everything."""
        self._wait(lambda: self._acknowledged >= self._sent, "the broker does not acknowledge")

    def _wait(self, until: Callable[[], bool], complaint: str) -> None:
        with self._changed:
            moved, stalls_at = self._acknowledged, monotonic() + self._patience_s
            while not until():
                if self._refused is not None:
                    raise GatewayLineError(
                        f"the broker refused gateway {self._gateway}: {self._refused}"
                    )
                if moved != self._acknowledged:
                    moved, stalls_at = self._acknowledged, monotonic() + self._patience_s
                if not self._changed.wait(max(0.0, stalls_at - monotonic())) and not until():
                    raise GatewayLineError(f"{complaint} ({self._patience_s:g} s long)")

    def _state(self, *, on: bool) -> bytes:
        now_ms = int(self._clock().timestamp() * 1000)
        return state_message(on=on, boot=self._boot, ts_ms=now_ms, why="start" if on else "clean")

    def _make_client(self) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, client_id=self._gateway)
        if self._url.username:
            password = unquote(self._url.password) if self._url.password else None
            client.username_pw_set(unquote(self._url.username), password)
        if self._url.scheme == "mqtts":
            client.tls_set_context(ssl.create_default_context())
        lost = state_message(
            on=False, boot=self._boot, ts_ms=int(self._clock().timestamp() * 1000), why="lwt"
        )
        client.will_set(up_topic(self._gateway, "state"), lost, qos=1, retain=True)
        client.reconnect_delay_set(1, 5)
        client.max_inflight_messages_set(MOST_IN_FLIGHT)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        return client

    def _on_connect(
        self,
        client: Client,
        _userdata: Any,  # noqa: ANN401 - paho's signature
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        with self._changed:
            self._refused = str(reason) if reason.is_failure else None
            self._connected = not reason.is_failure
            self._changed.notify_all()
        if not reason.is_failure:
            client.subscribe(SERVER_STATE, qos=1)

    def _on_disconnect(
        self,
        _client: Client,
        _userdata: Any,  # noqa: ANN401 - paho's signature
        _flags: DisconnectFlags,
        _reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._connected = False  # paho connects again and repeats what was not acknowledged

    def _on_publish(
        self,
        _client: Client,
        _userdata: Any,  # noqa: ANN401 - paho's signature
        _mid: int,
        _reason: ReasonCode,
        _properties: Properties,
    ) -> None:
        with self._changed:
            self._acknowledged += 1
            self._changed.notify_all()

    def _on_message(
        self,
        _client: Client,
        _userdata: Any,  # noqa: ANN401 - paho's signature
        message: MQTTMessage,
    ) -> None:
        try:
            body = json.loads(message.payload)
        except ValueError:  # not for us to repair: keep the last word that made sense
            return
        if isinstance(body, dict) and isinstance(body.get("on"), bool):
            with self._changed:
                self._server_is_on = body["on"]
                self._changed.notify_all()
