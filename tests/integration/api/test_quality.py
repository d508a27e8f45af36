"""Completeness, freshness and lost messages over HTTP."""

from __future__ import annotations

import pytest

SPRING = {"from": "2026-03-27T00:00:00Z", "to": "2026-03-30T00:00:00Z", "tz": "UTC"}


def test_a_meter_that_reads_all_the_time_is_complete_at_every_step(staff):
    for step in ("15m", "1h", "1d"):
        params = {**SPRING, "scope": "meter:MTR-A1", "step": step}
        answer = staff.get("/api/v1/quality", params=params)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert {row["completeness_ratio"] for row in body["data"]} == {1.0}
        assert body["total"]["received_readings"] == body["total"]["expected_readings"] == 288
        assert body["total"]["lag_max_s"] == 2


def test_a_meter_that_falls_silent_is_missing_from_then_on(staff):
    params = {**SPRING, "scope": "meter:MTR-A2", "step": "1d"}
    body = staff.get("/api/v1/quality", params=params).json()
    assert [row["silent_meters"] for row in body["data"]] == [0, 1, 1]
    assert [row["completeness_ratio"] for row in body["data"]] == pytest.approx(
        [1 - 900 / 86400, 0, 0]
    )
    assert body["total"]["missing_ratio"] == pytest.approx(2 / 3, abs=0.01)
    assert body["meters"][0]["newest_at"] == "2026-03-27T23:45:00Z"


def test_a_scope_is_the_sum_of_its_meters_with_the_worst_first(staff):
    params = {**SPRING, "scope": "site:SITE-A", "step": "1d"}
    body = staff.get("/api/v1/quality", params=params).json()
    assert [meter["code"] for meter in body["meters"]] == ["MTR-A2", "MTR-A1", "MTR-A3"]
    assert body["total"]["meters"] == 3
    ratios = [meter["completeness_ratio"] for meter in body["meters"]]
    assert body["total"]["completeness_ratio"] == pytest.approx(sum(ratios) / 3)
    same = staff.get("/api/v1/quality", params={**params, "scope": "customer:CUS-A"}).json()
    assert same["total"] == body["total"]


def test_nothing_was_due_of_a_meter_before_it_was_heard_of(staff):
    params = {"from": "2026-03-18T00:00:00Z", "to": "2026-03-22T00:00:00Z", "step": "1d"}
    body = staff.get(
        "/api/v1/quality", params={**params, "scope": "meter:MTR-A3", "tz": "UTC"}
    ).json()
    assert [row["completeness_ratio"] for row in body["data"]] == [None, None, 1.0, 1.0]


def test_a_gateway_tells_expected_and_received_messages(staff):
    body = staff.get("/api/v1/gateways/GW-A/quality", params={**SPRING, "step": "1d"}).json()
    assert body["scope"] == "gateway:GW-A"
    assert body["total"]["meters"] == 3
    counts = [
        (m["boot"], m["expected"], m["received"], m["repeated"], m["missing"])
        for m in body["messages"]
    ]
    assert counts == [(17, 50, 45, 1, 5), (16, 100, 100, 3, 0)]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"scope": "planet:mars"}, "scope"), ({"step": "1m"}, "step"), ({"scope": "site:"}, "scope")],
)
def test_a_wrong_question_is_refused_naming_the_field(staff, change, field):
    answer = staff.get("/api/v1/quality", params={**SPRING, **change})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_nobody_sees_the_quality_of_others(manager_b):
    assert manager_b.get("/api/v1/quality", params={"scope": "site:SITE-A"}).status_code == 404
    assert manager_b.get("/api/v1/gateways/GW-A/quality").status_code == 404
    body = manager_b.get("/api/v1/quality", params=SPRING).json()
    assert {meter["code"] for meter in body["meters"]} <= {"MTR-B1", "20260001"}
