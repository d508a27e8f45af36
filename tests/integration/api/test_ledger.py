"""Corrections over HTTP: who may, what is refused and why, and what the ledger then says.

The tests leave the shared database as they found it: every correction is withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from loadstone.storage.identity import create_token, put_user
from tests.integration.api.conftest import NOW, PASSWORD

METER = "/api/v1/meters/MTR-A1"
RATIO = {
    "kind": "ratio",
    "from": "2026-03-24T00:00:00Z",
    "to": "2026-03-25T00:00:00Z",
    "ratio_factor": 2,
    "note": "CT 400/5, not 200/5",
}


@pytest.fixture(scope="module")
def operator_token(world) -> str:
    with psycopg.connect(world.url) as connection:
        user = put_user(
            connection, name="op", display_name="Op", role="operator", password=PASSWORD
        )
        return create_token(connection, user, "tests", NOW + timedelta(days=30))


@pytest.fixture
def operator(world, clock, operator_token) -> TestClient:
    headers = {"Authorization": f"Bearer {operator_token}"}
    return TestClient(create_app(world.pool, clock), headers=headers)


@pytest.fixture
def corrected(operator) -> Iterator[Callable[..., dict[str, object]]]:
    done: list[int] = []

    def correct(body: dict[str, object], **headers: str) -> dict[str, object]:
        answer = operator.post(f"{METER}/corrections", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        event = answer.json()
        if event["ledger_event_id"] not in done:
            done.append(event["ledger_event_id"])
        return event

    yield correct
    for event_id in done:
        body = {"kind": "withdraw", "ledger_event_id": event_id, "note": "end of the test"}
        assert operator.post(f"{METER}/corrections", json=body).status_code == 201


def day_kwh(client: TestClient) -> dict[str, object]:
    params = {"from": RATIO["from"], "to": RATIO["to"], "step": "1d", "tz": "UTC"}
    return client.get(f"{METER}/energy", params=params).json()["data"][0]


def test_a_correction_counts_is_flagged_and_stands_in_the_ledger(operator, corrected):
    was = day_kwh(operator)
    event = corrected(RATIO)
    now = day_kwh(operator)
    assert now["energy_kwh"] == pytest.approx(2 * was["energy_kwh"], abs=1e-6)
    assert (was["quality"], now["quality"]) == ("measured", "corrected")
    newest = operator.get(f"{METER}/ledger", params={"limit": 1}).json()
    assert newest["data"] == [event]
    assert (event["decided_by"], event["note"]) == ("op", RATIO["note"])
    assert event["details"]["before"] == {"ratio_factor": 1}
    assert event["in_force"]


def test_the_same_request_again_is_answered_and_not_done_again(corrected):
    first = corrected(RATIO, **{"Idempotency-Key": "abc"})
    assert corrected(RATIO, **{"Idempotency-Key": "abc"}) == first


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": RATIO["from"]}, "to"),
        ({"ratio_factor": 0}, "ratio_factor"),
        ({"from": "2026-03-24T00:00:00"}, "from"),
        ({"note": ""}, "note"),
        ({"kind": "magic"}, "body"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_wrong_correction_is_refused_naming_the_field(operator, change, field):
    answer = operator.post(f"{METER}/corrections", json={**RATIO, **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"].split(".")[-1] == field


def test_a_correction_over_another_is_refused(operator, corrected):
    event = corrected(RATIO)
    answer = operator.post(f"{METER}/corrections", json=RATIO)
    assert answer.status_code == 422
    assert f"event {event['ledger_event_id']}" in answer.json()["errors"][0]["rule"]


def test_only_operators_correct_and_everybody_reads_their_own_ledger(
    staff, manager_a, manager_b, as_user
):
    assert staff.post(f"{METER}/corrections", json=RATIO).status_code == 403
    assert manager_a.post(f"{METER}/corrections", json=RATIO).status_code == 403
    # An integrator brings meters in, and does not decide what they counted.
    assert as_user("integrator").post(f"{METER}/corrections", json=RATIO).status_code == 403
    assert manager_a.get(f"{METER}/ledger").status_code == 200
    assert manager_b.get(f"{METER}/ledger").status_code == 404


def test_the_epochs_show_what_a_correction_made_of_them(world, operator):
    path = "/api/v1/meters/MTR-A3"
    was = operator.get(f"{path}/epochs").json()["data"][1]
    assert was["corrected_by"] is None
    body = {"kind": "epoch", "epoch": 1, "offsets": {"import_kwh": 10_500}, "note": "modulus"}
    event = operator.post(f"{path}/corrections", json=body).json()
    now = operator.get(f"{path}/epochs").json()["data"][1]
    assert now["offsets"]["import_kwh"] == 10_500
    assert now["corrected_by"] == event["ledger_event_id"]
    body = {"kind": "withdraw", "ledger_event_id": event["ledger_event_id"], "note": "undo"}
    assert operator.post(f"{path}/corrections", json=body).status_code == 201
    assert operator.get(f"{path}/epochs").json()["data"][1] == was


def test_the_ledger_comes_in_parts(operator):
    first = operator.get("/api/v1/meters/MTR-A3/ledger", params={"limit": 1}).json()
    assert len(first["data"]) == 1
    query = {"limit": 1, "cursor": first["next_cursor"]}
    second = operator.get("/api/v1/meters/MTR-A3/ledger", params=query).json()
    assert second["data"][0]["ledger_event_id"] < first["data"][0]["ledger_event_id"]


def test_judging_again_is_shown_before_it_is_applied(operator, staff):
    path = "/api/v1/meters/MTR-A3/rejudgement"
    body = {"from": "2026-03-25T00:00:00Z", "to": "2026-03-26T00:00:00Z", "note": "new rating"}
    answer = operator.post(path, json=body)
    assert answer.status_code == 200, answer.text
    assert not answer.json()["applied"]
    assert [e["reason"] for e in answer.json()["epochs_before"]] == ["first", "rollover"]
    assert staff.post(path, json=body).status_code == 403
    wrong = operator.post(path, json={**body, "to": body["from"]})
    assert wrong.json()["errors"][0]["field"] == "to"
