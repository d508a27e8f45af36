"""Customers, sites, gateways and meters as staff see them."""

from __future__ import annotations

import pytest


def test_customers_come_with_how_much_of_them_is_measured(staff):
    answer = staff.get("/api/v1/customers", params={"limit": 2}).json()
    assert [row["code"] for row in answer["data"]] == ["CUS-A", "CUS-B"]
    assert (answer["data"][0]["site_count"], answer["data"][0]["meter_count"]) == (1, 3)


@pytest.mark.parametrize(
    ("sort", "codes"),
    [
        ("code", ["20260001", "MTR-A1", "MTR-A2", "MTR-A3", "MTR-B1"]),
        ("-code", ["MTR-B1", "MTR-A3", "MTR-A2", "MTR-A1", "20260001"]),
        ("-meter_id", ["20260001", "MTR-B1", "MTR-A3", "MTR-A2", "MTR-A1"]),
    ],
)
def test_a_list_is_read_in_parts_in_any_order(staff, world, sort, codes):
    seen, cursor = [], None
    while cursor is not None or not seen:
        wanted = {"limit": 2, "sort": sort, **({"cursor": cursor} if cursor else {})}
        answer = staff.get("/api/v1/meters", params=wanted).json()
        seen += [row["code"] for row in answer["data"]]
        cursor = answer["next_cursor"]
    assert [code for code in seen if code in world.meters] == codes


def test_a_cursor_is_of_one_order_and_nothing_else_is_one(staff):
    cursor = staff.get("/api/v1/meters?limit=1").json()["next_cursor"]
    for wanted in ({"cursor": cursor, "sort": "code"}, {"cursor": "1"}, {"cursor": "ÿ"},
                   {"cursor": cursor[:-4]}, {"cursor": "WyJtZXRlcl9pZCIsIngiLDFd"}):  # fmt: skip
        answer = staff.get("/api/v1/meters", params=wanted)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["cursor"]


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("/customers?q=cus-a", ["CUS-A"]),
        ("/sites?zone=Europe/Berlin", ["SITE-A"]),
        ("/meters?category=chiller&q=mtr", ["MTR-A3"]),
        ("/equipment?category=chiller&sort=-code&q=ch-1&limit=1", ["CH-1"]),
        ("/gateways?online=false&q=GW-A", ["GW-A"]),
        ("/meters?q=%25", []),
    ],
)
def test_lists_are_searched(staff, path, codes):
    assert [row["code"] for row in staff.get(f"/api/v1{path}").json()["data"]] == codes


@pytest.mark.parametrize(
    ("path", "code"),
    [("customers", "CUS-B"), ("sites", "SITE-B"), ("meters", "MTR-B1"), ("gateways", "GW-B")],
)
def test_one_thing_is_found_by_its_code_and_by_its_id(staff, path, code):
    by_code = staff.get(f"/api/v1/{path}/{code}").json()
    row_id = by_code[f"{path.removesuffix('s')}_id"]
    assert by_code["code"] == code
    assert staff.get(f"/api/v1/{path}/{row_id}").json() == by_code


def test_a_code_of_digits_is_a_code_where_no_id_is_meant(staff, world):
    answer = staff.get("/api/v1/meters/20260001").json()
    assert answer["meter_id"] == world.meters["20260001"]


@pytest.mark.parametrize("path", ["customers", "sites", "meters", "gateways"])
@pytest.mark.parametrize("reference", ["99999", "NOBODY", "99999999999999999999", "%00", "٣"])
def test_what_does_not_exist_is_404_whatever_it_is_called(staff, path, reference):
    answer = staff.get(f"/api/v1/{path}/{reference}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_list_is_read_in_parts_until_the_cursor_ends(staff, world):
    seen, cursor = [], None
    for _ in range(10):
        wanted = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        answer = staff.get("/api/v1/meters", params=wanted).json()
        seen += [row["code"] for row in answer["data"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert seen == list(world.meters)


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({"role": "sub"}, ["MTR-A3"]),
        ({"gateway": "GW-A"}, ["MTR-A1", "MTR-A2", "MTR-A3"]),
        ({"gateway": "GW-B"}, []),
        ({"gateway": "GW-A", "role": "main"}, ["MTR-A1", "MTR-A2"]),
    ],
)
def test_meters_are_narrowed_by_role_and_gateway(staff, wanted, codes):
    answer = staff.get("/api/v1/meters", params=wanted).json()
    assert [row["code"] for row in answer["data"]] == codes


def test_lists_are_narrowed_by_site_and_customer(staff, world):
    site, customer = world.sites["SITE-B"], world.customers["CUS-B"]
    for wanted in ({"site_id": site}, {"customer_id": customer}):
        meters = staff.get("/api/v1/meters", params=wanted).json()["data"]
        gateways = staff.get("/api/v1/gateways", params=wanted).json()["data"]
        latest = staff.get("/api/v1/latest", params=wanted).json()["data"]
        assert [row["code"] for row in meters] == ["MTR-B1", "20260001"]
        assert [row["code"] for row in gateways] == ["GW-B"]
        assert [row["code"] for row in latest] == ["MTR-B1", "20260001"]
    sites = staff.get("/api/v1/sites", params={"customer_id": customer}).json()["data"]
    assert [row["code"] for row in sites] == ["SITE-B"]


def test_a_meter_says_what_it_feeds_and_who_speaks_for_it(staff, world):
    meter = staff.get("/api/v1/meters/MTR-A3").json()
    assert (meter["equipment_code"], meter["equipment_category"]) == ("CH-1", "chiller")
    assert (meter["gateway_code"], meter["channel"]) == ("GW-A", "MTR-A3")
    assert meter["parent_meter_id"] == world.meters["MTR-A1"]
    assert meter["zone"] == "Europe/Berlin"


def test_a_gateway_says_whether_it_is_on_the_line_and_what_is_missing(staff):
    gateway = staff.get("/api/v1/gateways/GW-A").json()
    assert (gateway["online"], gateway["why"], gateway["boot"]) == (False, "lwt", 17)
    assert gateway["last_message_age_s"] == 90
    assert gateway["clock_skew_ms"] == 250
    assert gateway["sequence"] == {"received": 145, "repeated": 4, "missing": 5}
    assert gateway["meter_count"] == 3


def test_a_gateway_that_was_never_heard_of_has_no_state(staff):
    gateway = staff.get("/api/v1/gateways/GW-B").json()
    assert gateway["online"] is None
    assert gateway["last_message_age_s"] is None
    assert gateway["sequence"] == {"received": 0, "repeated": 0, "missing": 0}


def test_the_register_history_gives_reasons_and_offsets(staff):
    answer = staff.get("/api/v1/meters/MTR-A3/epochs").json()
    assert [row["reason"] for row in answer["data"]] == ["first", "rollover"]
    assert answer["data"][1]["offsets"]["import_kwh"] == 10_000.0
    assert answer["data"][1]["starts_at"] == "2026-03-25T12:00:00Z"
