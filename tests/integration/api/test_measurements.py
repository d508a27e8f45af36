"""Latest values, raw readings, load and energy against what the registers truly counted."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from api.models.series import Energy, Load, Readings, SiteEnergy, SiteLoad


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def energy(client, path: str, start: str, end: str, step: str, **more: str) -> dict:
    wanted = {"from": start, "to": end, "step": step, **more}
    answer = client.get(f"/api/v1/{path}/energy", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_newest_values_say_their_age(staff):
    answer = staff.get("/api/v1/meters/MTR-A1/latest").json()
    assert answer["ts"] == "2026-10-27T00:00:00Z"
    assert answer["received_at"] == "2026-10-27T00:00:02Z"
    assert answer["age_s"] == 0
    assert answer["active_power_kw"] == pytest.approx(123.456)
    assert answer["voltage_bn_v"] is None
    assert answer["quality_flags"] == ["clock_unsynced"]


def test_a_meter_that_was_never_heard_of_has_no_values_and_no_age(staff):
    answer = staff.get("/api/v1/meters/MTR-B1/latest").json()
    assert (answer["ts"], answer["age_s"], answer["active_power_kw"]) == (None, None, None)
    assert answer["quality_flags"] == []


def test_the_newest_values_of_a_site_come_with_those_of_silent_meters(staff, world):
    wanted = {"site_id": world.sites["SITE-A"]}
    rows = staff.get("/api/v1/latest", params=wanted).json()["data"]
    assert [row["code"] for row in rows] == ["MTR-A1", "MTR-A2", "MTR-A3"]
    assert rows[1]["age_s"] > 200 * 86400


def test_raw_readings_come_in_parts_by_time_and_none_twice(staff, world):
    wanted = {"from": "2026-03-20T00:00:00Z", "to": "2026-03-21T00:00:00Z", "limit": 40}
    stamps, totals = [], []
    while True:
        answer = staff.get("/api/v1/meters/MTR-A1/readings", params=wanted).json()
        Readings.model_validate(answer)
        stamps += [row["ts"] for row in answer["data"]]
        totals += [row["import_total_kwh"] for row in answer["data"]]
        if answer["next_cursor"] is None:
            break
        wanted["cursor"] = answer["next_cursor"]
    assert len(stamps) == len(set(stamps)) == 96
    assert stamps == sorted(stamps)
    np.testing.assert_allclose(totals, world.tracks["MTR-A1"].total_kwh[:96], rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("step", "zone"),
    [
        ("1m", "Europe/Berlin"),
        ("PT15M", "Europe/Berlin"),
        ("30m", "Asia/Kolkata"),
        ("1h", "Europe/Berlin"),
        ("1d", "Europe/Berlin"),
        ("P1D", "America/St_Johns"),
        ("1w", "Europe/Berlin"),
        ("1mo", "Europe/Berlin"),
        ("1y", "UTC"),
    ],
)
def test_energy_by_interval_is_what_the_register_counted(staff, world, step, zone):
    start, end = "2026-03-21T07:07:00+01:00", "2026-03-31T19:53:20Z"
    answer = energy(staff, "meters/MTR-A1", start, end, step, tz=zone)
    Energy.model_validate(answer)
    track = world.tracks["MTR-A1"]
    found = [row["energy_kwh"] for row in answer["data"]]
    true = [track.between(at(row["start_at"]), at(row["end_at"])) for row in answer["data"]]
    np.testing.assert_allclose(found, true, rtol=0, atol=1e-6)
    assert answer["total"]["energy_kwh"] == pytest.approx(track.between(at(start), at(end)), 1e-9)
    assert answer["zone"] == zone
    assert answer["total"]["quality"] == "measured"
    assert answer["total"]["measured_ratio"] == pytest.approx(1)
    assert answer["total"]["counts"]["measured"] == len(found)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23),
        ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25),
    ],
)
def test_a_day_on_which_the_clock_changes_has_its_own_length(staff, world, start, end, hours):
    by_day = energy(staff, "meters/MTR-A1", start, end, "1d")
    by_hour = energy(staff, "meters/MTR-A1", start, end, "1h")
    true_kwh = world.tracks["MTR-A1"].between(at(start), at(end))
    assert len(by_day["data"]) == 1
    assert len(by_hour["data"]) == hours
    assert by_day["total"]["energy_kwh"] == pytest.approx(true_kwh, abs=1e-6)
    assert by_hour["total"]["energy_kwh"] == pytest.approx(true_kwh, abs=1e-6)


def test_the_sites_zone_cuts_days_where_none_is_given(staff):
    answer = energy(staff, "meters/MTR-A1", "2026-03-22T00:00:00Z", "2026-03-24T00:00:00Z", "1d")
    assert answer["zone"] == "Europe/Berlin"
    assert [row["start_at"] for row in answer["data"]] == [
        "2026-03-22T00:00:00Z",
        "2026-03-22T23:00:00Z",
        "2026-03-23T23:00:00Z",
    ]


def test_a_rollover_loses_nothing(staff, world):
    start, end = "2026-03-25T00:00:00Z", "2026-03-26T00:00:00Z"
    answer = energy(staff, "meters/MTR-A3", start, end, "1h", tz="UTC")
    true_kwh = world.tracks["MTR-A3"].between(at(start), at(end))
    assert answer["total"]["energy_kwh"] == pytest.approx(true_kwh, abs=1e-6)
    assert answer["total"]["quality"] == "measured"


def test_reactive_energy_has_its_own_name_and_unit(staff, world):
    start, end = "2026-03-22T00:00:00Z", "2026-03-23T00:00:00Z"
    answer = energy(staff, "meters/MTR-A1", start, end, "1d", register="rimp", tz="UTC")
    Energy.model_validate(answer)
    assert answer["unit"] == "kvarh"
    assert "energy_kwh" not in answer["data"][0]
    true_kvarh = world.tracks["MTR-A1"].between(at(start), at(end)) / 4
    assert answer["total"]["reactive_energy_kvarh"] == pytest.approx(true_kvarh, abs=1e-2)


def test_energy_over_a_gap_is_estimated_and_in_sum_right(staff, world):
    start, end = "2026-04-01T00:00:00Z", "2026-10-24T00:00:00Z"
    answer = energy(staff, "meters/MTR-A1", start, end, "1mo")
    assert answer["total"]["quality"] == "estimated"
    assert answer["total"]["counts"]["estimated"] == len(answer["data"])
    true_kwh = world.tracks["MTR-A1"].between(at(start), at(end))
    assert answer["total"]["energy_kwh"] == pytest.approx(true_kwh, abs=1e-6)
    assert 0.95 < answer["total"]["estimated_ratio"] < 1


def test_energy_that_is_not_known_is_null_and_counted_as_missing(staff):
    answer = energy(staff, "meters/MTR-B1", "2026-03-22T00:00:00Z", "2026-03-23T00:00:00Z", "1h")
    assert {row["energy_kwh"] for row in answer["data"]} == {None}
    assert answer["total"] == {
        "energy_kwh": None,
        "quality": "missing",
        "measured_ratio": 0,
        "estimated_ratio": 0,
        "counts": {"measured": 0, "corrected": 0, "estimated": 0, "missing": 24},
    }


def test_a_sites_energy_is_the_sum_of_its_main_meters(staff, world):
    start, end = "2026-03-22T00:00:00Z", "2026-03-24T00:00:00Z"
    answer = energy(staff, "sites/SITE-A", start, end, "1h")
    SiteEnergy.model_validate(answer)
    true_kwh = sum(world.tracks[code].between(at(start), at(end)) for code in ("MTR-A1", "MTR-A2"))
    assert answer["meters"] == ["MTR-A1", "MTR-A2"]
    assert answer["total"]["energy_kwh"] == pytest.approx(true_kwh, abs=1e-6)
    assert answer["total"]["quality"] == "measured"


def test_an_interval_that_lacks_a_meter_names_it_and_has_no_sum(staff, world):
    start, end = "2026-03-27T00:00:00Z", "2026-03-30T00:00:00Z"
    answer = energy(staff, "sites/SITE-A", start, end, "1d", tz="UTC")
    whole, *rest = answer["data"]
    assert whole["missing_meters"] == []
    for row in rest:
        assert row["missing_meters"] == ["MTR-A2"]
        assert row["quality"] == "missing"
        assert row["energy_kwh"] is None
        true_kwh = world.tracks["MTR-A1"].between(at(row["start_at"]), at(row["end_at"]))
        assert row["known_energy_kwh"] == pytest.approx(true_kwh, abs=1e-6)
    assert answer["total"]["quality"] == "missing"


def test_load_is_the_energy_over_the_time_with_the_samples_extremes(staff, world):
    wanted = {"from": "2026-03-22T00:00:00Z", "to": "2026-03-23T00:00:00Z", "step": "1h"}
    answer = staff.get("/api/v1/meters/MTR-A1/load", params=wanted).json()
    Load.model_validate(answer)
    track = world.tracks["MTR-A1"]
    true_kw = [track.between(at(row["start_at"]), at(row["end_at"])) for row in answer["data"]]
    np.testing.assert_allclose([row["power_kw"] for row in answer["data"]], true_kw, atol=1e-6)
    assert {row["samples"] for row in answer["data"]} == {4}
    assert answer["data"][0]["power_max_kw"] == pytest.approx(123.456)


def test_a_sites_load_names_the_meter_that_is_silent(staff):
    wanted = {"from": "2026-03-27T22:00:00Z", "to": "2026-03-28T02:00:00Z", "step": "1h"}
    answer = staff.get("/api/v1/sites/SITE-A/load", params=wanted).json()
    SiteLoad.model_validate(answer)
    assert answer["data"][0]["missing_meters"] == []
    assert answer["data"][-1]["missing_meters"] == ["MTR-A2"]
    assert answer["data"][-1]["power_kw"] is None
    assert answer["data"][-1]["quality"] == "missing"


def test_without_a_time_the_last_24_hours_are_answered(staff):
    answer = staff.get("/api/v1/meters/MTR-A1/energy").json()
    assert (answer["start_at"], answer["end_at"]) == (
        "2026-10-26T00:00:00Z",
        "2026-10-27T00:00:00Z",
    )
    assert len(answer["data"]) == 96


def test_epoch_milliseconds_and_an_unescaped_plus_sign_are_understood(staff):
    answer = staff.get(
        "/api/v1/meters/MTR-A1/energy?from=1774137600000&to=2026-03-23T01:00:00+01:00&step=1h"
    ).json()
    assert answer["start_at"] == "2026-03-22T00:00:00Z"
    assert answer["end_at"] == "2026-03-23T00:00:00Z"
