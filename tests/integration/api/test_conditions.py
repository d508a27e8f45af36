"""Tags, names of requests and rates: not sent twice, not done twice, not asked too often."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.rates import ApiLimits, RateBuckets


def _customer(**values):
    code = f"CUS-{secrets.token_hex(4)}"
    return {"code": code, "name_en": "New", "name_zh": "新", "kind": "office", **values}


@pytest.mark.parametrize("path", ["/meters", "/meters/MTR-A1", "/meters/MTR-A1/energy", "/sites"])
def test_what_did_not_change_is_not_sent_again(staff, path):
    first = staff.get(f"/api/v1{path}")
    again = staff.get(f"/api/v1{path}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = staff.get(f"/api/v1{path}", headers={"If-None-Match": '"other", W/"else"'})
    assert other.status_code == 200


def test_nobody_gets_a_304_for_what_they_may_not_see(staff, manager_b):
    tag = staff.get("/api/v1/meters/MTR-A1").headers["etag"]
    answer = manager_b.get("/api/v1/meters/MTR-A1", headers={"If-None-Match": tag})
    assert answer.status_code == 404


def test_a_change_of_what_was_changed_meanwhile_is_refused(operator):
    made = operator.post("/api/v1/customers", json=_customer())
    path, tag = f"/api/v1/customers/{made.json()['code']}", made.headers["etag"]
    assert operator.get(path).headers["etag"] == tag
    changed = operator.patch(path, json={"tier": "A"}, headers={"If-Match": tag})
    assert changed.status_code == 200
    late = operator.patch(path, json={"tier": "B"}, headers={"If-Match": tag})
    assert late.status_code == 412
    assert late.json()["type"] == "urn:loadstone:problem:changed-meanwhile"
    assert late.headers["etag"] == changed.headers["etag"]
    assert operator.get(path).json()["tier"] == "A"
    assert operator.delete(path, headers={"If-Match": tag}).status_code == 412


def test_a_request_that_is_sent_again_is_answered_and_not_done_again(operator):
    body, key = _customer(), {"Idempotency-Key": secrets.token_hex(8)}
    first = operator.post("/api/v1/customers", json=body, headers=key)
    again = operator.post("/api/v1/customers", json=body, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    other = operator.post("/api/v1/customers", json=_customer(), headers=key)
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"
    assert "another request" in other.json()["detail"]


def test_a_key_is_forgotten_after_a_day_and_is_each_users_own(operator, as_user, clock):
    body, key = _customer(), {"Idempotency-Key": secrets.token_hex(8)}
    assert operator.post("/api/v1/customers", json=body, headers=key).status_code == 201
    admin = as_user("admin").post("/api/v1/customers", json=body, headers=key)
    assert admin.json()["errors"][0]["rule"].startswith("is taken")
    clock.forward(hours=25)
    assert operator.post("/api/v1/customers", json=body, headers=key).status_code == 422


def test_a_refused_request_leaves_its_key_free(operator):
    key = {"Idempotency-Key": secrets.token_hex(8)}
    assert operator.post("/api/v1/customers", json={}, headers=key).status_code == 422
    taken = operator.post("/api/v1/customers", json=_customer(code="CUS-A"), headers=key)
    assert taken.status_code == 422
    assert operator.post("/api/v1/customers", json=_customer(), headers=key).status_code == 201


def test_of_many_at_once_by_one_name_one_is_done(operator):
    body, key = _customer(), {"Idempotency-Key": secrets.token_hex(8)}
    with ThreadPoolExecutor(3) as pool:
        sent = [
            pool.submit(operator.post, "/api/v1/customers", json=body, headers=key)
            for _ in range(3)
        ]
        answers = [future.result() for future in sent]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["customer_id"] for answer in answers}) == 1


def test_a_bucket_holds_a_minute_and_fills_steadily():
    now_s = 0.0
    buckets = RateBuckets(per_minute=60, clock_s=lambda: now_s)
    assert all(buckets.take(b"a").allowed for _ in range(60))
    refused = buckets.take(b"a")
    assert (refused.allowed, refused.wait_s, refused.reset_s) == (False, 1, 60)
    assert buckets.take(b"b").remaining == 59
    now_s = 2.0
    assert [buckets.take(b"a").allowed for _ in range(3)] == [True, True, False]


def test_too_many_requests_are_told_when_to_come_back(world, clock):
    app = create_app(world.pool, clock, limits=ApiLimits(per_minute=4, per_minute_unknown=3))
    headers = {"Authorization": f"Bearer {world.tokens['staff']}"}
    client = TestClient(app)
    seen = [client.get("/api/v1/customers", headers=headers) for _ in range(6)]
    # The first is counted by address: nobody knew yet that the token is good.
    assert [answer.status_code for answer in seen] == [200] * 5 + [429]
    assert [answer.headers["ratelimit-remaining"] for answer in seen[:3]] == ["2", "3", "2"]
    last = seen[-1]
    assert last.json()["type"] == "urn:loadstone:problem:too-many-requests"
    assert last.headers["retry-after"] == "15"
    assert last.headers["ratelimit-policy"] == "4;w=60"


def test_making_up_tokens_does_not_help_against_the_limit(world, clock):
    client = TestClient(create_app(world.pool, clock, limits=ApiLimits(per_minute_unknown=3)))
    statuses = [
        client.get("/api/v1/sites", headers={"Authorization": f"Bearer lst_{n}"}).status_code
        for n in range(5)
    ]
    assert statuses == [401, 401, 401, 429, 429]
