"""A filled database on each kind of server, and a dashboard's login of the customer who looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import psycopg
import pytest

from loadstone.clock import utc_now
from loadstone.storage.dashboard_roles import DashboardLogin, give_role
from loadstone.storage.migrate import migrate
from tests.contract.storage.conftest import apache_server, fresh_database
from tests.support.board_world import BoardWorld, fill

__all__ = ["apache_server"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A filled database, and who looks at it; `url` is the owner's."""

    url: str
    world: BoardWorld
    role: DashboardLogin
    login: psycopg.Connection
    timescaledb: bool
    now: datetime

    def connect(self) -> psycopg.Connection:
        """One more connection of the dashboard's role."""
        return psycopg.connect(login_url(self.url, self.role), autocommit=True)


def login_url(url: str, role: DashboardLogin) -> str:
    """The address of the same database for a dashboard's role."""
    return psycopg.conninfo.make_conninfo(url, user=role.role_name, password=role.password)


@pytest.fixture(scope="session", params=["plain", "apache"])
def seen(request: pytest.FixtureRequest) -> Iterator[Seen]:
    """The simulator's hotel and hospital on PostgreSQL and on TimescaleDB; the hotel looks."""
    server = request.getfixturevalue(
        {"plain": "postgres_server", "apache": "apache_server"}[request.param]
    )
    now = utc_now().replace(microsecond=0)
    with fresh_database(server if isinstance(server, str) else server.url) as url:
        migrate(url)
        world = fill(url, now)
        with psycopg.connect(url) as owner:
            role = give_role(owner, world.customer_id, now)
        with psycopg.connect(login_url(url, role), autocommit=True) as login:
            yield Seen(
                url=url, world=world, role=role, login=login, now=now,
                timescaledb=request.param == "apache",
            )  # fmt: skip
