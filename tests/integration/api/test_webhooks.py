"""Other systems are told what happened: signed, in the event's own transaction, until they hear."""

from __future__ import annotations

import json
import secrets
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from loadstone.storage.webhook_watch import tell_incomplete_days, tell_silence
from loadstone.webhooks.call import call
from loadstone.webhooks.deliver import WAITS, deliver_due
from loadstone.webhooks.signing import SIGNATURE_HEADER, signature_fits

_REFUSAL = """
INSERT INTO core.quarantine (fingerprint, received_at, last_seen_at, severity, gateway_code, topic,
    code, field, value, rule, payload, payload_bytes)
VALUES (%(print)s, %(at)s, %(at)s, 'refused', %(gateway)s, 't', 'out_of_range', 'u_an', '9999',
    'must be less', '', 0)
"""


class Receiver:
    """A system that hears, or answers with an error."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.heard.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?x=1"


@pytest.fixture
def receiver():
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(5)


@pytest.fixture
def keeper(world, clock):
    """An operator where webhooks may call into the own net."""
    app = create_app(world.pool, clock, webhooks_may_call_private=True)
    headers = {"Authorization": f"Bearer {world.tokens['operator']}"}
    client = TestClient(app, headers=headers)
    yield client
    with world.pool.connection() as connection:
        connection.execute("DELETE FROM core.webhook")
        connection.execute("DELETE FROM core.webhook_event")
        connection.execute("DELETE FROM core.gateway_silence")


def _made(keeper, receiver, **values):
    body = {"name": "Desk", "url": receiver.url, "kinds": ["quarantine"]} | values
    answer = keeper.post("/api/v1/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _deliver(world, clock):
    return deliver_due(
        world.pool, clock, lambda url, h, body: call(url, h, body, allow_private=True)
    )


def _refuse(world, clock, gateway):
    with world.pool.connection() as connection:
        values = {"print": secrets.token_bytes(32), "at": clock(), "gateway": gateway}
        connection.execute(_REFUSAL, values)


def test_a_refusal_is_told_to_who_wants_to_know_of_that_customer(world, clock, keeper, receiver):
    mine = _made(keeper, receiver, customer_id=world.customers["CUS-A"])
    _made(keeper, receiver, customer_id=world.customers["CUS-B"])
    _made(keeper, receiver, site_id=world.sites["SITE-A"], kinds=["gateway_back"])
    _refuse(world, clock, "GW-A")
    assert _deliver(world, clock) == 1
    headers, body = receiver.heard[0]
    assert signature_fits(mine["secret"], headers[SIGNATURE_HEADER], body, clock())
    told = json.loads(body)
    assert (told["kind"], told["site_id"]) == ("quarantine", world.sites["SITE-A"])
    assert told["details"]["gateway_code"] == "GW-A"
    log = keeper.get(f"/api/v1/webhooks/{mine['webhook_id']}/deliveries").json()["data"]
    assert [row["attempts"][0]["status"] for row in log] == [204]
    assert log[0]["due_at"] is None
    assert _deliver(world, clock) == 0


def test_what_is_undone_is_not_told(world, clock, keeper, receiver):
    _made(keeper, receiver)
    with world.pool.connection() as connection, connection.transaction(force_rollback=True):
        values = {"print": secrets.token_bytes(32), "at": clock(), "gateway": "GW-A"}
        connection.execute(_REFUSAL, values)
    assert _deliver(world, clock) == 0


def test_a_call_is_made_again_until_it_is_heard_or_a_day_is_over(world, clock, keeper, receiver):
    hook = _made(keeper, receiver)
    receiver.status = 500
    _refuse(world, clock, "GW-A")
    assert _deliver(world, clock) == 1
    assert _deliver(world, clock) == 0
    for wait in WAITS:
        clock.forward(seconds=wait.total_seconds())
        assert _deliver(world, clock) == 1
    clock.forward(days=3)
    assert _deliver(world, clock) == 0
    # The token of the tests has expired by then on that clock? It is good for 30 days.
    row = keeper.get(f"/api/v1/webhooks/{hook['webhook_id']}").json()
    assert (row["given_up"], row["waiting"], row["delivered"]) == (1, 0, 0)
    assert len(receiver.heard) == len(WAITS) + 1


def test_a_gateway_that_falls_silent_and_comes_back_is_told_once_each(
    world, clock, keeper, receiver
):
    _made(keeper, receiver, kinds=["gateway_silent", "gateway_back"])
    after = timedelta(minutes=5)
    set_state = """UPDATE core.gateway_state SET online = %s, last_message_at = %s
        WHERE gateway_id = %s"""
    gateway_id = world.gateways["GW-A"]
    with world.pool.connection() as connection:
        before = connection.execute(
            "SELECT online, last_message_at FROM core.gateway_state WHERE gateway_id = %s",
            [gateway_id],
        ).fetchone()
        assert tell_silence(connection, clock(), after) == 1
        assert tell_silence(connection, clock(), after) == 0
        clock.forward(seconds=20)
        connection.execute(set_state, [True, clock(), gateway_id])
        assert tell_silence(connection, clock(), after) == 1
        assert tell_silence(connection, clock(), after) == 0
        connection.execute(set_state, [*before, gateway_id])
    assert _deliver(world, clock) == 2
    assert [json.loads(body)["kind"] for _, body in receiver.heard] == [
        "gateway_silent",
        "gateway_back",
    ]


def test_an_incomplete_day_is_told_once(world, clock, keeper, receiver):
    hook = _made(
        keeper, receiver, kinds=["quality_low"], completeness_below_ratio=0.99,
        customer_id=world.customers["CUS-A"],
    )  # fmt: skip
    with world.pool.connection() as connection:
        assert tell_incomplete_days(connection, clock()) == 0
        clock.forward(days=1, hours=1)
        assert tell_incomplete_days(connection, clock()) == 1
        assert tell_incomplete_days(connection, clock()) == 0
    assert _deliver(world, clock) == 1
    told = json.loads(receiver.heard[0][1])
    assert told["details"]["site_code"] == "SITE-A"
    assert told["details"]["completeness_ratio"] < 0.99
    assert hook["completeness_below_ratio"] == 0.99


def test_a_test_call_goes_to_that_hook_only_even_if_it_is_off(world, clock, keeper, receiver):
    hook = _made(keeper, receiver)
    _made(keeper, receiver)
    path = f"/api/v1/webhooks/{hook['webhook_id']}"
    assert keeper.patch(path, json={"enabled": False}).json()["disabled_at"] is not None
    assert keeper.post(f"{path}/test").status_code == 202
    _refuse(world, clock, "GW-B")
    assert _deliver(world, clock) == 2
    kinds = [json.loads(body)["kind"] for _, body in receiver.heard]
    assert sorted(kinds) == ["quarantine", "test"]


def test_the_secret_is_told_once_and_can_be_made_anew(keeper, receiver):
    hook = _made(keeper, receiver)
    path = f"/api/v1/webhooks/{hook['webhook_id']}"
    assert hook["secret"].startswith("whsec_")
    assert "secret" not in keeper.get(path).json()
    anew = keeper.post(f"{path}/secret").json()["secret"]
    assert anew != hook["secret"]
    assert keeper.delete(path).status_code == 200
    assert keeper.get(path).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"kinds": ["everything"]}, "kinds.0"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["quality_low"]}, "completeness_below_ratio"),
        ({"customer_id": 999_999}, "customer_id"),
    ],
)
def test_what_cannot_be_is_refused_by_name(operator, body, field):
    good = {"name": "x", "url": "https://hooks.example.com/", "kinds": ["quarantine"]}
    answer = operator.post("/api/v1/webhooks", json=good | body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_who_only_looks_sends_nothing_to_others(staff, manager_a):
    assert staff.get("/api/v1/webhooks").status_code == 403
    assert manager_a.post("/api/v1/webhooks", json={}).status_code == 403
