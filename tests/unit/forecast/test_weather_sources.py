"""Temperatures from files, answers and topics: what is measured, what foreseen, and since when."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forecast.weather.csv_file import CsvFile
from forecast.weather.mqtt_topic import MqttTopic
from forecast.weather.open_meteo import OpenMeteo, get
from forecast.weather.source import WeatherUnknownError
from loadstone.storage.weather_values import WeatherPlace
from simulator.cities import CITIES
from simulator.weather_source import SyntheticWeather
from tests.support.weather_server import answers

NOW = datetime(2026, 3, 20, 6, 10, tzinfo=UTC)
WUHAN = WeatherPlace(site_id=1, code="WH", latitude_deg=30.59, longitude_deg=114.3)
YICHANG = WeatherPlace(site_id=2, code="YC", latitude_deg=30.69, longitude_deg=111.29)
NOWHERE = WeatherPlace(site_id=3, code="NO", latitude_deg=None, longitude_deg=None)
PLACES = [WUHAN, YICHANG, NOWHERE]


def test_a_file_tells_what_was_measured_and_what_was_foreseen(tmp_path: Path) -> None:
    file = tmp_path / "weather.csv"
    file.write_text(
        "site,valid_at,temperature_c,known_at\n"
        "WH,2026-03-20T08:00:00+08:00,12.5,\n"
        "YC,2026-03-21T08:00:00+08:00,14,2026-03-20T06:00:00+08:00\n"
    )
    measured, foreseen = CsvFile(path=file).values(PLACES, NOW)
    midnight = datetime(2026, 3, 20, tzinfo=UTC)
    assert (measured.measured, measured.known_at, measured.valid_at) == (True, midnight, midnight)
    assert (foreseen.measured, foreseen.site_id, foreseen.temperature_c) == (False, 2, 14.0)
    assert foreseen.known_at == midnight - timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("site,valid_at\n", "no column temperature_c"),
        ("site,valid_at,temperature_c\nXX,2026-03-20T08:00:00Z,1\n", "line 2: no site has"),
        ("site,valid_at,temperature_c\nWH,2026-03-20T08:00:00,1\n", "names no offset"),
        ("site,valid_at,temperature_c\nWH,2026-03-20T08:00:00Z,warm\n", "line 2"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "weather.csv"
    file.write_text(text)
    with pytest.raises(WeatherUnknownError, match=why):
        list(CsvFile(path=file).values(PLACES, NOW))


def test_files_of_this_machine_are_no_weather_servers() -> None:
    with pytest.raises(WeatherUnknownError, match="no http address"):
        get("file:///etc/passwd")


def test_too_few_places_in_an_answer_are_no_answer() -> None:
    source = OpenMeteo(url="x", get=lambda url: json.dumps(answers()[0]).encode())
    with pytest.raises(WeatherUnknownError, match="1 places answered of 2"):
        list(source.values(PLACES, NOW))


def test_messages_tell_what_was_measured_and_what_was_foreseen() -> None:
    source = MqttTopic()
    at_ms = int(NOW.timestamp() * 1000)
    hour_ms = 3_600_000
    source.heard(
        "loadstone/v1/weather/WH", json.dumps({"v": 1, "t": at_ms - 5, "temperature_c": 9}).encode()
    )
    foreseen = {"v": 1, "issued": at_ms - hour_ms, "values": [[at_ms + hour_ms, 10.5]]}
    source.heard("loadstone/v1/weather/YC", json.dumps(foreseen).encode())
    one, two = source.values(PLACES, NOW)
    assert (one.site_id, one.measured, one.known_at) == (1, True, NOW)
    assert (two.site_id, two.measured, two.temperature_c) == (2, False, 10.5)
    assert two.known_at == NOW - timedelta(hours=1)
    assert list(source.values(PLACES, NOW)) == []


@pytest.mark.parametrize("payload", [b"", b"[]", b'{"t": 1}', b'{"v": "x"}'])
def test_a_message_that_cannot_be_read_is_said_to_be_so(payload: bytes) -> None:
    source = MqttTopic()
    source.heard("loadstone/v1/weather/WH", payload)
    with pytest.raises(WeatherUnknownError, match="cannot be read"):
        list(source.values(PLACES, NOW))


def test_an_issue_from_the_future_is_taken_as_of_now() -> None:
    source = MqttTopic()
    later_ms = int(NOW.timestamp() * 1000) + 9_000_000
    source.heard("loadstone/v1/weather/WH", json.dumps(
        {"v": 1, "issued": later_ms, "values": [[later_ms, 10.5]]}).encode())  # fmt: skip
    (told,) = source.values(PLACES, NOW)
    assert told.known_at == NOW


def test_the_synthetic_weather_foresees_near_hours_better_than_far_ones() -> None:
    source = SyntheticWeather(cities={"WH": CITIES["Wuhan"]}, past=timedelta(days=2))
    errors: dict[int, list[float]] = {1: [], 8: []}
    for day in range(40):
        at = NOW + timedelta(days=day)
        foreseen = [one for one in source.values(PLACES, at) if not one.measured]
        truth_source = SyntheticWeather(cities=source.cities, past=timedelta(days=10))
        truth = {
            one.valid_at: one.temperature_c
            for one in truth_source.values(PLACES, at + timedelta(days=9))
            if one.measured
        }
        for one in foreseen:
            lead = (one.valid_at - at).days
            if lead in errors and one.valid_at in truth:
                errors[lead].append(abs(one.temperature_c - truth[one.valid_at]))
        assert all(one.known_at == at for one in foreseen)
    near, far = (sum(each) / len(each) for each in errors.values())
    assert 0.1 < near < far < 3
