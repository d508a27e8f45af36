"""Live values: one query for all who watch, each sees their own, and a broken stream goes on."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import uvicorn

from api.app import create_app
from api.live_values import LiveValues
from api.rates import ApiLimits
from loadstone.clock import utc_now
from loadstone.storage.identity import create_token
from loadstone.storage.latest import ChangedRow

_AT = datetime(2026, 3, 1, tzinfo=UTC)


def _row(meter_id, second, site_id=1):
    names = ChangedRow.__dataclass_fields__
    at = _AT + timedelta(seconds=second)
    values = dict.fromkeys(names) | {
        "meter_id": meter_id, "code": "M", "site_id": site_id, "customer_id": 1, "ts": at,
        "received_at": at, "epoch": 0, "quality": 0,
    }  # fmt: skip
    return ChangedRow(**values)


def test_each_change_is_told_once_however_often_it_is_read():
    answers = [[_row(1, 0), _row(2, 1)], [_row(2, 1), _row(1, 2)], []]
    live = LiveValues(ask=lambda _since: answers.pop(0), every_s=0)
    for _ in range(3):
        live.look(_AT)
    changes = live.since(0)
    assert [(c.number, c.row.meter_id) for c in changes] == [(1, 1), (2, 2), (3, 1)]
    assert [c.number for c in live.since(2)] == [3]
    assert live.since(3) == []
    assert live.since(4) is None
    assert (live.newest_of(1), live.newest_of(9)) == (3, 0)


def test_a_stream_that_was_away_too_long_begins_anew():
    live = LiveValues(ask=lambda _since: [_row(n, n) for n in range(10)], every_s=0, keep=4)
    live.look(_AT)
    assert live.since(2) is None
    assert len(live.since(6)) == 4
    assert live.number_of(live.event_id(7)) == 7
    assert live.number_of("other-7") is None
    assert live.number_of(live.boot + "-7\n") is None


def test_it_is_asked_once_however_many_watch():
    asked = []
    live = LiveValues(ask=lambda since: asked.append(since) or [], every_s=60)
    for _ in range(50):
        live.look(_AT)
    assert len(asked) == 1


@contextmanager
def _serving(app) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, ws="none", lifespan="off", log_level="error",
                            timeout_graceful_shutdown=1)  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
    listener.close()


@pytest.fixture(scope="module")
def live_server(world):
    app = create_app(world.pool, utc_now, limits=ApiLimits(streams_each=2))
    with _serving(app) as url:
        yield url


@contextmanager
def _watching(url, token, path, **headers):
    client = httpx2.Client(timeout=20)
    headers = {"Authorization": f"Bearer {token}", **headers}
    with client, client.stream("GET", f"{url}{path}", headers=headers) as answer:
        yield answer


def _events(answer) -> Iterator[tuple[str, str, dict]]:
    name = event_id = ""
    for line in answer.iter_lines():
        key, _, value = line.partition(": ")
        if key == "event":
            name = value
        elif key == "id":
            event_id = value
        elif key == "data":
            yield name, event_id, json.loads(value)


_HEARD = "UPDATE core.meter_latest SET received_at = %s, p_w = %s WHERE meter_id = %s"


def _hear(world, code, power_w):
    with world.pool.connection() as connection:
        connection.execute(_HEARD, [utc_now(), power_w, world.meters[code]])


def test_a_value_comes_to_those_who_may_see_it_and_a_broken_stream_goes_on(world, live_server):
    path = "/api/v1/live?scope=site:SITE-A"
    with _watching(live_server, world.tokens["manager-a"], path) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = _events(answer)
        name, _, told = next(events)
        assert name == "snapshot"
        assert [row["code"] for row in told["data"]] == ["MTR-A1", "MTR-A2", "MTR-A3"]
        _hear(world, "MTR-A1", 150_000)
        name, event_id, told = next(events)
        assert name == "values"
        assert [(r["code"], r["active_power_kw"]) for r in told["data"]] == [("MTR-A1", 150.0)]
    _hear(world, "MTR-A1", 123_456)
    again = {"Last-Event-ID": event_id}
    with _watching(live_server, world.tokens["manager-a"], path, **again) as answer:
        name, _, told = next(_events(answer))
        assert (name, told["data"][0]["active_power_kw"]) == ("values", 123.456)


def test_nobody_watches_anothers_site_and_streams_are_bounded(world, live_server):
    other = world.tokens["manager-b"]
    with _watching(live_server, other, "/api/v1/sites/SITE-A/live") as answer:
        assert answer.status_code == 404
    with (
        _watching(live_server, other, "/api/v1/sites/SITE-B/live") as first,
        _watching(live_server, other, "/api/v1/live") as second,
        _watching(live_server, other, "/api/v1/live") as third,
    ):
        assert [a.status_code for a in (first, second, third)] == [200, 200, 429]


def test_a_stream_ends_when_its_token_does(world, live_server, monkeypatch):
    monkeypatch.setattr("api.routes.live._CHECK_S", 0.5)
    with world.pool.connection() as connection:
        user_id = connection.execute(
            "SELECT user_id FROM core.app_user WHERE name = 'staff'"
        ).fetchone()[0]
        token = create_token(connection, user_id, "short", None)
    with _watching(live_server, token, "/api/v1/live") as answer:
        events = _events(answer)
        assert next(events)[0] == "snapshot"
        with world.pool.connection() as connection:
            connection.execute("DELETE FROM core.api_token WHERE name = 'short'")
        assert [name for name, _, _ in events][-1] == "end"
