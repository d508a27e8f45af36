"""A collector as a process of its own, between a real broker and a database that can be killed."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep

import paho.mqtt.client as paho
import psycopg
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from loadstone.embedded import Broker, EmbeddedPostgres
from loadstone.storage.migrate import migrate
from tests.integration.ingest.premises import Premises

GATEWAY = "GW-TEST-1"
WAIT_S = 40.0


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that must come about; fail with its name otherwise."""
    enough = monotonic() + WAIT_S
    while not condition():
        if monotonic() > enough:
            pytest.fail(f"did not come about: {what}")
        sleep(0.1)


@pytest.fixture
def postgres(server_home: Path) -> Iterator[EmbeddedPostgres]:
    """Run a server that survives kill -9: nothing is switched off in it."""
    with EmbeddedPostgres(server_home, settings={"shared_buffers": "64MB"}) as server:
        migrate(server.dsn)
        premises = Premises(server.dsn, gateway=GATEWAY)
        premises.close()
        yield server


class Collector:
    """`loadstone collect` with a session of its own at the broker."""

    def __init__(self, database_url: str, broker_url: str, log: Path) -> None:
        self.client_id = f"test-{secrets.token_hex(6)}"
        self._log = log
        self._environment = {
            **os.environ,
            "LOADSTONE_DATABASE_URL": database_url,
            "LOADSTONE_MQTT_URL": broker_url,
            "LOADSTONE_MQTT_CLIENT_ID": self.client_id,
            "LOADSTONE_COLLECT_QUEUE_MESSAGES": "200",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "loadstone.cli", "collect"],
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    @property
    def rss_bytes(self) -> int:
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=20)

    def has_logged(self, event: str) -> bool:
        return event.encode() in self._log.read_bytes()


class Gateway:
    """A gateway's connection: publishes with QoS 1 and knows what the broker has taken."""

    def __init__(self, broker: Broker, user: str, password: str) -> None:
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=f"{user}-{secrets.token_hex(4)}"
        )
        self._client.username_pw_set(user, password)
        self._client.max_inflight_messages_set(1000)
        self.heard: list[dict[str, object]] = []
        self._client.on_message = lambda _c, _u, m: self.heard.append(json.loads(m.payload))
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, qos=1)

    def publish_and_wait(self, messages: Sequence[tuple[str, bytes]]) -> None:
        sent = [self._client.publish(topic, payload, qos=1) for topic, payload in messages]
        for each in sent:
            each.wait_for_publish(WAIT_S)

    def listen(self, topic: str) -> None:
        self._client.subscribe(topic, qos=1)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def gateway(broker: Broker, broker_passwords: dict[str, str]) -> Iterator[Gateway]:
    made = Gateway(broker, GATEWAY, broker_passwords[GATEWAY])
    yield made
    made.close()


@pytest.fixture
def collector(
    broker: Broker,
    broker_passwords: dict[str, str],
    postgres: EmbeddedPostgres,
    tmp_path: Path,
) -> Iterator[Collector]:
    password = broker_passwords["collector"]
    url = f"mqtt://collector:{password}@127.0.0.1:{broker.port}"
    made = Collector(postgres.dsn, url, tmp_path / "collector.log")
    made.start()
    wait_until(lambda: made.has_logged("mqtt_connected"), "the collector's connection")
    yield made
    made.kill()
    _forget_session(broker, made.client_id, password)


def _forget_session(broker: Broker, client_id: str, password: str) -> None:
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=True)
    client.username_pw_set("collector", password)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    wait_until(client.is_connected, "a clean session")
    client.disconnect()
    client.loop_stop()


def count_readings(url: str) -> int:
    """How many readings are stored; -1 while the database is away."""
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            row = connection.execute("SELECT count(*) FROM core.reading").fetchone()
    except psycopg.OperationalError:
        return -1
    assert row is not None
    return int(row[0])
