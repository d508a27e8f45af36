"""A facility manager sees one customer; the rest looks as if it did not exist."""

from __future__ import annotations

from datetime import timedelta

import pytest

_PATHS = (
    "/customers/CUS-A",
    "/sites/SITE-A",
    "/sites/SITE-A/load",
    "/sites/SITE-A/energy",
    "/gateways/GW-A",
    "/meters/MTR-A1",
    "/meters/MTR-A1/latest",
    "/meters/MTR-A1/readings",
    "/meters/MTR-A1/load",
    "/meters/MTR-A1/energy",
    "/meters/MTR-A1/epochs",
)
_LISTS = ("/customers", "/sites", "/gateways", "/meters", "/latest", "/quarantine")


@pytest.mark.parametrize("path", [*_PATHS, *_LISTS, "/quarantine/1"])
def test_nobody_gets_nothing_but_a_401(app_client, path):
    answer = app_client.get(f"/api/v1{path}")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", _PATHS)
def test_the_owner_sees_it_and_another_customer_gets_what_a_wrong_name_gets(
    manager_a, manager_b, path
):
    assert manager_a.get(f"/api/v1{path}").status_code == 200
    answer = manager_b.get(f"/api/v1{path}")
    assert answer.status_code == 404
    wrong = manager_b.get(f"/api/v1{path}".replace("-A", "-Z"))
    assert answer.json()["detail"].replace("-A", "-Z") == wrong.json()["detail"]


def test_ids_of_another_customer_open_nothing_either(manager_b, world):
    meter, site = world.meters["MTR-A1"], world.sites["SITE-A"]
    customer, gateway = world.customers["CUS-A"], world.gateways["GW-A"]
    for path in (
        f"/meters/{meter}/energy",
        f"/meters/{meter}/readings",
        f"/sites/{site}/energy",
        f"/customers/{customer}",
        f"/gateways/{gateway}",
    ):
        assert manager_b.get(f"/api/v1{path}").status_code == 404


@pytest.mark.parametrize("path", ["/customers", "/sites", "/gateways", "/meters", "/latest"])
def test_lists_hold_the_viewers_rows_only(manager_a, manager_b, path):
    mine = {row["code"] for row in manager_a.get(f"/api/v1{path}").json()["data"]}
    theirs = {row["code"] for row in manager_b.get(f"/api/v1{path}").json()["data"]}
    assert mine
    assert theirs
    assert not mine & theirs
    assert all("-A" in code for code in mine)


@pytest.mark.parametrize("path", ["/sites", "/gateways", "/meters", "/latest"])
def test_a_filter_does_not_widen_what_is_seen(manager_b, world, path):
    wanted = {"customer_id": world.customers["CUS-A"]}
    assert manager_b.get(f"/api/v1{path}", params=wanted).json()["data"] == []


def test_staff_see_the_quarantine_whole_and_newest_first(staff):
    rows = staff.get("/api/v1/quarantine").json()["data"]
    gateways = [row["gateway_code"] for row in rows]
    assert gateways == ["GW-NOBODY", "GW-B", "GW-A", "GW-A"]


def test_a_facility_manager_sees_the_refusals_of_own_gateways_only(manager_a, staff):
    rows = manager_a.get("/api/v1/quarantine").json()["data"]
    assert {row["gateway_code"] for row in rows} == {"GW-A"}
    assert len(rows) == 2
    for row in staff.get("/api/v1/quarantine").json()["data"]:
        status = manager_a.get(f"/api/v1/quarantine/{row['quarantine_id']}").status_code
        assert status == (200 if row["gateway_code"] == "GW-A" else 404)
    assert manager_a.get("/api/v1/quarantine?gateway=GW-NOBODY").json()["data"] == []


def test_a_refusal_names_field_value_and_rule_and_shows_what_was_sent(staff):
    rows = staff.get("/api/v1/quarantine").json()["data"]
    by_code = {(row["gateway_code"], row["code"]): row for row in rows}
    plain = by_code["GW-A", "out_of_range"]
    assert plain["sentence"] == "u_an = 9999: must be within 0 and 600"
    assert plain["payload"] == {
        "text": '{"v":1}',
        "base64": None,
        "size_bytes": 7,
        "truncated": False,
    }
    assert by_code["GW-A", "register_jump"]["payload"]["base64"] == "AP/+"
    long = by_code["GW-B", "out_of_range"]["payload"]
    assert long["truncated"]
    assert long["size_bytes"] == 9000
    assert set(long["text"]) == {"电"}
    assert len(long["text"].encode()) <= 4096


def test_the_quarantine_is_narrowed_and_read_in_parts(staff):
    def codes(**wanted: object) -> list[str]:
        rows = staff.get("/api/v1/quarantine", params=wanted).json()["data"]
        return [row["gateway_code"] for row in rows]

    assert codes(severity="flagged") == ["GW-A"]
    assert codes(gateway="GW-B") == ["GW-B"]
    assert codes(code="unknown_gateway") == ["GW-NOBODY"]
    first = staff.get("/api/v1/quarantine?limit=3").json()
    assert codes(limit=3, cursor=first["next_cursor"]) == ["GW-A"]


def test_a_token_that_is_wrong_or_expired_is_refused(app_client, staff, clock):
    wrong = app_client.get("/api/v1/meters", headers={"Authorization": "Bearer lst_wrong"})
    assert wrong.status_code == 401
    assert staff.get("/api/v1/meters").status_code == 200
    clock.forward(days=31)
    assert staff.get("/api/v1/meters").status_code == 401
    assert clock.now - timedelta(days=31) < clock.now


def test_health_needs_no_credentials_and_tells_how_old_the_data_is(app_client):
    answer = app_client.get("/api/v1/health").json()
    assert (answer["status"], answer["database"]) == ("ok", "reachable")
    assert answer["backend"] in {"plain", "apache", "tsl"}
    assert answer["newest_reading_age_s"] == 0
    assert answer["rollup_backlog"] == 0
