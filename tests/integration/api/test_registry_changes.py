"""The registry is made, changed and retired over the API; a refusal says field, value and rule."""

from __future__ import annotations

import secrets

import pytest

from loadstone.domain.scope import of_sites
from loadstone.storage.identity import create_token, put_user
from tests.integration.api.conftest import PASSWORD

_CUSTOMER = {"code": "CUS-NEW", "name_en": "New works", "name_zh": "新厂", "kind": "factory"}


def _code(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(4)}"


@pytest.fixture
def premises(operator):
    """A customer with a site of its own, which other tests do not count."""
    customer = operator.post("/api/v1/customers", json={**_CUSTOMER, "code": _code("CUS")})
    site = operator.post(
        "/api/v1/sites",
        json={
            "customer_id": customer.json()["customer_id"],
            "code": _code("SITE"),
            "name_en": "Hall",
            "name_zh": "厅",
            "zone": "Asia/Shanghai",
        },
    )
    assert (customer.status_code, site.status_code) == (201, 201)
    return site.json()


def _new_meter(site, **values):
    return {
        "site_id": site["site_id"],
        "code": _code("MTR"),
        "name_en": "M",
        "name_zh": "表",
    } | values


def test_premises_are_made_from_the_customer_down_to_the_channel(operator, premises):
    equipment = operator.post(
        "/api/v1/equipment",
        json={
            "site_id": premises["site_id"],
            "code": "CH-1",
            "name_en": "Chiller",
            "name_zh": "冷机",
            "category": "chiller",
        },
    ).json()
    gateway = operator.post(
        "/api/v1/gateways", json={"site_id": premises["site_id"], "code": _code("GW")}
    ).json()
    meter = operator.post(
        "/api/v1/meters",
        json=_new_meter(
            premises, equipment_id=equipment["equipment_id"], ct_primary_a=600, ct_secondary_a=5
        ),
    ).json()
    channel = {"gateway": gateway["code"], "channel": "1"}
    channels = operator.post(f"/api/v1/meters/{meter['meter_id']}/channels", json=channel)
    assert channels.status_code == 201
    seen = operator.get(f"/api/v1/meters/{meter['meter_id']}").json()
    assert (seen["gateway_code"], seen["channel"]) == (gateway["code"], "1")
    assert seen["equipment_category"] == "chiller"


def test_a_meter_that_moves_to_another_gateway_ends_at_the_first(operator, premises):
    first, second = (
        operator.post(
            "/api/v1/gateways", json={"site_id": premises["site_id"], "code": _code("GW")}
        ).json()
        for _ in range(2)
    )
    meter = operator.post("/api/v1/meters", json=_new_meter(premises)).json()
    path = f"/api/v1/meters/{meter['meter_id']}/channels"
    operator.post(path, json={"gateway": first["code"], "channel": "1"})
    again = operator.post(path, json={"gateway": second["code"], "channel": "1"})
    assert again.json()["errors"][0]["field"] == "valid_from"
    at = "2026-10-01T00:00:00Z"
    moved = operator.post(
        path, json={"gateway": second["code"], "channel": "1", "valid_from": at}
    ).json()
    bounds = [(row["gateway_code"], row["valid_from"], row["valid_to"]) for row in moved["data"]]
    assert bounds == [(second["code"], at, None), (first["code"], None, at)]
    other = operator.post("/api/v1/meters", json=_new_meter(premises)).json()
    taken = operator.post(
        f"/api/v1/meters/{other['meter_id']}/channels",
        json={"gateway": second["code"], "channel": "1"},
    )
    assert taken.status_code == 422
    assert meter["code"] in taken.json()["errors"][0]["rule"]


def test_a_change_changes_what_is_sent_and_nothing_else(operator, premises):
    path = f"/api/v1/sites/{premises['code']}"
    changed = operator.patch(path, json={"city_en": "Ningbo", "latitude_deg": 29.9}).json()
    expected = {**premises, "city_en": "Ningbo", "latitude_deg": 29.9}
    assert changed == expected
    assert operator.patch(path, json={"city_en": None}).json()["city_en"] is None
    refused = operator.patch(path, json={"name_en": None})
    assert [e["field"] for e in refused.json()["errors"]] == ["name_en"]


@pytest.mark.parametrize(
    ("path", "body", "field", "rule"),
    [
        ("customers", {**_CUSTOMER, "code": "CUS-A"}, "code", "taken"),
        ("customers", {**_CUSTOMER, "code": "a b"}, "code", "pattern"),
        ("customers", {**_CUSTOMER, "name_en": "a\x00b"}, "name_en", "printable"),
        ("customers", {**_CUSTOMER, "tier": "Z"}, "tier", "'A'"),
        ("customers", {**_CUSTOMER, "colour": "red"}, "colour", "not a parameter"),
        ("customers", {**_CUSTOMER, "contract_demand_kw": -1}, "contract_demand_kw", "greater"),
        ("sites", {"customer_id": 999999, "zone": "Asia/Shanghai"}, "customer_id", "nothing that"),
        ("sites", {"customer_id": 1, "zone": "Mars/Olympus"}, "zone", "IANA"),
        ("gateways", {"site_id": 1, "code": "GW:1"}, "code", "pattern"),
        ("meters", {"site_id": 1, "ct_primary_a": 600}, "ct_secondary_a", "ct_primary_a"),
        ("meters", {"site_id": 1, "parent_meter_id": 999}, "parent_meter_id", "nothing that"),
        ("meters", {"site_id": 1, "interval_s": 10**30}, "interval_s", "less than"),
    ],
)
def test_what_is_refused_is_named(operator, path, body, field, rule):
    names = {"code": _code("X"), "name_en": "X", "name_zh": "甲"} if path != "gateways" else {}
    answer = operator.post(f"/api/v1/{path}", json=names | body)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert rule in answer.json()["errors"][0]["rule"]


def test_a_meter_is_never_put_below_itself(operator, premises):
    top = operator.post("/api/v1/meters", json=_new_meter(premises)).json()
    below = operator.post(
        "/api/v1/meters", json=_new_meter(premises, role="sub", parent_meter_id=top["meter_id"])
    ).json()
    for meter in (top, below):
        answer = operator.patch(
            f"/api/v1/meters/{top['meter_id']}", json={"parent_meter_id": meter["meter_id"]}
        )
        assert answer.json()["errors"][0]["rule"] == "would put the meter below itself"


def test_what_is_in_use_is_retired_from_the_bottom_up(operator, premises):
    meter = operator.post("/api/v1/meters", json=_new_meter(premises)).json()
    site_path = f"/api/v1/sites/{premises['code']}"
    refused = operator.delete(site_path)
    assert refused.status_code == 409
    assert meter["code"] in refused.json()["detail"]
    assert operator.delete(f"/api/v1/meters/{meter['code']}").json()["retired_at"] is not None
    retired = operator.delete(site_path).json()
    assert retired["retired_at"] is not None
    assert operator.delete(site_path).json() == retired
    listed = operator.get("/api/v1/sites", params={"retired": True}).json()["data"]
    assert premises["code"] in [row["code"] for row in listed]
    late = operator.post("/api/v1/meters", json=_new_meter(premises))
    assert late.json()["errors"][0]["rule"] == "is retired"


def test_a_gateways_password_is_told_once(operator, premises, world):
    gateway = operator.post(
        "/api/v1/gateways", json={"site_id": premises["site_id"], "code": _code("GW")}
    ).json()
    path = f"/api/v1/gateways/{gateway['code']}/credentials"
    key = {"Idempotency-Key": _code("key")}
    first = operator.post(path, headers=key)
    again = operator.post(path, headers=key)
    assert len(first.json()["password"]) >= 24
    assert again.json() == {**first.json(), "password": None}
    assert again.headers["idempotency-replayed"] == "true"
    with world.pool.connection() as connection:
        query = "SELECT password_hash FROM core.gateway WHERE code = %s"
        stored = connection.execute(query, [gateway["code"]]).fetchone()[0]
        kept = connection.execute("SELECT string_agg(body, ' ') FROM core.idempotency_key")
        assert first.json()["password"].encode() not in kept.fetchone()[0]
    assert stored.startswith("$7$")
    assert first.json()["password"] not in operator.get(f"/api/v1/gateways/{gateway['code']}").text


@pytest.mark.parametrize("name", ["staff", "manager-a"])
def test_who_may_not_change_the_registry_is_told_so(as_user, name):
    assert as_user(name).post("/api/v1/customers", json=_CUSTOMER).status_code == 403
    assert as_user(name).patch("/api/v1/sites/SITE-A", json={}).status_code == 403
    assert as_user(name).delete("/api/v1/meters/MTR-A1").status_code == 403


def test_an_operator_of_one_site_changes_the_site_but_not_its_customer(world, as_user):
    with world.pool.connection() as connection:
        user_id = put_user(
            connection, name="op-site-b", display_name="One site", role="operator",
            password=PASSWORD, scope=of_sites(world.sites["SITE-B"]),
        )  # fmt: skip
        world.tokens["op-site-b"] = create_token(connection, user_id, "test", None)
    one = as_user("op-site-b")
    assert one.patch("/api/v1/sites/SITE-B", json={"city_en": "Pudong"}).status_code == 200
    customer = one.get("/api/v1/customers").json()["data"][0]["code"]
    for answer in (one.patch(f"/api/v1/customers/{customer}", json={"tier": "A"}),
                   one.delete(f"/api/v1/customers/{customer}")):  # fmt: skip
        assert answer.status_code == 403
        assert "whole customer" in answer.json()["detail"]


def test_a_site_keeps_the_holidays_of_a_country_that_is_said_or_of_its_zone(operator, premises):
    path = f"/api/v1/sites/{premises['code']}"
    assert operator.get(path).json()["country"] is None
    said = operator.patch(path, json={"country": "DE", "subdivision": "BY"}).json()
    assert (said["country"], said["subdivision"]) == ("DE", "BY")
    wrong = operator.patch(path, json={"country": "Germany"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "country"
    assert operator.patch(path, json={"country": None, "subdivision": None}).status_code == 200


def test_the_owner_reads_through_which_gateway_a_meter_is_heard(manager_a, manager_b):
    rows = manager_a.get("/api/v1/meters/MTR-A1/channels").json()["data"]
    assert [(row["gateway_code"], row["channel"]) for row in rows] == [("GW-A", "MTR-A1")]
    assert manager_b.get("/api/v1/meters/MTR-A1/channels").status_code == 404
