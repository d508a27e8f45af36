"""What is wrong is kept with its reason, the rest of the message is stored, the stream goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from collector.backlog import Delivery
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.ingest_reads import ChannelRow, channels
from tests.integration.ingest.premises import DAY, GATEWAY, METER, Premises, ms, reading

T = ms(DAY)
GOOD = reading(T, kind="inst", p=10.0)


def raw(premises: Premises, payload: bytes | str, **how: str) -> Delivery:
    data = payload if isinstance(payload, bytes) else payload.encode()
    return premises.delivery(data, T + 1000, **how)


def envelope(readings: str, **rest: object) -> str:
    head = {"v": 1, "gw": GATEWAY, "boot": 1, "seq": 7, "sent": T, **rest}
    return json.dumps(head)[:-1] + f', "r": {readings}}}'


def refused(premises: Premises, delivery: Delivery) -> Mapping[str, object]:
    """The one entry that this message brings between two good ones, which are stored."""
    before = premises.telemetry([reading(T - 60_000, kind="inst", p=1.0)])
    after = premises.telemetry([reading(T + 60_000, kind="inst", p=2.0)])
    premises.feed([before, delivery, after])
    stamps = {row["ts"].timestamp() * 1000 for row in premises.readings()}  # type: ignore[attr-defined]
    assert {T - 60_000, T + 60_000} <= stamps
    (entry,) = premises.quarantine()
    assert entry["rule"]
    assert entry["topic"] == delivery.topic.replace("\0", "\\0")
    return entry


def told(entry: Mapping[str, object]) -> tuple[object, object, object]:
    return entry["code"], entry["field"], entry["value"]


@pytest.mark.parametrize(
    ("payload", "rule"),
    [
        (b"{not json", "not valid JSON"),
        (b"", "not valid JSON"),
        (b"\xff\xfe\x00", "not valid JSON"),
        (b'{"v":1,"gw":"\xff"}', "not valid JSON"),
        (b"\x00" * 80, "not valid JSON"),
    ],
)
def test_what_is_no_json_is_kept_as_it_came(premises: Premises, payload: bytes, rule: str) -> None:
    entry = refused(premises, raw(premises, payload))
    assert (entry["code"], entry["field"]) == ("malformed_json", "payload")
    assert str(entry["rule"]).startswith(rule)
    assert entry["payload"] == payload


@pytest.mark.parametrize("payload", [b"[" * 100_000, b'{"a":' * 50_000, b'{"r":' + b"[" * 50_000])
def test_json_of_any_depth_is_refused(premises: Premises, payload: bytes) -> None:
    assert refused(premises, raw(premises, payload))["code"] in ("schema", "malformed_json")


def test_nan_is_refused_with_advice(premises: Premises) -> None:
    text = envelope(f'[{{"m":"{METER}","t":{T},"k":"inst","f":{{"p":NaN}}}}]')
    entry = refused(premises, raw(premises, text))
    assert entry["code"] == "malformed_json"
    assert "NaN and Infinity are no JSON numbers" in str(entry["rule"])


@pytest.mark.parametrize(
    ("bad", "field", "value"),
    [
        ({"m": METER, "t": T, "k": "inst", "f": {"p": "12"}}, "f.p", '"12"'),
        ({"m": METER, "t": T, "k": "inst", "f": {"volts": 1}}, "f.volts", "1.0"),
        ({"m": METER, "t": T, "k": "inst", "f": {}}, "f", "{}"),
        ({"m": METER, "t": 0, "k": "inst", "f": {"p": 1}}, "t", "0"),
        ({"m": METER, "t": T, "k": "odd", "f": {"p": 1}}, "k", '"odd"'),
        ({"m": METER, "t": T, "k": "int", "f": {"ep_imp": 1}}, "dt", "missing"),
        ({"m": METER, "t": T, "k": "reg", "ep": 2**40, "f": {"ep_imp": 1}}, "ep", str(2**40)),
        ({"m": METER, "t": 10**30, "k": "inst", "f": {"p": 1}}, "t", None),
        ({"m": "a/b", "t": T, "k": "inst", "f": {"p": 1}}, "m", '"a/b"'),
    ],
)
def test_a_bad_reading_is_set_aside_and_its_neighbours_are_stored(
    premises: Premises, bad: dict[str, object], field: str, value: str | None
) -> None:
    entry = refused(premises, raw(premises, envelope(json.dumps([GOOD, bad]))))
    assert (entry["code"], entry["field"]) == ("schema", field)
    if value is not None:
        assert entry["value"] == value
    assert len(premises.readings()) == 3


def test_a_number_too_large_for_any_float_is_set_aside(premises: Premises) -> None:
    bad = f'{{"m":"{METER}","t":{T},"k":"inst","f":{{"p":1e999}}}}'
    refused(premises, raw(premises, envelope(f"[{json.dumps(GOOD)}, {bad}]")))


def test_of_duplicate_keys_the_last_counts(premises: Premises) -> None:
    text = envelope(f'[{{"m":"{METER}","t":{T},"k":"inst","f":{{"p":1,"p":2}}}}]')
    premises.feed([raw(premises, text)])
    assert [row["p_w"] for row in premises.readings()] == [2000]
    assert premises.quarantine() == []


def test_an_unknown_gateway_is_named(premises: Premises) -> None:
    stranger = premises.telemetry([GOOD], gateway="GW-STRANGE", gw="GW-STRANGE")
    entry = refused(premises, stranger)
    assert told(entry) == ("unknown_gateway", "gw", "GW-STRANGE")
    assert entry["gateway_code"] == "GW-STRANGE"


def test_an_unknown_meter_is_named_and_its_neighbours_are_stored(premises: Premises) -> None:
    entry = refused(
        premises, premises.telemetry([GOOD, reading(T, kind="inst", meter="MTR-9", p=1.0)])
    )
    assert told(entry) == ("unknown_meter", "m", "MTR-9")
    assert json.loads(bytes(entry["payload"]))["f"] == {"p": 1.0}  # type: ignore[call-overload]
    assert len(premises.readings()) == 3


def test_a_clock_in_1970_is_refused(premises: Premises) -> None:
    entry = refused(premises, raw(premises, envelope(json.dumps([reading(5, kind="inst", p=1.0)]))))
    assert told(entry) == ("schema", "t", "5")


def test_a_clock_ten_minutes_ahead_is_refused_with_both_times(premises: Premises) -> None:
    ahead = reading(T + 600_000, kind="inst", p=1.0)
    entry = refused(premises, premises.telemetry([GOOD, ahead], received_ms=T))
    assert told(entry) == ("time_in_future", "t", str(T + 600_000))
    assert len(premises.readings()) == 3


def test_ten_megabytes_are_refused_and_only_their_head_is_kept(premises: Premises) -> None:
    entry = refused(premises, raw(premises, b" " * 10_000_000))
    assert told(entry) == ("payload_too_large", "payload", "10000000 bytes")
    assert entry["payload_bytes"] == 10_000_000
    assert len(bytes(entry["payload"])) <= 65_536  # type: ignore[call-overload]


def test_a_topic_that_lies_about_its_gateway_is_refused(premises: Premises) -> None:
    liar = raw(premises, envelope(json.dumps([GOOD]), gw="GW-OTHER"))
    entry = refused(premises, liar)
    assert told(entry) == ("gateway_mismatch", "gw", "GW-OTHER")


def test_a_topic_that_no_format_reads_is_refused(premises: Premises) -> None:
    entry = refused(premises, raw(premises, b"{}", channel="gossip"))
    assert entry["code"] == "unknown_topic"


@pytest.mark.parametrize(
    ("fields", "field", "value"),
    [
        ({"ep_imp": -1.0, "p": 1.0}, "ep_imp", "-1"),
        ({"u_an": 9999.0, "p": 1.0}, "u_an", "9999"),
        ({"p": 1e9, "u_an": 230.0}, "p", "1e+09"),
        ({"hz": 0.0, "p": 1.0}, "hz", "0"),
        ({"pf": 3.0, "p": 1.0}, "pf", "3"),
        ({"ep_imp": 1e300, "p": 1.0}, "ep_imp", "1e+300"),
    ],
)
def test_an_impossible_value_is_taken_out_and_the_rest_of_the_reading_is_kept(
    premises: Premises, fields: dict[str, float], field: str, value: str
) -> None:
    with premises.connection.transaction():
        premises.connection.execute("UPDATE core.meter SET nominal_voltage_v = 400")
    entry = refused(premises, premises.telemetry([reading(T, kind="inst", **fields)]))
    assert told(entry) == ("implausible", field, value)
    assert entry["meter_code"] == METER
    assert len(premises.readings()) == 3


def test_a_message_that_comes_again_is_counted_and_not_kept_twice(premises: Premises) -> None:
    for _ in range(3):
        premises.feed([raw(premises, b"nonsense")])
    (entry,) = premises.quarantine()
    assert entry["times_seen"] == 3


def test_text_that_the_database_cannot_hold_is_kept_all_the_same(premises: Premises) -> None:
    entry = refused(premises, premises.delivery(b"x", T, channel="a\0b"))
    assert entry["value"] == "loadstone/v1/gw/GW-1/up/a\\0b"


def test_a_flood_of_strangers_reads_the_registry_once(
    premises: Premises, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def counted(connection: Connection) -> list[ChannelRow]:
        asked.append(connection)
        return channels(connection)

    monkeypatch.setattr("ingest.directory.channels", counted)
    strangers = [
        premises.telemetry([GOOD], gateway=f"GW-X{n}", gw=f"GW-X{n}") for n in range(2_000)
    ]
    premises.feed([premises.telemetry([GOOD])])
    premises.feed(strangers)
    assert len(asked) <= 3  # at most once in two seconds
    assert len(premises.quarantine()) == 2_000
