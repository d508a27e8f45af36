"""`loadstone dashboards` from the database to a stub of Grafana, and the job beside it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg import errors

from loadstone.cli.dashboards import dashboards
from loadstone.cli.statement_limit import statement_limit
from tests.contract.boards.conftest import Seen
from tests.support.grafana_stub import StubGrafana, stub_grafana


@pytest.fixture
def stub() -> Iterator[StubGrafana]:
    with stub_grafana() as running:
        yield running
        assert running.faults == []


def run(seen: Seen, stub: StubGrafana, *arguments: str) -> Result:
    environment = {
        "LOADSTONE_DATABASE_URL": seen.url,
        "LOADSTONE_GRAFANA_URL": stub.url,
        "LOADSTONE_GRAFANA_DATABASE_HOST": "timescaledb:5432",
    }
    return CliRunner().invoke(dashboards, arguments, env=environment, catch_exceptions=False)


def login_of(seen: Seen, stub: StubGrafana, organisation: str) -> psycopg.Connection:
    source = stub.named(organisation).sources["loadstone"]
    own = psycopg.conninfo.make_conninfo(
        seen.url, user=source["user"], password=source["secureJsonData"]["password"]
    )
    return psycopg.connect(own, autocommit=True)


def test_what_grafana_was_given_logs_in_and_sees_its_customer(seen: Seen, stub) -> None:
    done = run(seen, stub, "push", "--customer", "KA-004")
    assert done.exit_code == 0, done.output
    source = stub.named("Loadstone KA-004").sources["loadstone"]
    assert source["url"] == "timescaledb:5432"
    assert source["jsonData"]["timescaledb"] is seen.timescaledb
    with login_of(seen, stub, "Loadstone KA-004") as login:
        sites = {row[0] for row in login.execute("SELECT site_id FROM visible.site")}
        assert sites == seen.world.foreign["site"]
    again = run(seen, stub, "push", "--customer", "KA-004")
    assert "1 organisations, 0 things changed." in again.output
    with login_of(seen, stub, "Loadstone KA-004"):
        pass
    listed = run(seen, stub, "list").output
    assert f"KA-004: {source['user']}" in listed
    assert "REPLAY: no role yet" in listed
    assert source["secureJsonData"]["password"] not in listed


def test_a_push_that_fails_leaves_the_password_that_grafana_has(seen: Seen, stub) -> None:
    run(seen, stub, "push", "--customer", "KA-004")
    before = stub.named("Loadstone KA-004").sources["loadstone"]["secureJsonData"]
    stub.broken = "PUT /api/datasources"
    refused = run(seen, stub, "push", "--customer", "KA-004", "--rotate")
    assert refused.exit_code == 1
    assert "out of order" in refused.output
    assert stub.named("Loadstone KA-004").sources["loadstone"]["secureJsonData"] == before
    with login_of(seen, stub, "Loadstone KA-004"):
        pass


def test_a_dry_run_makes_no_role(seen: Seen, stub) -> None:
    told = run(seen, stub, "push", "--customer", "REPLAY", "--dry-run")
    assert told.exit_code == 0
    assert "Loadstone REPLAY: organisation" in told.output
    assert "REPLAY: no role yet" in run(seen, stub, "list").output
    assert stub.writes() == []


def test_who_is_not_there_is_said(seen: Seen, stub) -> None:
    told = run(seen, stub, "push", "--customer", "KA-999")
    assert told.exit_code == 1
    assert "'KA-999'" in told.output


def test_a_role_by_hand_is_shown_once_and_taken_away(seen: Seen, stub) -> None:
    made = run(seen, stub, "role", "--customer", "REPLAY").output.split()
    own = psycopg.conninfo.make_conninfo(seen.url, user=made[1], password=made[2])
    psycopg.connect(own).close()
    assert "is gone" in run(seen, stub, "role", "--customer", "REPLAY", "--remove").output
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(own)


def test_the_job_ends_what_lasts_too_long(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadstone.cli.statement_limit._EVERY_S", 0.1)
    stop = Event()
    with seen.connect() as login, statement_limit(seen.url, 0.3, stop):
        login.execute("SET statement_timeout = 0")
        with pytest.raises(errors.QueryCanceled, match="user request"):
            login.execute("SELECT pg_sleep(120)")
        stop.set()
