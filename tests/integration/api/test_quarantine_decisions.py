"""The quarantine queue is decided on over the API as it is on its page."""

from __future__ import annotations

_PATH = "/api/v1/quarantine-decisions"


def ids_of(client, **narrowed):
    rows = client.get("/api/v1/quarantine", params=narrowed).json()["data"]
    return [row["quarantine_id"] for row in rows]


def state_of(world, quarantine_id):
    with world.pool.connection() as connection:
        return connection.execute(
            "SELECT decision, decided_by, decision_note FROM core.quarantine "
            "WHERE quarantine_id = %s", [quarantine_id],
        ).fetchone()  # fmt: skip


def test_a_row_is_dismissed_once_noted_and_opened_again(world, operator):
    (row,) = ids_of(operator, gateway="GW-NOBODY")
    body = {"ids": [row], "decision": "dismissed", "note": "a lab device"}
    key = {"Idempotency-Key": "dismiss-nobody"}
    assert operator.post(_PATH, json=body, headers=key).json() == {"decided": 1}
    assert operator.post(_PATH, json=body, headers=key).json() == {"decided": 1}  # not done again
    assert operator.post(_PATH, json=body).json() == {"decided": 0}
    assert state_of(world, row) == ("dismissed", "operator", "a lab device")
    with world.pool.connection() as connection:
        noted = connection.execute(
            "SELECT who, after FROM core.audit WHERE action = 'quarantine.dismissed'"
        ).fetchall()
    assert noted == [("operator", {"rows": 1, "note": "a lab device", "ids": [row]})]
    body["decision"] = "reopened"
    assert operator.post(_PATH, json=body).json() == {"decided": 1}
    assert state_of(world, row) == (None, None, None)


def test_only_what_was_refused_whole_is_read_again(world, operator):
    (refused,) = ids_of(operator, gateway="GW-A", severity="refused")
    (flagged,) = ids_of(operator, gateway="GW-A", severity="flagged")
    body = {"ids": [refused, flagged], "decision": "again", "note": "registered now"}
    assert operator.post(_PATH, json=body).json() == {"decided": 1}
    assert state_of(world, refused)[0] == "again"
    assert state_of(world, flagged)[0] is None


def test_who_may_not_decide_is_told_so_and_a_blank_reason_is_refused(operator, staff):
    body = {"ids": [1], "decision": "dismissed", "note": "no matter"}
    assert staff.post(_PATH, json=body).status_code == 403
    answer = operator.post(_PATH, json={**body, "note": " \t  x"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "note"
