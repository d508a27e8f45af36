"""Measures from proposal to verified money, and whose they are."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from forecast.savings.record import from_record
from tests.support.saving_site import SAVED_RATIO, SHUT, SINCE, SavingSite, put_saving_site

PLAN = {"what": "Night set-back", "expected_kwh": 60_000.0, "owner": "Ann"}


@pytest.fixture(scope="module")
def saving_site(world) -> SavingSite:
    with psycopg.connect(world.url) as connection:
        return put_saving_site(connection, world.customers["CUS-A"], "SITE-S")


@pytest.fixture
def implemented(staff, saving_site) -> dict:
    body = {
        **PLAN, "site_id": saving_site.site_id, "status": "implemented",
        "implemented_on": SINCE.isoformat(),
    }  # fmt: skip
    answer = staff.post("/api/v1/saving-measures", json=body)
    assert answer.status_code == 201
    return answer.json()


def test_a_measure_goes_from_proposal_to_verified_money(staff, saving_site, world) -> None:
    made = staff.post(
        "/api/v1/saving-measures", json={**PLAN, "site_id": saving_site.site_id}
    ).json()
    assert made["status"] == "proposed"
    path = f"/api/v1/saving-measures/{made['measure_id']}"
    early = staff.post(f"{path}/verifications")
    assert early.status_code == 422
    assert early.json()["errors"][0]["field"] == "implemented_on"
    changed = staff.put(
        path, json={**PLAN, "status": "implemented", "implemented_on": SINCE.isoformat()}
    )
    assert changed.json()["status"] == "implemented"

    told = staff.post(f"{path}/verifications")
    assert told.status_code == 201
    first = told.json()
    flagged = staff.get(f"{path}/events").json()["data"]
    assert [(one["kind"], one["first_day"], one["end_day"]) for one in flagged] == [
        ("shutdown", SHUT[0].isoformat(), SHUT[1].isoformat())
    ]
    assert from_record(first["result"]).savings_kwh == pytest.approx(first["saved_kwh"])

    decision = {"status": "confirmed", "treatment": "exclude", "note": "The yearly overhaul"}
    decided = staff.put(f"/api/v1/non-routine-events/{flagged[0]['event_id']}", json=decision)
    assert decided.json()["decided_by"] == "staff"
    second = staff.post(f"{path}/verifications").json()
    assert second["saved_kwh"] < first["saved_kwh"] - 3000
    assert second["result"]["savings_pct"] == pytest.approx(100 * SAVED_RATIO, abs=1.0)
    assert second["verdict"] == "proven"
    assert float(second["saved_money"]) == pytest.approx(0.8 * second["saved_kwh"], abs=0.02)
    assert second["currency"] == "CNY"
    assert second["weather_source"] == "made-up"
    assert staff.get(path).json()["status"] == "verified"

    kept = staff.get(f"{path}/verifications").json()["data"]
    assert [one["saved_kwh"] for one in kept] == [second["saved_kwh"], first["saved_kwh"]]
    sums = staff.get("/api/v1/customers/CUS-A/verified-savings").json()["data"]
    assert sums[0]["saved_money"] == second["saved_money"]
    with psycopg.connect(world.url) as connection:
        noted = connection.execute(
            "SELECT kind, count(*) FROM core.audit WHERE who = 'staff' AND kind IN "
            "('saving_measure', 'saving_verification', 'non_routine_event') GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert dict(noted).keys() == {"saving_measure", "saving_verification", "non_routine_event"}


def test_what_was_judged_is_never_rewritten(staff, implemented, world) -> None:
    staff.post(f"/api/v1/saving-measures/{implemented['measure_id']}/verifications")
    with (
        psycopg.connect(world.url) as connection,
        pytest.raises(psycopg.errors.RestrictViolation, match="only added to"),
    ):
        connection.execute("UPDATE core.saving_verification SET saved_kwh = 0")


def test_an_event_that_somebody_knows_of_is_declared_and_counted(staff, implemented) -> None:
    path = f"/api/v1/saving-measures/{implemented['measure_id']}"
    body = {
        "first_day": SHUT[0].isoformat(), "end_day": SHUT[1].isoformat(),
        "treatment": "adjust", "adjustment_kwh": -5000.0, "note": "Overhaul, by the log book",
    }  # fmt: skip
    before = staff.post(f"{path}/verifications").json()
    made = staff.post(f"{path}/events", json=body)
    assert made.status_code == 201
    assert (made.json()["period"], made.json()["status"]) == ("reporting", "confirmed")
    after = staff.post(f"{path}/verifications").json()
    assert after["saved_kwh"] == pytest.approx(before["saved_kwh"] - 5000, abs=0.01)
    across = {**body, "first_day": (SINCE - timedelta(days=3)).isoformat()}
    refused = staff.post(f"{path}/events", json=across)
    assert refused.json()["errors"][0]["field"] == "first_day"


def test_a_request_sent_again_is_done_once(staff, saving_site) -> None:
    head = {"Idempotency-Key": "measure-once"}
    body = {**PLAN, "what": "Once only", "site_id": saving_site.site_id}
    one = staff.post("/api/v1/saving-measures", json=body, headers=head).json()
    two = staff.post("/api/v1/saving-measures", json=body, headers=head).json()
    assert one == two
    listed = staff.get("/api/v1/saving-measures", params={"site_id": saving_site.site_id}).json()
    assert [row["what"] for row in listed["data"]].count("Once only") == 1


def test_a_measure_seen_as_another_is_not_changed(staff, implemented) -> None:
    path = f"/api/v1/saving-measures/{implemented['measure_id']}"
    answer = staff.put(path, json=PLAN, headers={"If-Match": '"other"'})
    assert answer.status_code == 412


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"status": "implemented"}, "implemented_on"),
        ({"option": "B"}, "meter_ids"),
        ({"meter_ids": [2147483647]}, "meter_ids"),
        ({"implemented_on": "2026-01-01", "baseline_from": "2026-02-01"}, "baseline_from"),
        ({"planned_on": "0001-01-01"}, "planned_on"),
    ],
)
def test_what_cannot_be_is_refused_by_field(staff, saving_site, body, field) -> None:
    answer = staff.post(
        "/api/v1/saving-measures", json={**PLAN, "site_id": saving_site.site_id, **body}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_nobody_sees_or_changes_another_customers_measures(
    staff, manager_a, manager_b, saving_site, implemented, as_user
) -> None:
    path = f"/api/v1/saving-measures/{implemented['measure_id']}"
    staff.post(f"{path}/verifications")
    event = staff.get(f"{path}/events").json()["data"][0]["event_id"]
    assert manager_a.get(path).status_code == 200
    for theirs in (path, f"{path}/verifications", f"{path}/events"):
        assert manager_b.get(theirs).status_code == 404
    assert manager_b.get("/api/v1/customers/CUS-A/verified-savings").status_code == 404
    assert manager_b.get("/api/v1/saving-measures").json()["data"] == []
    # Whoever the saving is owed by does not judge it.
    assert manager_a.post(f"{path}/verifications").status_code == 403
    decision = {"status": "dismissed", "note": "Nothing there"}
    assert manager_a.put(
        f"/api/v1/non-routine-events/{event}", json=decision
    ).status_code == 403  # fmt: skip
