from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import numpy as np
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from loadstone.clock import utc_now
from loadstone.embedded import Broker, BrokerUser, start_broker
from simulator.context import PortfolioContext
from simulator.faults import (
    ClockSkew,
    Duplicates,
    Fault,
    GatewayOutage,
    MeterExchange,
    Reordering,
)
from simulator.fleet import run_fleet
from simulator.gateway import VirtualGatewayClient
from simulator.model import Portfolio
from simulator.portfolio import demo_portfolio

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "golden" / "schemas" / "telemetry.v1.schema.json").read_text()
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
PATIENCE_S = 20.0


def portfolio_of(*gateway_codes: str) -> Portfolio:
    """One site for each code, its first gateway renamed to a user of the test broker."""
    customers = []
    for customer, code in zip(demo_portfolio(), gateway_codes, strict=False):
        site = customer.sites[0]
        gateway = replace(site.gateways[0], code=code)
        customers.append(replace(customer, sites=(replace(site, gateways=(gateway,)),)))
    return tuple(customers)


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


class Listener:
    """A collector that keeps what it hears, by topic."""

    def __init__(self, url: str, password: str, gateway: str) -> None:
        self.heard: list[tuple[str, dict, bool]] = []
        self._gateway = gateway
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"listen-{gateway}")
        self._client.username_pw_set("collector", password)
        self._ready = threading.Event()
        self._client.on_connect = lambda c, *_: c.subscribe(f"loadstone/v1/gw/{gateway}/up/#", 1)
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._keep
        host, port = url.removeprefix("mqtt://").split(":")
        self._client.connect(host, int(port))
        self._client.loop_start()
        assert self._ready.wait(PATIENCE_S)

    def _keep(self, _client, _userdata, message) -> None:
        channel = message.topic.rsplit("/", 1)[1]
        self.heard.append((channel, json.loads(message.payload), message.retain))

    def on(self, channel: str) -> list[dict]:
        return [body for heard, body, _ in list(self.heard) if heard == channel]

    def say_server(self, *, on: bool) -> None:
        payload = json.dumps({"v": 1, "on": on, "t": 1})
        said = self._client.publish("loadstone/v1/srv/state", payload, qos=1, retain=True)
        said.wait_for_publish(PATIENCE_S)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Present:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now_s = datetime(2026, 5, 18, 12, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def listener(broker: Broker, broker_passwords: dict[str, str]) -> Iterator[Listener]:
    heard = Listener(broker.url, broker_passwords["collector"], "GW-TEST-1")
    heard.say_server(on=True)
    yield heard
    heard.say_server(on=True)
    heard.close()


@pytest.fixture
def make_gateway(
    broker: Broker, broker_passwords: dict[str, str]
) -> Iterator[Callable[..., VirtualGatewayClient]]:
    started: list[VirtualGatewayClient] = []

    def make(now_s: Callable[[], float], *faults: Fault, **more) -> VirtualGatewayClient:
        context = PortfolioContext(portfolio_of("GW-TEST-1"), faults)
        client = VirtualGatewayClient(
            context,
            context.gateways["GW-TEST-1"],
            broker_url=broker.url,
            password=broker_passwords["GW-TEST-1"],
            now_s=now_s,
            **more,
        )
        started.append(client)
        return client

    yield make
    for client in started:
        client.stop()


def test_a_gateway_is_born_and_sends_valid_readings_of_the_virtual_world(
    listener: Listener, make_gateway: Callable[..., VirtualGatewayClient], tmp_path: Path
):
    present = Present()
    client = make_gateway(present, state_folder=tmp_path)
    client.start()
    wait_for(lambda: client.is_ready)
    client.sample(present.now_s)
    wait_for(lambda: len(listener.on("tele")) == 1)
    (message,) = listener.on("tele")
    VALIDATOR.validate(message)
    assert (message["gw"], message["boot"], message["seq"]) == ("GW-TEST-1", 1, 1)
    context = PortfolioContext(portfolio_of("GW-TEST-1"))
    for one in message["r"]:
        if one["k"] == "reg":
            from_now = context.dials.read(context.meters[one["m"]], _array(present.now_s))
            assert one["f"]["ep_imp"] == pytest.approx(from_now["ep_imp"][0], abs=0.001)
    assert listener.on("birth")[-1]["meters"]
    assert listener.on("state")[-1] | {"t": 0} == {
        "v": 1,
        "on": True,
        "boot": 1,
        "t": 0,
        "why": "start",
    }
    client.stop()
    wait_for(lambda: listener.on("state")[-1]["why"] == "clean")
    client.start()
    wait_for(lambda: listener.on("state")[-1]["boot"] == 2)


def test_while_the_server_is_off_readings_wait_and_come_back_as_back_fill(
    listener: Listener, make_gateway: Callable[..., VirtualGatewayClient]
):
    present = Present()
    client = make_gateway(present)
    client.start()
    wait_for(lambda: client.is_ready)
    listener.say_server(on=False)
    wait_for(lambda: not client.is_ready)
    for _ in range(30):
        present.now_s += 10
        client.sample(present.now_s)
    assert client.waiting == 30
    listener.say_server(on=True)
    wait_for(lambda: client.is_ready)
    while client.waiting:
        client.flush()
    wait_for(lambda: sum(len(m["r"]) for m in listener.on("tele")) == 30 * 12)
    messages = listener.on("tele")
    late = {r["t"] for m in messages if m.get("bf") for r in m["r"]}
    live = {r["t"] for m in messages if not m.get("bf") for r in m["r"]}
    assert not late & live
    assert len(late | live) == 30
    assert max(late) < min(live)
    assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1))


@pytest.mark.parametrize("lost", [True, False])
def test_an_outage_takes_the_gateway_off_the_line(
    lost: bool, listener: Listener, make_gateway: Callable[..., VirtualGatewayClient]
):
    present = Present()
    start = datetime.fromtimestamp(present.now_s + 60, UTC)
    outage = GatewayOutage(
        gateway="GW-TEST-1", start=start, end=start + timedelta(minutes=2), lost=lost
    )
    client = make_gateway(present, outage)
    client.start()
    wait_for(lambda: client.is_ready)
    for _ in range(10):
        present.now_s += 10
        client.sample(present.now_s)
    wait_for(lambda: listener.on("state")[-1]["why"] == "lwt")
    while present.now_s < start.timestamp() + 120:
        present.now_s += 10
        client.sample(present.now_s)
    wait_for(lambda: client.is_ready)
    while client.waiting:
        client.flush()
    expected = 5 + 1 + (0 if lost else 12)
    wait_for(lambda: len({r["t"] for m in listener.on("tele") for r in m["r"]}) == expected)
    assert listener.on("state")[-1]["on"] is True


def test_an_exchange_is_told_as_an_event(
    listener: Listener, make_gateway: Callable[..., VirtualGatewayClient]
):
    present = Present()
    at = datetime.fromtimestamp(present.now_s + 15, UTC)
    client = make_gateway(present, MeterExchange(meter="M001-01", at=at, new_serial="N"))
    client.start()
    wait_for(lambda: client.is_ready)
    for _ in range(3):
        present.now_s += 10
        client.sample(present.now_s)
    wait_for(lambda: len(listener.on("event")) == 1)
    (event,) = listener.on("event")
    assert (event["k"], event["m"]) == ("register_exchange", "M001-01")
    assert event["d"]["closing"]["ep_imp"] > event["d"]["opening"]["ep_imp"] == 0


def test_a_gateway_can_repeat_itself_mix_up_the_order_and_doubt_its_clock(
    listener: Listener, make_gateway: Callable[..., VirtualGatewayClient]
):
    present = Present()
    always = {"gateway": "GW-TEST-1", "start": datetime.fromtimestamp(present.now_s, UTC)}
    client = make_gateway(
        present,
        Duplicates(every=3, **always),
        Reordering(every=4, **always),
        ClockSkew(offset_s=90.0, **always),
    )
    client.start()
    wait_for(lambda: client.is_ready)
    for _ in range(6):
        present.now_s += 10
        client.sample(present.now_s)
    wait_for(lambda: len(listener.on("tele")) == 8)
    messages = listener.on("tele")
    assert [m["seq"] for m in messages] == [1, 2, 3, 3, 5, 4, 6, 6]
    assert messages[2] == messages[3]
    assert messages[-1]["sent"] == (present.now_s + 90) * 1000
    assert all(m["clk"] == {"src": "rtc", "sync": False} for m in messages)
    assert all(r["q"] == 8 for m in messages for r in m["r"])
    for message in messages:
        VALIDATOR.validate(message)


def test_readings_survive_the_brokers_death(
    make_server_home: Callable[[], Path], broker_users: list[BrokerUser]
):
    home = make_server_home()
    passwords = {user.name: user.password for user in broker_users}
    broker = start_broker(home, broker_users)
    port = broker.port
    context, present = PortfolioContext(portfolio_of("GW-TEST-1")), Present()
    client = VirtualGatewayClient(
        context,
        context.gateways["GW-TEST-1"],
        broker_url=broker.url,
        password=passwords["GW-TEST-1"],
        now_s=present,
    )
    client.start()
    try:
        wait_for(lambda: client.is_ready)
        broker.kill()
        wait_for(lambda: not client.is_ready)
        for _ in range(5):
            present.now_s += 60
            client.sample(present.now_s)
        broker.stop()
        broker = start_broker(home, broker_users, port=port)
        listener = Listener(broker.url, passwords["collector"], "GW-TEST-1")
        wait_for(lambda: client.is_ready)
        while client.waiting:
            client.flush()
        wait_for(lambda: len({r["t"] for m in listener.on("tele") for r in m["r"]}) == 5)
        listener.close()
    finally:
        client.stop()
        broker.stop()


def test_a_fleet_fills_the_night_and_then_lives(
    broker: Broker, broker_passwords: dict[str, str], listener: Listener
):
    stop = threading.Event()
    from_ts = utc_now() - timedelta(minutes=20)
    fleet = threading.Thread(
        target=run_fleet,
        args=(portfolio_of("GW-TEST-1", "GW-TEST-2"), broker.url, broker_passwords.__getitem__),
        kwargs={"clock": utc_now, "stop": stop, "interval_s": 1, "from_ts": from_ts},
    )
    fleet.start()
    try:
        wait_for(lambda: len({r["t"] for m in listener.on("tele") for r in m["r"]}) >= 24)
    finally:
        stop.set()
        fleet.join(PATIENCE_S)
    assert not fleet.is_alive()
    late = sorted({r["t"] for m in listener.on("tele") if m.get("bf") for r in m["r"]})
    assert all(ts_ms % 60_000 == 0 for ts_ms in late[:19])
    assert late[0] - from_ts.timestamp() * 1000 <= 60_000
    live = [m for m in listener.on("tele") if not m.get("bf")]
    assert live
    assert all(r["t"] % 1000 == 0 for m in live for r in m["r"])
    wait_for(lambda: listener.on("state")[-1]["why"] == "clean")


def _array(value: float):
    return np.array([value])
