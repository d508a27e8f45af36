from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from simulator.interval_series import IntervalSeries, register_points
from simulator.replay import ReplayMeter, birth, messages, meter_code

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WHO = ReplayMeter(gateway="GW-1", boot=7, meter="M-1")


def hourly(count: int) -> IntervalSeries:
    start_ms = int(BEGIN.timestamp() * 1000) + 3_600_000 * np.arange(count)
    return IntervalSeries(start_ms=start_ms, energy_kwh=np.full(count, 2.5), step_ms=3_600_000)


def test_messages_are_numbered_and_hold_many_readings():
    sent = list(messages(WHO, register_points(hourly(100)), lambda: BEGIN + timedelta(days=9)))
    bodies = [json.loads(message.payload) for message in sent]
    assert [body["seq"] for body in bodies] == [1, 2, 3]
    assert [message.readings for message in sent] == [96, 96, 9]
    assert bodies[0]["r"][:2] == [
        {"m": "M-1", "t": 1767225600000, "k": "inst", "f": {"p": 2.5}},
        {"m": "M-1", "t": 1767225600000, "k": "reg", "ep": 0, "f": {"ep_imp": 0.0}},
    ]
    assert bodies[-1]["r"][-1]["f"] == {"ep_imp": 250.0}


def test_only_what_is_older_than_an_hour_is_a_backfill():
    points = register_points(hourly(96))
    now = BEGIN + timedelta(hours=97)
    flags = [json.loads(m.payload).get("bf", False) for m in messages(WHO, points, lambda: now)]
    assert flags == [True, True, False]


def test_birth_names_the_meter_and_its_step():
    body = json.loads(birth(WHO, hourly(1), 5))
    assert (body["gw"], body["boot"], body["meters"][0]["m"]) == ("GW-1", 7, "M-1")
    assert body["meters"][0]["dt_s"] == 3600


@pytest.mark.parametrize(
    ("name", "code"),
    [("LP_Ö_Büro_m", "LP_O_Buro_m"), ("a b/c", "a-b-c"), ("钢厂", "METER-1"), ("-x" * 99, None)],
)
def test_a_series_name_becomes_an_id_of_the_protocol(name, code):
    made = meter_code(name)
    assert made[0].isalnum() and len(made) <= 64
    assert code is None or made == code
