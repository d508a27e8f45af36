"""Both brokers, with a real client: who gets in, what is kept, what is refused."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from loadstone.embedded import Broker, BrokerRole, BrokerUser, EmbeddedServerError, start_broker
from loadstone.embedded import broker as broker_module
from loadstone.embedded.broker import BrokerKind
from loadstone.embedded.mosquitto import find_mosquitto

pytestmark = pytest.mark.broker

needs_mosquitto = pytest.mark.skipif(
    find_mosquitto() is None, reason="mosquitto is not installed on this machine"
)
both_kinds = pytest.mark.parametrize(
    "kind", [pytest.param("mosquitto", marks=needs_mosquitto), "iotcore"]
)

TELEMETRY = "loadstone/v1/gw/{}/up/tele"
COMMAND = "loadstone/v1/gw/{}/down/cmd"
STATE = "loadstone/v1/srv/state"
PATIENCE_S = 60
USERS = [
    BrokerUser(name="collector", password='密 "p\\', role=BrokerRole.COLLECTOR),
    BrokerUser(name="commander", password="commands", role=BrokerRole.COMMANDER),
    BrokerUser(name="GW-1", password="one", role=BrokerRole.GATEWAY),
    BrokerUser(name="GW-2", password="two", role=BrokerRole.GATEWAY),
]
PASSWORDS = {user.name: user.password for user in USERS}


class Client:
    """A connected client with what it received, in order, as (topic, payload)."""

    def __init__(
        self,
        port: int,
        user: str,
        *,
        password: str | None = None,
        session: str | None = None,
        acknowledges: bool = True,
    ) -> None:
        self.received: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.connected: queue.Queue[bool] = queue.Queue()
        self.subscribed: queue.Queue[int] = queue.Queue()
        self.mqtt = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=session or "",
            clean_session=session is None,
            manual_ack=not acknowledges,
            reconnect_on_failure=False,
        )
        self.mqtt.username_pw_set(user, PASSWORDS[user] if password is None else password)
        self.mqtt.on_connect = lambda *a: self.connected.put(not a[3].is_failure)
        # iotcore refuses by hanging up, without the answer that MQTT asks for
        self.mqtt.on_disconnect = lambda *a: self.connected.put(False)
        self.mqtt.on_subscribe = lambda *a: self.subscribed.put(a[2])
        self.mqtt.on_message = lambda *a: self.received.put((a[2].topic, a[2].payload))
        self.mqtt.connect("127.0.0.1", port)
        self.mqtt.loop_start()
        self.is_welcome = self.connected.get(timeout=PATIENCE_S)

    def subscribe(self, *topics: str) -> None:
        for topic in topics:
            self.mqtt.subscribe(topic, qos=1)
            self.subscribed.get(timeout=PATIENCE_S)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.mqtt.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PATIENCE_S)

    def take(self, count: int) -> list[tuple[str, bytes]]:
        return [self.received.get(timeout=PATIENCE_S) for _ in range(count)]

    def close(self) -> None:
        self.mqtt.disconnect()
        self.mqtt.loop_stop()


@contextmanager
def client(
    running: Broker,
    user: str,
    *,
    password: str | None = None,
    session: str | None = None,
    acknowledges: bool = True,
) -> Iterator[Client]:
    made = Client(running.port, user, password=password, session=session, acknowledges=acknowledges)
    yield made
    made.close()


Start = Callable[[BrokerKind], Broker]


@pytest.fixture
def start(server_home: Path) -> Iterator[Start]:
    started: list[Broker] = []

    def begin(kind: BrokerKind) -> Broker:
        started.append(start_broker(server_home / "家 庭", USERS, kind=kind))
        return started[-1]

    yield begin
    for running in started:
        running.stop()


@both_kinds
def test_a_published_message_arrives(start: Start, kind: BrokerKind) -> None:
    running = start(kind)
    assert (running.kind, running.url) == (kind, f"mqtt://127.0.0.1:{running.port}")
    with client(running, "collector") as collector, client(running, "GW-1") as gateway:
        collector.subscribe("loadstone/v1/gw/+/up/#")
        gateway.publish(TELEMETRY.format("GW-1"), b"reading")
        assert collector.take(1) == [(TELEMETRY.format("GW-1"), b"reading")]


@both_kinds
@pytest.mark.parametrize(("user", "password"), [("GW-1", "two"), ("GW-1", "")])
def test_a_wrong_password_is_refused(
    start: Start, kind: BrokerKind, user: str, password: str
) -> None:
    with client(start(kind), user, password=password) as stranger:
        assert not stranger.is_welcome


@both_kinds
def test_a_message_of_sixteen_megabytes_passes(start: Start, kind: BrokerKind) -> None:
    running = start(kind)
    payload = b"x" * (16 * 1024 * 1024)
    with client(running, "collector") as collector, client(running, "GW-1") as gateway:
        collector.subscribe(TELEMETRY.format("+"))
        gateway.publish(TELEMETRY.format("GW-1"), payload)
        assert collector.take(1)[0][1] == payload


@both_kinds
def test_a_queue_is_kept_for_a_session_that_is_away(start: Start, kind: BrokerKind) -> None:
    running = start(kind)
    with client(running, "collector", session="away") as collector:
        collector.subscribe(TELEMETRY.format("+"))
    sent = [str(number).encode() for number in range(2_000)]
    with client(running, "GW-1") as gateway:
        for payload in sent:
            gateway.publish(TELEMETRY.format("GW-1"), payload)
    with client(running, "collector", session="away") as collector:
        assert [payload for _, payload in collector.take(len(sent))] == sent


@both_kinds
def test_what_was_not_acknowledged_is_delivered_again(start: Start, kind: BrokerKind) -> None:
    running = start(kind)
    sent = [str(number).encode() for number in range(50)]
    with client(running, "collector", session="careful", acknowledges=False) as collector:
        collector.subscribe(TELEMETRY.format("+"))
        with client(running, "GW-1") as gateway:
            for payload in sent:
                gateway.publish(TELEMETRY.format("GW-1"), payload)
        assert [payload for _, payload in collector.take(len(sent))] == sent
    with client(running, "collector", session="careful") as collector:
        assert {payload for _, payload in collector.take(len(sent))} == set(sent)


@both_kinds
def test_a_retained_state_reaches_who_subscribes_later(start: Start, kind: BrokerKind) -> None:
    running = start(kind)
    with client(running, "collector") as collector:
        collector.publish(STATE, b"on", retain=True)
    with client(running, "GW-1") as gateway:
        gateway.subscribe(STATE)
        assert gateway.take(1) == [(STATE, b"on")]


@both_kinds
def test_a_restart_is_found_on_the_same_port(start: Start, kind: BrokerKind) -> None:
    first = start(kind)
    first.stop()
    first.stop()
    assert start(kind).port == first.port


@both_kinds
def test_a_killed_broker_starts_again(start: Start, kind: BrokerKind) -> None:
    first = start(kind)
    first.kill()
    with client(start(kind), "GW-1") as gateway:
        assert gateway.is_welcome


@both_kinds
def test_users_are_replaced(start: Start, kind: BrokerKind) -> None:
    running = start(kind)
    port = running.port
    running.set_users([BrokerUser(name="GW-9", password="nine", role=BrokerRole.GATEWAY)])
    assert running.port == port

    def is_welcome(user: str, password: str) -> bool:
        with client(running, user, password=password) as guest:
            return guest.is_welcome

    deadline_s = time.monotonic() + PATIENCE_S
    while not is_welcome("GW-9", "nine"):  # mosquitto reads its files a moment later
        assert time.monotonic() < deadline_s
    assert not is_welcome("GW-1", "one")


@both_kinds
def test_a_home_has_one_broker(start: Start, kind: BrokerKind) -> None:
    start(kind)
    with pytest.raises(EmbeddedServerError, match="in use by process"):
        start(kind)


def test_a_mosquitto_that_cannot_start_gives_way_to_the_wheels_broker(
    server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_module, "find_mosquitto", lambda: Path("/bin/false"))
    with pytest.raises(EmbeddedServerError, match="did not start"):
        start_broker(server_home, USERS, kind="mosquitto")
    running = start_broker(server_home, USERS)
    try:
        assert running.kind == "iotcore"
    finally:
        running.stop()


def test_a_machine_without_any_broker_is_told_what_to_install(
    server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_module, "find_mosquitto", lambda: None)
    monkeypatch.setattr(broker_module, "_has_iotcore", lambda: False)
    with pytest.raises(EmbeddedServerError, match="LOADSTONE_MQTT_URL"):
        start_broker(server_home, USERS)


@needs_mosquitto
def test_mosquitto_keeps_queues_and_retained_messages_over_a_stop(start: Start) -> None:
    first = start("mosquitto")
    with client(first, "collector", session="away") as collector:
        collector.subscribe(TELEMETRY.format("+"))
        collector.publish(STATE, b"on", retain=True)
    with client(first, "GW-1") as gateway:
        gateway.publish(TELEMETRY.format("GW-1"), b"kept")
    first.stop()
    second = start("mosquitto")
    with client(second, "collector", session="away") as collector:
        assert collector.take(1) == [(TELEMETRY.format("GW-1"), b"kept")]
        collector.subscribe(STATE)
        assert collector.take(1) == [(STATE, b"on")]


@needs_mosquitto
@pytest.mark.parametrize(
    ("user", "topic"),
    [
        ("GW-2", TELEMETRY.format("GW-1")),
        ("GW-2", COMMAND.format("GW-1")),
        ("GW-1", COMMAND.format("GW-1")),
        ("GW-1", STATE),
        ("commander", TELEMETRY.format("GW-1")),
        ("collector", COMMAND.format("GW-1")),
    ],
)
def test_mosquitto_blocks_who_writes_what_is_not_theirs(
    start: Start, user: str, topic: str
) -> None:
    running = start("mosquitto")
    with (
        client(running, "collector") as collector,
        client(running, "GW-1") as gateway,
        client(running, user) as spoofer,
    ):
        collector.subscribe("loadstone/v1/gw/+/up/#", STATE)
        gateway.subscribe(COMMAND.format("GW-1"))
        spoofer.publish(topic, b"spoofed")
        gateway.publish(TELEMETRY.format("GW-1"), b"honest")
        with client(running, "commander") as commander:
            commander.publish(COMMAND.format("GW-1"), b"ordered")
        assert collector.take(1) == [(TELEMETRY.format("GW-1"), b"honest")]
        assert gateway.take(1) == [(COMMAND.format("GW-1"), b"ordered")]


@needs_mosquitto
def test_mosquitto_lets_a_gateway_read_its_own_commands_only(start: Start) -> None:
    running = start("mosquitto")
    with client(running, "GW-2") as curious, client(running, "commander") as commander:
        curious.subscribe("loadstone/v1/gw/+/down/#", "#")
        commander.publish(COMMAND.format("GW-1"), b"not for you")
        commander.publish(COMMAND.format("GW-2"), b"for you")
        assert curious.take(1)[0] == (COMMAND.format("GW-2"), b"for you")


@needs_mosquitto
def test_the_shared_broker_knows_its_users(
    broker: Broker, broker_passwords: dict[str, str]
) -> None:
    assert broker.kind == "mosquitto"
    for name, password in broker_passwords.items():
        with client(broker, name, password=password) as guest:
            assert guest.is_welcome
