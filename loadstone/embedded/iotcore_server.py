"""The wheel's MQTT broker (`iotcore`: rumqttd), for machines without mosquitto."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from loadstone.embedded.account import write_private
from loadstone.embedded.broker_home import BrokerHome, start_on_some_port
from loadstone.embedded.broker_user import BrokerUser, check_names_differ
from loadstone.embedded.children import Child, spawn
from loadstone.embedded.mosquitto_files import LARGEST_PACKET_BYTES
from loadstone.embedded.ports import LOOPBACK

_MODULE = "loadstone.embedded.iotcore_broker"
_SEGMENT_BYTES = 64 * 1024 * 1024
_SEGMENTS = 8
_INFLIGHT_MESSAGES = 2_000


class IotcoreBroker:
    """A running iotcore: MQTT 3.1.1 only, passwords but NO access list, everything in memory.

    It keeps a persistent session's queue while a client is away and delivers again what was not
    acknowledged, up to 512 MB a topic; beyond, it drops the oldest without a word. A restart (and
    `set_users` is one) forgets sessions, queues and retained messages. A wrong password is refused
    by hanging up, without a reason. Good for a demo on one machine; all else wants mosquitto.
    """

    kind = "iotcore"

    def __init__(self, home: BrokerHome, users: Sequence[BrokerUser], *, port: int | None) -> None:
        """Start it; EmbeddedServerError with its log when it does not come up."""
        self._home = home
        self._users = users
        self.port, self._child = start_on_some_port(home, port, self._spawn)

    @property
    def url(self) -> str:
        """Where it listens, without a user."""
        return f"mqtt://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def log(self) -> Path:
        """Its log."""
        return self._home.log

    def stop(self) -> None:
        """Stop it; idempotent."""
        self._child.stop()
        self._home.lock.release()

    def kill(self) -> None:
        """Send SIGKILL, as a crash would."""
        self._child.kill()
        self._home.lock.release()

    def set_users(self, users: Sequence[BrokerUser]) -> None:
        """Replace all users by a restart on the same port: clients reconnect, queues are lost."""
        check_names_differ(users)
        self._child.stop()
        self._users = users
        self.port, self._child = start_on_some_port(self._home, self.port, self._spawn)

    def _spawn(self, port: int) -> Child:
        account = self._home.account
        config = self._home.folder / "iotcore.toml"
        write_private(config, iotcore_configuration(port, self._users), account)
        # the child runs in another folder, where a relative entry would be lost
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
        as_ourselves = replace(account, uid=os.geteuid(), gid=os.getegid(), is_other=False)
        return spawn(
            [sys.executable, "-m", _MODULE, config, str(account.uid), str(account.gid)],
            account=as_ourselves,
            log=self._home.log,
            pidfile=self._home.pidfile,
            environment=environment,
        )


def iotcore_configuration(port: int, users: Sequence[BrokerUser]) -> str:
    """Return rumqttd's TOML file: one loopback listener for MQTT 3.1.1, with passwords."""
    check_names_differ(users)
    accounts = [f"{json.dumps(user.name)} = {json.dumps(user.password)}" for user in users]
    lines = (
        "id = 0",
        "[router]",
        "id = 0",
        "max_connections = 10010",
        "max_outgoing_packet_count = 200",
        f"max_segment_size = {_SEGMENT_BYTES}",
        f"max_segment_count = {_SEGMENTS}",
        "[v4.1]",
        'name = "loadstone"',
        f'listen = "{LOOPBACK}:{port}"',
        "next_connection_delay_ms = 1",
        "[v4.1.connections]",
        "connection_timeout_ms = 60000",
        f"max_payload_size = {LARGEST_PACKET_BYTES}",
        f"max_inflight_count = {_INFLIGHT_MESSAGES}",
        "dynamic_filters = true",
        "[v4.1.connections.auth]",
        *accounts,
    )
    return "\n".join(lines) + "\n"
