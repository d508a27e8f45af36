"""Forecasts over the API: what stands, what stood, how good it was, and whose it is."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import psycopg
import pytest

from tests.integration.api.conftest import NOW
from tests.support.said_forecasts import DAY, day_curve

TODAY = date(2026, 10, 27)


@pytest.fixture
def site_a(said_world):
    return said_world["SITE-A"]


def test_the_forecast_that_stands_is_the_newest_of_each_interval(staff, site_a) -> None:
    answer = staff.get("/api/v1/sites/SITE-A/forecast").json()
    assert answer["zone"] == "Europe/Berlin"
    assert answer["start_at"] == "2026-10-26T23:00:00Z"
    kinds = {one["forecast_id"]: one["kind"] for one in answer["issues"]}
    tomorrow = [one for one in answer["data"] if one["start_at"] >= "2026-10-27T23:00:00Z"]
    assert len(tomorrow) == 96
    assert {kinds[one["forecast_id"]] for one in tomorrow} == {"day_ahead"}
    _, _, mean = day_curve(site_a, TODAY + DAY)
    assert [one["mean_kw"] for one in tomorrow] == pytest.approx(mean.tolist(), rel=1e-4)
    assert all(one["p10_kw"] < one["p50_kw"] < one["p975_kw"] for one in tomorrow)


def test_what_stood_at_an_earlier_time_is_answered_as_it_stood(staff, site_a) -> None:
    wanted = {"from": "2026-10-26T23:00:00Z", "to": "2026-10-27T23:00:00Z"}
    before = staff.get(
        "/api/v1/sites/SITE-A/forecast", params={**wanted, "as_of": "2026-10-25T12:00:00Z"}
    ).json()
    assert {one["kind"] for one in before["issues"]} == {"week_ahead"}
    assert all(one["issued_at"] <= "2026-10-25T12:00:00Z" for one in before["issues"])
    _, _, mean = day_curve(site_a, TODAY)
    said = [one["mean_kw"] for one in before["data"]]
    assert said == pytest.approx((0.95 * mean).tolist(), rel=1e-4)
    nothing = staff.get(
        "/api/v1/sites/SITE-A/forecast", params={**wanted, "as_of": "2026-01-01T00:00:00Z"}
    ).json()
    assert nothing["data"] == nothing["issues"] == []


def test_past_forecasts_are_listed_and_had_whole(staff) -> None:
    page = staff.get("/api/v1/sites/SITE-A/forecast/issues", params={"limit": 5}).json()
    assert len(page["data"]) == 5
    more = staff.get(
        "/api/v1/sites/SITE-A/forecast/issues",
        params={"limit": 1000, "cursor": page["next_cursor"]},
    ).json()
    ids = [one["forecast_id"] for one in page["data"] + more["data"]]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == len(ids) > 20
    day = staff.get(
        "/api/v1/sites/SITE-A/forecast/issues",
        params={"first_day": "2026-10-26", "last_day": "2026-10-26", "kind": "day_ahead"},
    ).json()["data"]
    assert [one["target_day"] for one in day] == ["2026-10-26"]
    one = staff.get(f"/api/v1/forecasts/{day[0]['forecast_id']}").json()
    assert len(one["data"]) == 96
    assert one["reasons"] == [{"code": "tried_days", "days": 84}]
    assert one["inputs"]["load"]["days"] == 120
    assert one["exceeds_ratio"] == 0.62


def test_a_day_of_the_clock_change_has_a_hundred_quarters(staff) -> None:
    found = staff.get(
        "/api/v1/sites/SITE-A/forecast/issues",
        params={"first_day": "2026-10-25", "last_day": "2026-10-25", "kind": "day_ahead"},
    ).json()["data"]
    assert len(staff.get(f"/api/v1/forecasts/{found[0]['forecast_id']}").json()["data"]) == 100


def test_the_month_lands_where_it_was_said(staff, site_a) -> None:
    answer = staff.get("/api/v1/sites/SITE-A/forecast/month").json()
    assert answer["month"] == "2026-10-01"
    assert answer["energy_kwh"]["p50"] == pytest.approx(site_a.level_kw * 720, rel=1e-4)
    assert answer["exceeds_ratio"] == 0.31
    assert staff.get(
        "/api/v1/sites/SITE-A/forecast/month", params={"month": "2025-01-05"}
    ).status_code == 404  # fmt: skip


def test_the_card_tells_errors_coverage_and_skill_against_the_better_naive(staff) -> None:
    answer = staff.get("/api/v1/sites/SITE-A/forecast/scorecard").json()
    assert (answer["first_day"], answer["last_day"]) == ("2026-09-29", "2026-10-26")
    card = answer["card"]
    assert card["days"] == 28
    assert card["wape_pct"] == pytest.approx(5.0)
    assert card["skill_ratio"] == pytest.approx(1 - 480 / 800)
    assert card["coverage_80_pct"] == pytest.approx(100 * 77 / 96)
    assert [one["lead_days"] for one in answer["by_lead"]] == [1, 2, 3, 4, 5, 6, 7]
    assert answer["by_lead"][6]["bias_pct"] == pytest.approx(-3.5)
    far = {"first_day": "2020-01-01", "last_day": "2020-01-31"}
    assert staff.get("/api/v1/sites/SITE-A/forecast/scorecard", params=far).json()["card"] is None


def test_the_portfolio_holds_the_sites_that_one_sees(staff, manager_b, said_world) -> None:
    everybody = staff.get("/api/v1/forecast-scorecard").json()
    assert {one["code"] for one in everybody["data"]} == {"SITE-A", "SITE-B"}
    assert everybody["sites"] == 2
    mine = manager_b.get("/api/v1/forecast-scorecard").json()
    assert [one["code"] for one in mine["data"]] == ["SITE-B"]
    assert mine["sites"] == 1


def test_a_customer_with_one_site_is_forecast_as_that_site(staff, said_world) -> None:
    answer = staff.get("/api/v1/customers/CUS-A/forecast").json()
    assert answer["site_id"] == said_world["SITE-A"].site_id
    assert len(answer["data"]) > 96
    assert staff.get("/api/v1/customers/CUS-A/forecast/month").status_code == 200
    assert staff.get("/api/v1/customers/CUS-A/forecast/scorecard").json()["card"]["days"] == 28


def test_weather_is_answered_as_it_was_known(staff) -> None:
    wanted = {"from": "2026-10-27T01:00:00Z", "to": "2026-10-27T06:00:00Z"}
    now = staff.get("/api/v1/sites/SITE-A/weather", params=wanted).json()["data"]
    before = staff.get(
        "/api/v1/sites/SITE-A/weather", params={**wanted, "as_of": "2026-10-26T12:00:00Z"}
    ).json()["data"]
    assert len(now) == len(before) == 5
    gaps = [a["temperature_c"] - b["temperature_c"] for a, b in zip(now, before, strict=True)]
    assert gaps == pytest.approx([4.0] * 5, abs=1e-4)
    assert not any(one["measured"] for one in now)


def test_forecasts_can_be_taken_away_as_a_table(staff, manager_b) -> None:
    answer = staff.get("/api/v1/exports/forecasts", params={"scope": "site:SITE-A"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["site_code"] for row in rows} == {"SITE-A"}
    assert float(rows[0]["p10_kw"]) < float(rows[0]["mean_kw"]) < float(rows[0]["p90_kw"])
    assert rows[0]["issued_at"].endswith("Z")
    everything = manager_b.get("/api/v1/exports/forecasts").text
    assert "SITE-A" not in everything
    assert "SITE-B" in everything
    assert manager_b.get(
        "/api/v1/exports/forecasts", params={"scope": "site:SITE-A"}
    ).status_code == 404  # fmt: skip


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("/sites/SITE-A/forecast", {"from": "2026-10-27T00:00:00Z", "to": "2026-10-26T00:00:00Z"},
         "from"),
        ("/sites/SITE-A/forecast", {"from": "2026-01-01T00:00:00Z", "to": "2026-10-26T00:00:00Z"},
         "to"),
        ("/sites/SITE-A/forecast", {"as_of": "yesterday"}, "as_of"),
        ("/sites/SITE-A/forecast/issues", {"kind": "trial"}, "kind"),
        ("/sites/SITE-A/forecast/scorecard",
         {"first_day": "2026-10-02", "last_day": "2026-10-01"}, "first_day"),
        ("/sites/SITE-A/forecast/scorecard", {"first_day": "2001-01-01"}, "last_day"),
        ("/exports/forecasts", {"scope": "meter:MTR-A1"}, "scope"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_field_value_and_rule(
    staff, said_world, path, params, field
) -> None:
    answer = staff.get(f"/api/v1{path}", params=params)
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert error["field"] == field
    assert error["rule"]


def test_nobody_sees_the_forecasts_of_another_customer(manager_b, staff, said_world) -> None:
    theirs = staff.get("/api/v1/sites/SITE-A/forecast/issues").json()["data"][0]["forecast_id"]
    for path in (
        "/sites/SITE-A/forecast", "/sites/SITE-A/forecast/issues", "/sites/SITE-A/forecast/month",
        "/sites/SITE-A/forecast/scorecard", "/sites/SITE-A/weather", "/customers/CUS-A/forecast",
        f"/forecasts/{theirs}", "/customers/CUS-A/production-calendar",
    ):  # fmt: skip
        assert manager_b.get(f"/api/v1{path}").status_code == 404, path
    asked = {"shift": {"power_kw": 5, "out_of": {"begins": "14:00", "ends": "22:00"}}}
    path = "/api/v1/sites/SITE-A/forecast/what-if"
    assert manager_b.post(path, json=asked).status_code == 404


def test_trials_are_told_to_nobody(staff, world, said_world) -> None:
    with psycopg.connect(world.url) as connection:
        connection.execute(
            "INSERT INTO core.forecast (subject_id, kind, target_day, issued_at, reckoned_at, "
            "lead_days, zone, starts_at, ends_at, interval_s, model, reason, mean_kw) "
            "SELECT subject_id, 'trial', target_day, issued_at, reckoned_at, lead_days, zone, "
            "starts_at, ends_at, interval_s, 'secret', 'x', mean_kw FROM core.forecast "
            "WHERE kind = 'day_ahead' ON CONFLICT DO NOTHING"
        )
    listed = staff.get("/api/v1/sites/SITE-A/forecast/issues", params={"limit": 1000}).json()
    assert "secret" not in {one["model"] for one in listed["data"]}


def shift(power_kw: float, into: tuple[str, str] | None = ("00:00", "06:00")) -> dict:
    window = {"begins": into[0], "ends": into[1]} if into else None
    return {"shift": {"power_kw": power_kw, "out_of": {"begins": "10:00", "ends": "18:00"},
                      "into": window}}  # fmt: skip


def test_moving_load_lowers_the_peak_and_keeps_the_energy(staff, site_a) -> None:
    answer = staff.post("/api/v1/sites/SITE-A/forecast/what-if", json=shift(20)).json()
    assert answer["first_day"] == answer["last_day"] == "2026-10-28"
    assert answer["moved_kwh"] == pytest.approx(20 * 8)
    assert answer["after"]["energy_kwh"] == pytest.approx(answer["before"]["energy_kwh"])
    assert answer["after"]["peak_kw"]["p50"] < answer["before"]["peak_kw"]["p50"] - 10
    assert answer["after"]["exceeds_ratio"] < answer["before"]["exceeds_ratio"]
    assert len(answer["data"]) == 96
    noon = next(one for one in answer["data"] if one["start_at"] == "2026-10-28T11:00:00Z")
    assert noon["changed_mean_kw"] == pytest.approx(noon["mean_kw"] - 20, abs=1e-3)
    assert noon["changed_p90_kw"] == pytest.approx(noon["p90_kw"] - 20, abs=1e-3)


def test_load_that_is_not_used_is_gone(staff, site_a) -> None:
    answer = staff.post("/api/v1/sites/SITE-A/forecast/what-if", json=shift(20, None)).json()
    gone = answer["before"]["energy_kwh"] - answer["after"]["energy_kwh"]
    assert gone == pytest.approx(160)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (shift(0), "shift.power_kw"),
        (shift(20, ("09:00", "12:00")), "shift.into"),
        (shift(20, ("09:00", "09:00")), "shift.into.ends"),
        ({"warmer_k": 99}, "warmer_k"),
        ({"warmer_k": 3}, "warmer_k"),
        ({"first_day": "2026-10-01"}, "first_day"),
        ({"first_day": "2026-10-28", "last_day": "2027-10-28"}, "last_day"),
        ({"colder": 3}, "colder"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(staff, said_world, body, field) -> None:
    answer = staff.post("/api/v1/sites/SITE-A/forecast/what-if", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


ENTRY = {"name": "Summer shutdown", "kind": "shutdown", "first_day": "2027-08-02",
         "last_day": "2027-08-13"}  # fmt: skip


def test_a_calendar_is_kept_by_adding_changing_and_withdrawing(
    manager_a, manager_b, staff, world, said_world
) -> None:
    customer = world.customers["CUS-A"]
    made = manager_a.post("/api/v1/production-days", json={**ENTRY, "customer_id": customer})
    assert made.status_code == 201
    first = made.json()["production_day_id"]
    assert made.json()["entered_by"] == "manager-a"
    read = manager_a.get(f"/api/v1/production-days/{first}")
    assert read.json() == made.json()
    assert manager_b.get(f"/api/v1/production-days/{first}").status_code == 404
    again = manager_a.post("/api/v1/production-days", json={**ENTRY, "customer_id": customer})
    assert again.json()["errors"][0]["rule"] == f"overlaps entry {first} of the same name"
    longer = {**ENTRY, "last_day": "2027-08-16"}
    old = {"If-Match": '"0.0"'}
    path = f"/api/v1/production-days/{first}"
    assert manager_a.put(path, json=longer, headers=old).status_code == 412
    changed = manager_a.put(path, json=longer, headers={"If-Match": read.headers["etag"]})
    second = changed.json()["production_day_id"]
    assert changed.status_code == 200
    assert second != first
    assert manager_a.put(path, json=longer).status_code == 404
    gone = manager_a.delete(f"/api/v1/production-days/{second}")
    assert gone.json()["withdrawn_by"] == "manager-a"
    standing = staff.get("/api/v1/production-days", params={"customer_id": customer}).json()["data"]
    assert not {first, second} & {one["production_day_id"] for one in standing}
    with psycopg.connect(world.url) as connection:
        noted = connection.execute(
            "SELECT count(*) FROM core.audit WHERE kind = 'production_day' AND who = 'manager-a'"
        ).fetchone()
    assert noted is not None
    assert noted[0] >= 4


def test_an_entry_is_made_once_however_often_it_is_sent(manager_a, world, said_world) -> None:
    body = {**ENTRY, "name": "Once", "customer_id": world.customers["CUS-A"]}
    head = {"Idempotency-Key": "once"}
    one = manager_a.post("/api/v1/production-days", json=body, headers=head)
    two = manager_a.post("/api/v1/production-days", json=body, headers=head)
    assert one.json() == two.json()
    assert two.headers["idempotency-replayed"] == "true"


def test_who_may_not_keep_calendars_is_told_who_may(as_user, world, manager_b) -> None:
    body = {**ENTRY, "customer_id": world.customers["CUS-A"]}
    refused = as_user("integrator").post("/api/v1/production-days", json=body)
    assert refused.status_code == 403
    assert manager_b.post("/api/v1/production-days", json=body).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"last_day": "2027-08-01"}, "last_day"),
        ({"last_day": "2029-08-01"}, "last_day"),
        ({"name": "   "}, "name"),
        ({"kind": "holiday"}, "kind"),
        ({"first_day": "1890-08-01"}, "first_day"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(manager_a, world, said_world, changed, field) -> None:
    body = {**ENTRY, "customer_id": world.customers["CUS-A"], **changed}
    answer = manager_a.post("/api/v1/production-days", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_the_calendar_says_which_years_are_not_published(staff, said_world) -> None:
    answer = staff.get("/api/v1/customers/CUS-B/production-calendar").json()
    assert answer["public"][0]["country"] == "CN"
    years = answer["public"][0]["unpublished_years"]
    assert all(year in {NOW.year, (NOW + timedelta(days=60)).year} for year in years)
    assert staff.get("/api/v1/customers/CUS-A/production-calendar").json()["public"] == [
        {"site_id": said_world["SITE-A"].site_id, "code": "SITE-A", "country": "DE",
         "subdivision": None, "unpublished_years": []}
    ]  # fmt: skip
