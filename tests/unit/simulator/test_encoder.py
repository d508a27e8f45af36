from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from simulator.context import PortfolioContext
from simulator.encoder import (
    birth_message,
    event_message,
    reading,
    state_message,
    telemetry_message,
)
from simulator.faults import MeterExchange, ZeroGlitch
from simulator.gateway_readings import GatewayReadings
from simulator.gateway_state import next_boot
from simulator.portfolio import demo_portfolio

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "golden" / "schemas" / "telemetry.v1.schema.json").read_text()
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)


def test_every_gateways_message_is_valid_and_holds_all_its_meters():
    context = PortfolioContext(demo_portfolio())
    ts_s = NOON.timestamp()
    for gateway in context.gateways.values():
        readings = GatewayReadings(context, gateway).at([ts_s, ts_s + 10])
        clock = {"src": "ntp", "sync": True, "off_ms": 0}
        raw = telemetry_message(
            gateway.code, 3, 7, int(ts_s * 1000) + 250, readings, True, clock=clock
        )
        body = json.loads(raw)
        VALIDATOR.validate(body)
        assert body["bf"] is True
        assert {r["m"] for r in body["r"]} == {meter.code for meter in gateway.meters}
        assert {r["k"] for r in body["r"]} == {"inst", "reg"}
        assert len(body["r"]) == 4 * len(gateway.meters)


def test_values_have_a_meters_precision():
    context = PortfolioContext(demo_portfolio())
    gateway = context.gateways[next(iter(context.gateways))]
    raw = telemetry_message(
        gateway.code, 1, 1, 1, GatewayReadings(context, gateway).at([NOON.timestamp()]), False
    )
    digits = {"u": 1, "i": 2, "p": 3, "q": 3, "s": 3, "h": 2, "e": 2}
    for one in json.loads(raw)["r"]:
        for field, value in one["f"].items():
            assert len(str(value).partition(".")[2]) <= digits[field[0]], (field, value)


def test_a_reading_that_failed_is_null_and_never_zero():
    one = reading("M1", 1_763_712_000_000, "inst", {"p": float("nan"), "q": 1.5}, quality=8)
    body = json.loads(telemetry_message("GW-1", 1, 1, 1_763_712_000_000, [one], False))
    VALIDATOR.validate(body)
    assert body["r"][0]["f"] == {"p": None, "q": 1.5}
    assert body["r"][0]["q"] == 8
    assert "bf" not in body


def test_a_birth_tells_ratios_wiring_and_the_current_serial():
    portfolio = demo_portfolio()
    meter = portfolio[3].sites[0].meters[1]
    exchange = MeterExchange(meter=meter.code, at=NOON, new_serial="NEW-1")
    context = PortfolioContext(portfolio, [exchange])
    gateway = context.flow.gateway_of[meter.code]
    readings = GatewayReadings(context, gateway)
    raw = birth_message(
        gateway,
        2,
        5,
        fields=readings.fields(),
        serials=readings.serials((NOON + timedelta(hours=1)).timestamp()),
        interval_s=10,
    )
    body = json.loads(raw)
    told = {one["m"]: one for one in body["meters"]}[meter.code]
    assert body["gw"] == gateway.code
    assert told["serial"] == "NEW-1"
    assert told["ct"] == [meter.ct_primary_a, 5.0]
    assert {"u_an", "p", "ep_imp", "eq_q1"} <= set(told["fields"])
    assert told["reg_mod"] == meter.register_modulus_kwh


def test_an_exchange_event_carries_closing_and_opening_readings():
    portfolio = demo_portfolio()
    meter = portfolio[3].sites[0].meters[1]
    context = PortfolioContext(
        portfolio, [MeterExchange(meter=meter.code, at=NOON, new_serial="N", opening_kwh=1.25)]
    )
    readings = GatewayReadings(context, context.flow.gateway_of[meter.code])
    assert readings.events() == [(NOON, meter.code)]
    body = json.loads(readings.event(NOON, meter.code, boot=1, seq=9))
    assert body["k"] == "register_exchange"
    assert body["m"] == meter.code
    assert body["d"]["opening"]["ep_imp"] == 1.25
    assert body["d"]["closing"]["ep_imp"] > 1000


def test_state_and_event_messages_have_their_plain_form():
    assert json.loads(state_message(on=True, boot=17, ts_ms=5, why="start")) == {
        "v": 1,
        "on": True,
        "boot": 17,
        "t": 5,
        "why": "start",
    }
    body = json.loads(event_message("GW-1", 1, 2, 3, "power_fail", {}))
    assert body == {"v": 1, "gw": "GW-1", "boot": 1, "seq": 2, "t": 3, "k": "power_fail", "d": {}}


def test_a_zero_glitch_is_sent_as_zero():
    portfolio = demo_portfolio()
    meter = portfolio[3].sites[0].meters[1]
    window = {"start": NOON, "end": NOON + timedelta(minutes=1)}
    context = PortfolioContext(portfolio, [ZeroGlitch(meter=meter.code, **window)])
    readings = GatewayReadings(context, context.flow.gateway_of[meter.code]).at([NOON.timestamp()])
    (register,) = [r for r in readings if r["m"] == meter.code and r["k"] == "reg"]
    assert register["f"]["ep_imp"] == 0  # type: ignore[index]


@pytest.mark.parametrize("starts", [1, 3])
def test_the_boot_counter_survives_restarts(tmp_path: Path, starts: int):
    boots = [next_boot(tmp_path / "state", "GW-1") for _ in range(starts)]
    assert boots == list(range(1, starts + 1))
    assert next_boot(tmp_path / "state", "GW-2") == 1
    assert next_boot(None, "GW-1") == 1
