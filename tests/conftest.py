"""Servers for the tests: one PostgreSQL and one broker a run, a fresh database a test.

What a test asks for decides its marker: `database_url` makes it `database`, `broker` `broker`.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from loadstone.embedded import (
    Broker,
    BrokerRole,
    BrokerUser,
    EmbeddedPostgres,
    start_broker,
)
from loadstone.storage.migrate import migrate

_SERVER_VARIABLE = "LOADSTONE_TEST_DATABASE_URL"
_MARKER_OF_FIXTURE = {"postgres_server": "database", "broker": "broker"}

# The server's own life is tested elsewhere: here a machine's crash may cost everything, and only
# the time of a run counts.
_TEST_SETTINGS = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB"}

_BROKER_USERS = {
    "collector": BrokerRole.COLLECTOR,
    "commander": BrokerRole.COMMANDER,
    "GW-TEST-1": BrokerRole.GATEWAY,
    "GW-TEST-2": BrokerRole.GATEWAY,
    "GW-TEST-3": BrokerRole.GATEWAY,
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a server by the fixtures that they use."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in _MARKER_OF_FIXTURE:
                item.add_marker(_MARKER_OF_FIXTURE[fixture])


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseServer:
    """A server that may create databases: `url` is its superuser's, `embedded` None for others'."""

    url: str
    embedded: EmbeddedPostgres | None


@pytest.fixture(scope="session")
def make_server_home() -> Iterator[Callable[[], Path]]:
    """Return a function that makes empty folders which an unprivileged account may pass through.

    pytest's own temporary folders are closed to everybody else, so a server that was started by
    root could not live in them.
    """
    homes: list[Path] = []

    def make() -> Path:
        home = Path(tempfile.mkdtemp(prefix="loadstone-test-"))
        home.chmod(0o711)
        homes.append(home)
        return home

    yield make
    for home in homes:
        shutil.rmtree(home)


@pytest.fixture
def server_home(make_server_home: Callable[[], Path]) -> Path:
    """Return an empty folder for servers of one test."""
    return make_server_home()


@pytest.fixture(scope="session")
def postgres_server(make_server_home: Callable[[], Path]) -> Iterator[DatabaseServer]:
    """Run one PostgreSQL for all tests, or take that of LOADSTONE_TEST_DATABASE_URL."""
    given = os.environ.get(_SERVER_VARIABLE)
    if given:
        yield DatabaseServer(url=given, embedded=None)
        return
    with EmbeddedPostgres(make_server_home(), settings=_TEST_SETTINGS) as server:
        yield DatabaseServer(url=server.dsn, embedded=server)


@pytest.fixture(scope="session")
def template_database(postgres_server: DatabaseServer) -> Iterator[str]:
    """Migrate one database that every test's is a copy of, and return its name."""
    name = f"template_{secrets.token_hex(6)}"
    _create_database(postgres_server, name, "template1")
    migrate(_url_of(postgres_server.url, name))
    _close_database(postgres_server, name)
    yield name
    _drop_database(postgres_server, name)


@pytest.fixture
def database_url(postgres_server: DatabaseServer, template_database: str) -> Iterator[str]:
    """Create a migrated database for one test, drop it afterwards, and return its URL."""
    yield from _database_of_one_test(postgres_server, template_database)


@pytest.fixture(scope="session")
def make_database(
    postgres_server: DatabaseServer, template_database: str
) -> Iterator[Callable[[], str]]:
    """Return a function that makes migrated databases, for tests that share one and clear it."""
    names: list[str] = []

    def make() -> str:
        names.append(f"shared_{secrets.token_hex(6)}")
        _create_database(postgres_server, names[-1], template_database)
        return _url_of(postgres_server.url, names[-1])

    yield make
    for name in names:
        _drop_database(postgres_server, name)


@pytest.fixture
def empty_database_url(postgres_server: DatabaseServer) -> Iterator[str]:
    """Create an empty database for one test, drop it afterwards, and return its URL."""
    yield from _database_of_one_test(postgres_server, "template1")


@pytest.fixture(scope="session")
def broker_users() -> Sequence[BrokerUser]:
    """Return the users of `broker`: `collector`, `commander` and three gateways."""
    return [
        BrokerUser(name=name, password=f"{name}-password", role=role)
        for name, role in _BROKER_USERS.items()
    ]


@pytest.fixture(scope="session")
def broker_passwords(broker_users: Sequence[BrokerUser]) -> dict[str, str]:
    """Return the password of each user of `broker`."""
    return {user.name: user.password for user in broker_users}


@pytest.fixture(scope="session")
def broker(
    make_server_home: Callable[[], Path], broker_users: Sequence[BrokerUser]
) -> Iterator[Broker]:
    """Run one broker for all tests; sessions and retained messages stay, so take fresh ids."""
    running = start_broker(make_server_home(), broker_users)
    yield running
    running.stop()


def _database_of_one_test(server: DatabaseServer, template: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(6)}"
    _create_database(server, name, template)
    yield _url_of(server.url, name)
    _drop_database(server, name)


def _create_database(server: DatabaseServer, name: str, template: str) -> None:
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))


def _close_database(server: DatabaseServer, name: str) -> None:
    """Let nobody in: TimescaleDB's workers would look in, and only what is unused can be copied."""
    close = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name))
    leave = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(close)
        connection.execute(leave, [name])


def _drop_database(server: DatabaseServer, name: str) -> None:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(drop.format(sql.Identifier(name)))


def _url_of(server_url: str, database: str) -> str:
    """Return a server's URL for another database, whichever way it was written."""
    if "://" not in server_url:
        return make_conninfo(server_url, dbname=database)
    return urlsplit(server_url)._replace(path=f"/{database}").geturl()
