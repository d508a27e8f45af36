"""Virtual meters, balances and customers over HTTP, against the registers' true course."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from loadstone.storage.identity import create_token, put_user
from tests.integration.api.conftest import NOW, PASSWORD

SPAN = {"from": "2026-03-21T00:00:00Z", "to": "2026-03-27T00:00:00Z"}
START, END = datetime(2026, 3, 21, tzinfo=UTC), datetime(2026, 3, 27, tzinfo=UTC)
HANDOVER = datetime(2026, 3, 23, 7, 22, 30, tzinfo=UTC)
STEPS = ["15m", "1h", "1d", "1mo"]


@pytest.fixture(scope="module")
def operator_token(world) -> str:
    with psycopg.connect(world.url) as connection:
        user = put_user(
            connection, name="virtual-op", display_name="Op", role="operator", password=PASSWORD
        )
        return create_token(connection, user, "tests", NOW + timedelta(days=30))


@pytest.fixture
def operator(world, clock, operator_token) -> TestClient:
    headers = {"Authorization": f"Bearer {operator_token}"}
    return TestClient(create_app(world.pool, clock), headers=headers)


def body(code: str, site_id: int, *terms: dict[str, object]) -> dict[str, object]:
    return {
        "code": code, "name_en": code, "name_zh": "虚拟表", "site_id": site_id,
        "terms": list(terms),
    }  # fmt: skip


def energies(client: TestClient, code: str, **params: str) -> dict[str, object]:
    answer = client.get(f"/api/v1/virtual-meters/{code}/energy", params={**SPAN, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_difference_is_the_difference_of_the_registers_at_every_step(world, operator, staff):
    main, sub = world.meters["MTR-A1"], world.meters["MTR-A3"]
    wanted = body(
        "VM-REST",
        world.sites["SITE-A"],
        {"meter_id": main},
        {"meter_id": sub, "term_factor": -0.5},
    )
    made = operator.post("/api/v1/virtual-meters", json=wanted)
    assert made.status_code == 201, made.text
    assert [t["code"] for t in made.json()["terms"]] == ["MTR-A1", "MTR-A3"]
    truth = world.tracks["MTR-A1"].between(START, END) - 0.5 * world.tracks["MTR-A3"].between(
        START, END
    )
    for step in STEPS:
        total = energies(staff, "VM-REST", step=step)["total"]
        assert total["energy_kwh"] == pytest.approx(truth, abs=1e-6)
        assert total["quality"] == "measured"
    load = staff.get("/api/v1/virtual-meters/VM-REST/load", params={**SPAN, "step": "1d"}).json()
    energy = energies(staff, "VM-REST", step="1d")["data"]
    hours = [24 * i["measured_ratio"] for i in energy]
    assert [p["power_kw"] for p in load["data"][1:-1]] == pytest.approx(
        [i["energy_kwh"] / h for i, h in zip(energy, hours, strict=True)][1:-1]
    )


def test_validity_cuts_inside_an_interval(world, operator, staff):
    a1, a2 = world.meters["MTR-A1"], world.meters["MTR-A2"]
    at = HANDOVER.isoformat()
    wanted = body(
        "VM-HANDOVER",
        world.sites["SITE-A"],
        {"meter_id": a1, "valid_to": at},
        {"meter_id": a2, "valid_from": at, "term_factor": 2},
    )
    assert operator.post("/api/v1/virtual-meters", json=wanted).status_code == 201
    truth = world.tracks["MTR-A1"].between(START, HANDOVER) + 2 * world.tracks["MTR-A2"].between(
        HANDOVER, END
    )
    for step in STEPS:
        answer = energies(staff, "VM-HANDOVER", step=step)
        assert answer["total"]["energy_kwh"] == pytest.approx(truth, abs=1e-6)
        assert answer["total"]["measured_ratio"] == pytest.approx(1, abs=0.02)


def test_an_interval_in_which_a_term_is_missing_is_missing(world, operator, staff):
    a1, a2 = world.meters["MTR-A1"], world.meters["MTR-A2"]
    wanted = body("VM-SUM", world.sites["SITE-A"], {"meter_id": a1}, {"meter_id": a2})
    assert operator.post("/api/v1/virtual-meters", json=wanted).status_code == 201
    answer = energies(
        staff, "VM-SUM", **{"from": "2026-03-29T00:00:00Z", "to": "2026-03-30T00:00:00Z"}
    )
    assert {(i["energy_kwh"], i["quality"]) for i in answer["data"]} == {(None, "missing")}


def test_terms_are_replaced_and_others_do_not_see_them(world, operator, manager_a, manager_b):
    path = "/api/v1/virtual-meters/VM-CHANGED"
    site, a1 = world.sites["SITE-A"], world.meters["MTR-A1"]
    made = operator.post("/api/v1/virtual-meters", json=body("VM-CHANGED", site, {"meter_id": a1}))
    assert made.status_code == 201
    change = {
        "name_en": "Changed", "name_zh": "改", "terms": [{"meter_id": a1, "term_factor": 3}],
    }  # fmt: skip
    assert operator.put(path, json=change).json()["terms"][0]["term_factor"] == 3
    assert manager_a.get(path).json()["name_en"] == "Changed"
    assert manager_b.get(path).status_code == 404
    assert manager_a.put(path, json=change).status_code == 403
    assert "VM-CHANGED" not in manager_b.get("/api/v1/virtual-meters").text


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ([{"meter_id": "B1"}], "terms.0.meter_id"),
        ([{"meter_id": "A1"}, {"meter_id": "A1"}], "terms.1.meter_id"),
        ([{"meter_id": "A1", "term_factor": 0}], "terms.0.term_factor"),
        ([], "terms"),
    ],
)
def test_terms_that_make_no_sense_are_refused(world, operator, terms, field):
    ids = {"A1": world.meters["MTR-A1"], "B1": world.meters["MTR-B1"]}
    wanted = [{**term, "meter_id": ids[term["meter_id"]]} for term in terms]
    answer = operator.post(
        "/api/v1/virtual-meters", json=body("VM-WRONG", world.sites["SITE-A"], *wanted)
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_the_balance_of_a_meter_adds_up(world, staff):
    for step in STEPS:
        params = {**SPAN, "step": step}
        rows = staff.get("/api/v1/meters/MTR-A1/balance", params=params).json()["data"]
        own = sum(row["energy_kwh"] for row in rows)
        children = sum(row["children_energy_kwh"] for row in rows)
        rest = sum(row["unaccounted_energy_kwh"] for row in rows)
        assert own == pytest.approx(world.tracks["MTR-A1"].between(START, END), abs=1e-6)
        assert children == pytest.approx(world.tracks["MTR-A3"].between(START, END), abs=1e-6)
        assert rest == pytest.approx(own - children, abs=1e-6)
        assert rows[0]["unaccounted_ratio"] == pytest.approx(
            rows[0]["unaccounted_energy_kwh"] / rows[0]["energy_kwh"]
        )


def test_a_balance_without_a_child_names_it_and_accounts_for_nothing(staff):
    params = {"from": "2026-10-24T00:00:00Z", "to": "2026-10-25T00:00:00Z", "step": "1d"}
    row = staff.get("/api/v1/meters/MTR-A1/balance", params={**params, "tz": "UTC"}).json()["data"][
        0
    ]
    assert row["energy_kwh"] is not None
    assert (row["missing_children"], row["quality"]) == (["MTR-A3"], "missing")
    assert row["unaccounted_energy_kwh"] is None


def test_a_meter_without_children_has_no_balance(staff):
    params = {**SPAN, "step": "1d"}
    rows = staff.get("/api/v1/meters/MTR-A2/balance", params=params).json()["data"]
    assert {(row["children"], row["unaccounted_energy_kwh"]) for row in rows} == {(0, None)}


def test_a_customer_is_the_sum_of_its_main_meters(world, staff, manager_b):
    truth = sum(world.tracks[code].between(START, END) for code in ("MTR-A1", "MTR-A2"))
    for step in STEPS:
        answer = staff.get("/api/v1/customers/CUS-A/energy", params={**SPAN, "step": step}).json()
        assert answer["total"]["energy_kwh"] == pytest.approx(truth, abs=1e-6)
        assert answer["zone"] == "Europe/Berlin"
    load = staff.get("/api/v1/customers/CUS-A/load", params={**SPAN, "step": "1h"}).json()
    assert sum(point["power_kw"] for point in load["data"]) == pytest.approx(truth, abs=1e-6)
    assert manager_b.get("/api/v1/customers/CUS-A/energy", params=SPAN).status_code == 404


def test_a_virtual_meter_is_made_once_and_changed_only_as_it_was_seen(world, operator):
    main, sub = world.meters["MTR-A1"], world.meters["MTR-A3"]
    wanted = body("VM-ONCE", world.sites["SITE-A"], {"meter_id": main})
    key = {"Idempotency-Key": "one virtual meter"}
    first = operator.post("/api/v1/virtual-meters", json=wanted, headers=key)
    again = operator.post("/api/v1/virtual-meters", json=wanted, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    seen = {"If-Match": operator.get("/api/v1/virtual-meters/VM-ONCE").headers["ETag"]}
    change = {**wanted, "terms": [{"meter_id": sub}]}
    del change["code"], change["site_id"]
    path = "/api/v1/virtual-meters/VM-ONCE"
    assert operator.put(path, json=change, headers=seen).status_code == 200
    assert operator.put(path, json=change, headers=seen).status_code == 412
