"""Prices and opportunities over the API: who sees them, who changes them, what becomes of one."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest

from loadstone.storage.opportunities import FoundOpportunity, store_search
from tests.integration.api.conftest import NOW

HUBEI = {
    "valid_from": "2026-01-01", "flat_per_kwh": "0.651886", "sharp_per_kwh": "1.049999",
    "valley_per_kwh": "0.432924", "basis": "contract", "demand_per_kw_month": "42",
    "power_factor_standard_ratio": "0.90",
    "windows": [
        {"period": "sharp", "begins": "18:00", "ends": "20:00", "months": [1, 2]},
        {"period": "valley", "begins": "22:00", "ends": "06:00"},
        {"period": "valley", "begins": "12:00", "ends": "24:00"},
    ],
}  # fmt: skip
EVIDENCE = {
    "axis": "day_hour", "unit": "kW", "x": [0.0, 0.25], "labels": [],
    "series": [{"name": "workday", "values": [10.0, None]}], "levels": [],
}  # fmt: skip


def found(code: str, money: str | None, energy_kwh: float = 1000.0) -> FoundOpportunity:
    amount = None if money is None else Decimal(money)
    return FoundOpportunity(
        meter_id=None, code=code, params={"base_kw": 12.5}, evidence=EVIDENCE,
        energy_kwh=energy_kwh, energy_low_kwh=500.0, energy_high_kwh=1500.0, demand_kw=0.0,
        money=amount, low_money=amount, high_money=amount,
        currency=None if amount is None else "CNY", confidence="high", effort="low",
    )  # fmt: skip


@pytest.fixture(scope="module")
def ids(world) -> dict[str, int]:
    with psycopg.connect(world.url) as connection:
        store_search(
            connection, world.sites["SITE-A"],
            [found("off_hours_base", "900.50"), found("voltage", None),
             found("late_stop", "12000"), found("power_factor", "55.25")], 30, NOW,
        )  # fmt: skip
        store_search(connection, world.sites["SITE-B"], [found("early_start", "700")], 30, NOW)
        rows = connection.execute("SELECT code, opportunity_id FROM core.opportunity").fetchall()
    return dict(rows)


def test_a_list_is_ranked_by_money_and_had_in_parts(as_user, ids):
    client = as_user("manager-a")
    first = client.get("/api/v1/opportunities", params={"limit": 3}).json()
    assert [row["code"] for row in first["data"]] == [
        "late_stop", "off_hours_base", "power_factor",
    ]  # fmt: skip
    assert first["data"][0]["money"] == "12000.00"
    assert first["data"][0]["evidence"]["series"][0]["values"] == [10.0, None]
    cursor = first["next_cursor"]
    rest = client.get("/api/v1/opportunities", params={"limit": 3, "cursor": cursor}).json()
    assert [row["code"] for row in rest["data"]] == ["voltage"]
    only = client.get("/api/v1/opportunities", params={"code": "voltage", "status": "new"}).json()
    assert [row["opportunity_id"] for row in only["data"]] == [ids["voltage"]]


def test_another_customers_opportunity_is_not_there(as_user, ids):
    client = as_user("manager-a")
    assert client.get(f"/api/v1/opportunities/{ids['early_start']}").status_code == 404
    assert client.get("/api/v1/opportunities", params={"sort": "money"}).json()["data"][-1][
        "code"
    ] == "late_stop"  # fmt: skip


def test_who_keeps_accounts_answers_an_opportunity_and_others_read_it(as_user, ids):
    path = f"/api/v1/opportunities/{ids['off_hours_base']}"
    assert as_user("manager-a").patch(path, json={"status": "accepted"}).status_code == 403
    staff = as_user("staff")
    seen = staff.get(path)
    body = {"status": "accepted", "owner": "Chen Bo", "note": "walk through on Friday"}
    changed = staff.patch(path, json=body, headers={"If-Match": seen.headers["etag"]})
    assert changed.status_code == 200
    assert {k: changed.json()[k] for k in body} == body
    stale = staff.patch(path, json={"owner": None}, headers={"If-Match": seen.headers["etag"]})
    assert stale.status_code == 412
    assert staff.patch(path, json={"owner": None}).json()["note"] == body["note"]
    assert staff.patch(path, json={"status": "measure"}).status_code == 422
    for text in ("a\x00b", "\ud800"):
        assert staff.patch(path, content=json.dumps({"note": text})).status_code == 422
        assert staff.patch(path, content=json.dumps({"owner": text})).status_code == 422


def test_an_opportunity_becomes_one_measure_with_what_it_promises(as_user, ids, world):
    path = f"/api/v1/opportunities/{ids['late_stop']}"
    staff = as_user("staff")
    body = {"what": "Fans stop at seven", "planned_on": "2026-12-01", "owner": "Chen Bo"}
    headers = {"Idempotency-Key": "once"}
    made = staff.post(f"{path}/measure", json=body, headers=headers)
    assert made.status_code == 201
    assert made.json()["status"] == "measure"
    again = staff.post(f"{path}/measure", json=body, headers=headers)
    assert again.json() == made.json()
    assert staff.post(f"{path}/measure", json=body).status_code == 409
    measure = staff.get(f"/api/v1/saving-measures/{made.json()['measure_id']}").json()
    assert measure["what"] == body["what"]
    assert measure["opportunity_id"] == ids["late_stop"]
    assert measure["expected_kwh"] == 1000.0
    assert measure["site_id"] == world.sites["SITE-A"]
    assert staff.patch(path, json={"status": "new"}).status_code == 409
    assert staff.patch(path, json={"status": "done"}).json()["status"] == "done"


def test_prices_are_put_as_a_list_and_read_by_who_sees_the_customer(as_user):
    path = "/api/v1/customers/CUS-A/prices"
    staff = as_user("staff")
    empty = staff.get(path)
    assert empty.json()["prices"] == []
    assert as_user("manager-a").put(path, json={"prices": [HUBEI]}).status_code == 403
    put = staff.put(path, json={"prices": [HUBEI]}, headers={"If-Match": empty.headers["etag"]})
    assert put.status_code == 200
    (price,) = put.json()["prices"]
    assert price["windows"][1] == {
        "period": "valley", "begins": "22:00", "ends": "06:00", "months": [],
    }  # fmt: skip
    assert price["windows"][2]["ends"] == "24:00"
    assert price["flat_per_kwh"] == "0.651886"
    assert as_user("manager-a").get(path).json() == put.json()
    assert as_user("manager-a").get("/api/v1/customers/CUS-B/prices").status_code == 404
    late = {"prices": [HUBEI, {**HUBEI, "valid_from": "2026-08-01"}]}
    wrong = staff.put(path, json=late, headers={"If-Match": empty.headers["etag"]})
    assert wrong.status_code == 412
    assert len(staff.put(path, json=late).json()["prices"]) == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("windows", [{"period": "peak", "begins": "08:00", "ends": "11:00"}]),
        ("windows", [{"period": "valley", "begins": "08:00", "ends": "08:00"}]),
        ("basis", "capacity"), ("currency", "yuan"), ("flat_per_kwh", "-1"),
        ("power_factor_standard_ratio", "0.7"), ("valid_from", "2026-13-01"),
    ],
)  # fmt: skip
def test_a_price_that_cannot_be_is_refused(as_user, field, value):
    body = {"prices": [{**HUBEI, field: value}]}
    refused = as_user("staff").put("/api/v1/customers/CUS-B/prices", json=body)
    assert refused.status_code == 422
    assert as_user("staff").get("/api/v1/customers/CUS-B/prices").json()["prices"] == []


def test_what_is_gone_is_told_apart(as_user, ids, world):
    with psycopg.connect(world.url) as connection:
        later = NOW + timedelta(days=1)
        store_search(connection, world.sites["SITE-B"], [found("voltage", "1")], 30, later)
    staff = as_user("staff")
    gone = staff.get("/api/v1/opportunities", params={"gone": True}).json()["data"]
    assert [row["code"] for row in gone] == ["early_start"]
    assert gone[0]["opportunity_id"] == ids["early_start"]
