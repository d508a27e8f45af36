"""One store a test, on every kind of server that can be had here.

`plain` is the wheel's PostgreSQL, `apache` a real TimescaleDB of the Apache edition, `tsl` the
Community edition in WebAssembly (one client, no COPY, small data). LOADSTONE_TEST_DATABASE_URL
names a server of any kind instead, which then runs everything.
"""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from loadstone.embedded import EmbeddedPostgres
from loadstone.embedded.account import readable_home
from loadstone.storage import readings
from loadstone.storage.migrate import migrate
from tests.contract.storage.line import BorrowedConnection, insert_copied
from tests.integration.ingest.premises import Premises

HOME = Path(__file__).resolve().parents[3]
_GIVEN = os.environ.get("LOADSTONE_TEST_DATABASE_URL")
# Scripts that must not fail here: LOADSTONE_TEST_REQUIRED=timescale-apache in CI.
_REQUIRED = os.environ.get("LOADSTONE_TEST_REQUIRED", "").split(",")
_TEST_SETTINGS = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
_TIMESCALE_SETTINGS = {
    "shared_preload_libraries": "timescaledb",
    "timescaledb.telemetry_level": "off",
    "timescaledb.max_background_workers": "0",
    "max_locks_per_transaction": "256",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A database for one test; `small` says that it is the one in WebAssembly."""

    url: str
    small: bool = False


def _install(script: str) -> str:
    """Run a script of ours that prints what it installed; skip with its one line otherwise."""
    # What a server runs from has to be where an unprivileged account may read it.
    folder = readable_home(HOME / ".cache" / script)
    done = subprocess.run([HOME / "scripts" / script, folder], capture_output=True, text=True)
    if done.returncode != 0:
        (pytest.fail if script in _REQUIRED else pytest.skip)(done.stderr.strip())
    return done.stdout.strip()


@pytest.fixture(scope="session")
def apache_server(make_server_home: Callable[[], Path]) -> Iterator[str]:
    """Run a TimescaleDB of the Apache edition and return its superuser's URL."""
    binaries = Path(_install("timescale-apache"))
    settings = {**_TEST_SETTINGS, **_TIMESCALE_SETTINGS}
    with EmbeddedPostgres(make_server_home(), settings=settings, binaries=binaries) as server:
        yield server.dsn


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """Create an empty database, with TimescaleDB where the server has it, and drop it again."""
    name = f"store_{secrets.token_hex(6)}"
    url = urlsplit(server_url)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with psycopg.connect(url, autocommit=True) as connection:
        preloaded = connection.execute("SHOW shared_preload_libraries").fetchone()
        if preloaded and "timescaledb" in preloaded[0]:
            connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
    yield url
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _webassembly() -> Iterator[str]:
    program = _install("timescale-community")
    with subprocess.Popen(
        ["node", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        assert server.stdout is not None and server.stdin is not None
        port = server.stdout.readline().removeprefix("port ").strip()
        assert port, "the server in WebAssembly did not start"
        yield f"postgresql://postgres:none@127.0.0.1:{port}/postgres?sslmode=disable"
        server.stdin.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test of a store on each kind of server, or on the one that was given."""
    if "empty_store" in metafunc.fixturenames:
        kinds = ["plain", "apache", *([] if "a_whole_server" in metafunc.fixturenames else ["tsl"])]
        metafunc.parametrize("empty_store", ["given"] if _GIVEN else kinds, indirect=True)


@pytest.fixture
def a_whole_server() -> None:
    """Leave WebAssembly out: the test needs COPY, several clients or many rows."""


@pytest.fixture
def empty_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Return an empty database, with TimescaleDB where the server has it."""
    if request.param == "tsl":
        with _webassembly() as url:
            yield Store(url=url, small=True)
        return
    fixture = {"apache": "apache_server"}.get(request.param, "postgres_server")
    server = request.getfixturevalue(fixture)
    with fresh_database(server if isinstance(server, str) else server.url) as url:
        yield Store(url=url)


@pytest.fixture
def store(empty_store: Store) -> Store:
    """Return a migrated database."""
    migrate(empty_store.url)
    return empty_store


@pytest.fixture
def connection(store: Store) -> Iterator[psycopg.Connection]:
    """Connect to `store`, in UTC."""
    # In WebAssembly all clients are one session: one's prepared statement is the next one's.
    prepared = None if store.small else 5
    utc = "-c timezone=UTC"
    with psycopg.connect(store.url, options=utc, prepare_threshold=prepared) as opened:
        yield opened


@pytest.fixture
def make_premises(
    connection: psycopg.Connection, store: Store, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Premises]]:
    """Return a function that registers a gateway and meters, and feeds a line into the store."""
    connection.autocommit = True
    shared: dict[str, object] = {"connection": connection}
    if store.small:
        monkeypatch.setattr(readings, "_copy", insert_copied)
        shared["make_database"] = lambda: BorrowedConnection(connection)
    made: list[Premises] = []

    def make(**what: object) -> Premises:
        made.append(Premises(store.url, **shared, **what))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for premises in made:
        premises.close()
