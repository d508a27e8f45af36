"""What is refused says which field, which value and which rule; nothing else leaks."""

from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import Form
from fastapi.testclient import TestClient

from api.app import create_app
from api.models.quarantine import ProblemDetails
from loadstone.storage.pool import open_pool

_DAY = "from=2026-03-22T00:00:00Z&to=2026-03-23T00:00:00Z"


@pytest.mark.parametrize(
    ("query", "field", "value", "rule"),
    [
        ("from=2026-03-22T00:00:00", "from", "2026-03-22T00:00:00", "offset"),
        ("to=2026-03-22", "to", "2026-03-22", "offset"),
        ("from=yesterday", "from", "yesterday", "ISO 8601"),
        ("from=", "from", "", "ISO 8601"),
        ("from=0001-01-01T00:00:00%2B10:00", "from", "0001-01-01T00:00:00+10:00", "1970"),
        ("to=99999999999999", "to", "99999999999999", "2199"),
        (f"{_DAY}&step=7m", "step", "7m", "15m"),
        (f"{_DAY}&tz=Mars/Olympus", "tz", "Mars/Olympus", "IANA"),
        (f"{_DAY}&tz=../../etc/passwd", "tz", "../../etc/passwd", "IANA"),
        (f"{_DAY}&register=imports", "register", "imports", "imp"),
        (f"{_DAY}&form=2026", "form", "2026", "not a parameter"),
        ("from=2026-03-22T00:00:00Z&to=2026-03-22T00:00:00Z", "from", None, "before"),
        ("from=2027-03-22T00:00:00Z", "from", None, "before"),
        ("from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&step=1m", "step", "1m", "3156480"),
    ],
)
def test_a_bad_parameter_is_named_with_its_value_and_rule(staff, query, field, value, rule):
    answer = staff.get(f"/api/v1/meters/MTR-A1/energy?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = ProblemDetails.model_validate(answer.json())
    assert problem.type == "urn:loadstone:problem:invalid-parameter"
    assert problem.instance == "/api/v1/meters/MTR-A1/energy"
    assert [error.field for error in problem.errors] == [field]
    assert value is None or problem.errors[0].value == value
    assert rule in problem.errors[0].rule
    assert field in problem.detail


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/meters?limit=0", "limit"),
        ("/meters?limit=1001", "limit"),
        ("/meters?cursor=abc", "cursor"),
        ("/meters?role=submarine", "role"),
        ("/meters?site_id=99999999999", "site_id"),
        ("/meters?gateway=a%00b", "gateway"),
        ("/latest?site_id=x", "site_id"),
        ("/quarantine?severity=bad", "severity"),
        ("/quarantine/abc", "quarantine_id"),
        ("/meters/MTR-A1/readings?limit=10001", "limit"),
        ("/meters/MTR-A1/load?step=", "step"),
        ("/sites/SITE-A/energy?tz=", "tz"),
    ],
)
def test_every_endpoint_names_the_field_it_refuses(staff, path, field):
    answer = staff.get(f"/api/v1{path}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_several_bad_parameters_are_all_named(staff):
    answer = staff.get("/api/v1/meters/MTR-A1/energy?step=x&tz=y&from=z")
    assert {error["field"] for error in answer.json()["errors"]} == {"step", "tz", "from"}


def test_an_unknown_path_and_a_wrong_method_are_problems_too(staff):
    unknown = staff.get("/api/v1/nothing")
    wrong = staff.put("/api/v1/meters")
    assert (unknown.status_code, wrong.status_code) == (404, 405)
    assert wrong.headers["allow"] == "GET, POST"
    for answer in (unknown, wrong):
        assert answer.headers["content-type"] == "application/problem+json"
        ProblemDetails.model_validate(answer.json())


def test_a_body_that_is_too_large_is_refused_announced_or_not(world, clock):
    app = create_app(world.pool, clock)

    def take(name: Annotated[str, Form()]) -> str:
        return name

    app.add_api_route("/api/v1/t/take", take, methods=["POST"])
    client = TestClient(app)
    form = {"content-type": "application/x-www-form-urlencoded"}
    parts = (b"name=" + b"x" * 100_000 for _ in range(12))
    announced = client.post("/api/v1/t/take", content=b"name=" + b"x" * 1_200_000, headers=form)
    unannounced = client.post("/api/v1/t/take", content=parts, headers=form)
    for answer in (announced, unannounced):
        assert answer.status_code == 413
        assert answer.json()["type"] == "urn:loadstone:problem:content-too-large"
    assert client.post("/api/v1/t/take", data={"name": "small"}).json() == "small"


def test_a_fault_of_ours_says_nothing_of_our_insides(world, clock, monkeypatch):
    app = create_app(world.pool, clock)

    def broken() -> None:
        raise RuntimeError("secret detail")

    app.add_api_route("/api/v1/broken", broken)
    answer = TestClient(app).get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text


def test_without_its_database_the_api_answers_503_and_health_says_why(world, clock):
    pool = open_pool(world.url, most=1, name="api-tests-away")
    pool.close()
    client = TestClient(create_app(pool, clock))
    health = client.get("/api/v1/health")
    assert health.status_code == 503
    assert (health.json()["status"], health.json()["database"]) == ("down", "away")
    answer = client.get("/api/v1/meters", headers={"Authorization": "Bearer lst_x"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["type"] == "urn:loadstone:problem:database-away"


def test_every_answer_carries_the_security_headers(staff):
    answer = staff.get("/api/v1/meters")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert staff.get("/api/v1/nothing").headers["cache-control"] == "no-store"


def test_long_answers_are_compressed(staff):
    answer = staff.get("/api/v1/meters/MTR-A1/energy")
    assert answer.headers["content-encoding"] == "gzip"
