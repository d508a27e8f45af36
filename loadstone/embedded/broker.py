"""An MQTT broker of our own: mosquitto where it is installed, else the wheel's."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

import structlog

from loadstone.embedded.broker_home import BrokerHome, open_broker_home
from loadstone.embedded.broker_user import BrokerUser
from loadstone.embedded.errors import EmbeddedServerError
from loadstone.embedded.iotcore_server import IotcoreBroker
from loadstone.embedded.mosquitto import MosquittoBroker, find_mosquitto

_log = structlog.get_logger(__name__)

BrokerKind = Literal["mosquitto", "iotcore"]


class Broker(Protocol):
    """A running broker on 127.0.0.1 that ends with this process."""

    @property
    def kind(self) -> str:
        """Return `mosquitto` or `iotcore`; the latter enforces no access list."""

    @property
    def port(self) -> int:
        """Return the port it listens on."""

    @property
    def url(self) -> str:
        """Return `mqtt://127.0.0.1:port`."""

    @property
    def pid(self) -> int:
        """Return its process id."""

    @property
    def log(self) -> Path:
        """Return the path of its log."""

    def stop(self) -> None:
        """Stop it in order; idempotent."""

    def kill(self) -> None:
        """Kill it, as a crash would."""

    def set_users(self, users: Sequence[BrokerUser]) -> None:
        """Replace all users; iotcore restarts for it and forgets what it held."""


def start_broker(
    home: Path,
    users: Sequence[BrokerUser],
    *,
    port: int | None = None,
    kind: BrokerKind | None = None,
) -> Broker:
    """Start a broker in `home`/broker, on `port`, else on the last start's port or a free one.

    `kind` None takes mosquitto when it is installed and starts. Call it from the main thread: on
    Linux the broker ends with that. Raises EmbeddedServerError when none is installed or starts.
    """
    program = None if kind == "iotcore" else find_mosquitto()
    if program is None:
        _check_iotcore(kind)
    opened = open_broker_home(home)
    try:
        broker = _start(opened, program, users, port, may_fall_back=kind is None)
    except BaseException:  # whatever it was, the folder is free again
        opened.lock.release()
        raise
    _log.info("broker_started", kind=broker.kind, port=broker.port, pid=broker.pid)
    return broker


def _start(
    home: BrokerHome,
    program: Path | None,
    users: Sequence[BrokerUser],
    port: int | None,
    *,
    may_fall_back: bool,
) -> Broker:
    """Start mosquitto; the wheel's where there is none, or where the system confines it.

    Ubuntu's AppArmor profile, for one, lets mosquitto read nothing outside its own folders.
    """
    if program is None:
        return IotcoreBroker(home, users, port=port)
    try:
        return MosquittoBroker(program, home, users, port=port)
    except EmbeddedServerError as error:
        if not may_fall_back or not _has_iotcore():
            raise
        _log.warning("mosquitto_not_usable", program=str(program), reason=str(error))
        return IotcoreBroker(home, users, port=port)


def _check_iotcore(kind: BrokerKind | None) -> None:
    if kind == "mosquitto" or not _has_iotcore():
        missing = "mosquitto" if kind == "mosquitto" else "mosquitto (or the wheel iotcore)"
        raise EmbeddedServerError(
            f"{missing} is not installed: install it, or loadstone[demo], "
            "or set LOADSTONE_MQTT_URL to use a broker of your own"
        )


def _has_iotcore() -> bool:
    return importlib.util.find_spec("iotcore") is not None
