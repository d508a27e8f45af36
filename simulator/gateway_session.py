"""A gateway's MQTT session: credentials, last will, birth on every connect, the server's state."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from simulator.topics import SERVER_STATE, Channel, up_topic

_log = structlog.get_logger(__name__)
_GOODBYE_TIMEOUT_S = 3.0

Why = Literal["clean", "lwt", "start"]


class GatewaySession:
    """Connects in the background and again after a loss; `birth` and `state` are asked then."""

    def __init__(
        self,
        gateway_code: str,
        broker_url: str,
        password: str,
        *,
        birth: Callable[[], bytes],
        state: Callable[[Why], bytes],
    ) -> None:
        self._code = gateway_code
        self._url = urlsplit(broker_url)
        self._password = password
        self._birth = birth
        self._state = state
        self._client: Client | None = None
        self._is_connected = False
        self._server_is_on = True

    @property
    def is_open(self) -> bool:
        """Whether the session is meant to be connected."""
        return self._client is not None

    @property
    def is_ready(self) -> bool:
        """Whether there is a broker, and a server behind it that has not said it is off."""
        return self._is_connected and self._server_is_on

    def open(self) -> None:
        """Start connecting; returns at once."""
        is_secure = self._url.scheme == "mqtts"
        client = Client(CallbackAPIVersion.VERSION2, client_id=self._code)
        client.username_pw_set(self._code, self._password)
        client.will_set(up_topic(self._code, "state"), self._state("lwt"), qos=1, retain=True)
        client.reconnect_delay_set(1, 15)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        if is_secure:
            client.tls_set_context(ssl.create_default_context())
        port = self._url.port or (8883 if is_secure else 1883)
        self._server_is_on = True
        self._client = client
        client.connect_async(self._url.hostname or "127.0.0.1", port, keepalive=30)
        client.loop_start()

    def close(self, why: Literal["clean", "lwt"]) -> None:
        """Leave `why` as the retained state and disconnect."""
        client, self._client = self._client, None
        if client is None:
            return
        if self._is_connected:
            topic = up_topic(self._code, "state")
            said = client.publish(topic, self._state(why), qos=1, retain=True)
            said.wait_for_publish(_GOODBYE_TIMEOUT_S)
        self._is_connected = False
        client.disconnect()
        client.loop_stop()

    def publish(self, channel: Channel, payload: bytes) -> None:
        """Send with QoS 1; what the broker has not acknowledged is sent again after a loss."""
        if self._client is not None:
            self._client.publish(up_topic(self._code, channel), payload, qos=1)

    def _on_connect(
        self,
        client: Client,
        _userdata: Any,  # noqa: ANN401 - paho's signature
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if client is not self._client:
            return
        if reason.is_failure:
            _log.warning("gateway_refused", gateway=self._code, reason=str(reason))
            return
        client.subscribe(SERVER_STATE, qos=1)
        client.publish(up_topic(self._code, "birth"), self._birth(), qos=1, retain=True)
        client.publish(up_topic(self._code, "state"), self._state("start"), qos=1, retain=True)
        self._is_connected = True
        _log.info("gateway_connected", gateway=self._code)

    def _on_disconnect(
        self,
        client: Client,
        _userdata: Any,  # noqa: ANN401 - paho's signature
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if client is not self._client:
            return
        self._is_connected = False
        self._server_is_on = True  # the retained state will say otherwise after the next connect
        _log.info("gateway_disconnected", gateway=self._code, reason=str(reason))

    def _on_message(
        self,
        _client: Client,
        _userdata: Any,  # noqa: ANN401 - paho's signature
        message: MQTTMessage,
    ) -> None:
        try:
            body = json.loads(message.payload)
        except ValueError:  # not for us to repair: keep the last word that made sense
            _log.warning("server_state_unreadable", gateway=self._code)
            return
        if isinstance(body, dict) and isinstance(body.get("on"), bool):
            self._server_is_on = body["on"]
            _log.info("server_state_heard", gateway=self._code, on=self._server_is_on)
