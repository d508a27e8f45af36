"""What is sent to do harm does none: it is refused by name, or kept as the text that it is."""

from __future__ import annotations

import csv
import gzip
import io
import json
import secrets

import pytest

_JSON = {"content-type": "application/json"}
_CUSTOMERS = "/api/v1/customers"


def _customer(**values):
    code = f"CUS-{secrets.token_hex(4)}"
    return {"code": code, "name_en": "New", "name_zh": "新", "kind": "office", **values}


def test_a_compressed_bomb_is_not_unpacked(operator):
    bomb = gzip.compress(b'{"code":"' + b"A" * 50_000_000 + b'"}')
    assert len(bomb) < 1_000_000
    answer = operator.post(_CUSTOMERS, content=bomb, headers=_JSON | {"content-encoding": "gzip"})
    assert answer.status_code == 415
    assert answer.json()["type"] == "urn:loadstone:problem:unsupported-media-type"


def test_a_huge_body_is_refused(operator):
    body = json.dumps(_customer(name_en="A" * 2_000_000)).encode()
    assert operator.post(_CUSTOMERS, content=body, headers=_JSON).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000 + b"]" * 200_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"code":"\xff\xfe"}',
        b"not json",
        b'{"contract_demand_kw":' + b"9" * 6000 + b"}",
        b'{"contract_demand_kw": NaN}',
        b"",
        b"null",
        b'"text"',
    ],
    ids=["lists", "objects", "bytes", "text", "digits", "nan", "empty", "null", "string"],
)
def test_what_cannot_be_read_is_refused(operator, body):
    answer = operator.post(_CUSTOMERS, content=body, headers=_JSON)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 5000


@pytest.mark.parametrize(
    "code", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "....//", "C:\\x", "a\x00b", "~root"]
)
def test_a_path_is_only_a_name_that_does_not_exist(operator, code):
    quoted = code.replace("%", "%25").replace("/", "%2F").replace("\x00", "%00")
    for kind in ("meters", "sites", "customers", "gateways", "virtual-meters"):
        answer = operator.get(f"/api/v1/{kind}/{quoted}".replace("\\", "%5C"))
        assert answer.status_code in {404, 307}  # 307: to the same path without its last slash
        assert "root:" not in answer.text
    assert operator.get("/api/v1/exports/..%2f..%2fetc%2fpasswd").status_code in {404, 422}
    made = operator.post(_CUSTOMERS, json=_customer(code=code))
    assert [error["field"] for error in made.json()["errors"]] == ["code"]


def test_a_script_in_a_name_stays_text(operator):
    name = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    made = operator.post(_CUSTOMERS, json=_customer(name_en=name))
    assert made.status_code == 201
    assert made.json()["name_en"] == name
    assert made.headers["content-type"] == "application/json"
    assert made.headers["x-content-type-options"] == "nosniff"


def test_a_formula_in_a_name_is_no_formula_in_a_table(operator, world):
    formula = '=HYPERLINK("http://evil.example","click")'
    path = f"/api/v1/meters/{world.meters['MTR-A1']}"
    was = operator.get(path).json()["name_en"]
    assert operator.patch(path, json={"name_en": formula}).status_code == 200
    try:
        wanted = "scope=meter:MTR-A1&step=1d&from=2026-03-22T00:00:00Z&to=2026-03-24T00:00:00Z"
        table = operator.get(f"/api/v1/exports/energy?{wanted}").text
    finally:
        operator.patch(path, json={"name_en": was})
    names = {row["meter_name"] for row in csv.DictReader(io.StringIO(table))}
    assert names == {"'" + formula}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=99999999999999999999999999", "limit"),
        ("site_id=-1", "site_id"),
        ("site_id=1e400", "site_id"),
        ("customer_id=9223372036854775808", "customer_id"),
        ("sort=password_hash", "sort"),
        ("sort=code;DROP TABLE core.meter", "sort"),
        ("q=%00", "q"),
        ("q=" + "x" * 101, "q"),
        ("cursor=" + "A" * 3000, "cursor"),
        ("cursor=%00", "cursor"),
        ("retired=maybe", "retired"),
        ("colour=red", "colour"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(staff, query, field):
    answer = staff.get(f"/api/v1/meters?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "../UTC", "/etc/localtime", "UTC\x00", "", "utc0"]
)
def test_a_zone_that_is_none_is_named(staff, operator, zone):
    answer = staff.get("/api/v1/meters/MTR-A1/energy", params={"tz": zone})
    assert [error["field"] for error in answer.json()["errors"]] == ["tz"]
    table = staff.get("/api/v1/exports/load", params={"tz": zone})
    assert [error["field"] for error in table.json()["errors"]] == ["tz"]
    site = {"customer_id": 1, "code": "S-X", "name_en": "x", "name_zh": "x", "zone": zone}
    made = operator.post("/api/v1/sites", json=site)
    assert [error["field"] for error in made.json()["errors"]] == ["zone"]


@pytest.mark.parametrize("text", ["%", "M%", "MTR_A1", ".*", "' OR 1=1 --", "\\"])
def test_a_search_is_text_and_no_pattern(staff, text):
    assert staff.get("/api/v1/meters", params={"q": text}).json()["data"] == []


def test_a_secret_that_is_refused_is_not_told_again(app_client):
    answer = app_client.get("/api/v1/me", headers={"Authorization": "Bearer lst_very_secret"})
    assert answer.status_code == 401
    assert "very_secret" not in answer.text
