"""The application over a small portfolio, on a port of its own, at an hour that tests set."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx2 as httpx
import psycopg
import uvicorn
from psycopg import sql
from psycopg.conninfo import make_conninfo

from api.app import create_app
from loadstone.domain.scope import of_customers
from loadstone.storage.identity import put_user
from loadstone.storage.migrate import migrate
from loadstone.storage.pool import open_pool
from loadstone.storage.webhook_outbox import tell
from loadstone.storage.webhooks import make_webhook
from tests.story.small_portfolio import SmallPortfolio, foresee, refuse, seed
from tests.support.said_opportunities import put_opportunities
from tests.support.said_savings import put_savings

NOW = datetime(2026, 11, 18, 9, 42, 11, tzinfo=UTC)
PASSWORD = "a long password of the tests"


@dataclass(slots=True, kw_only=True)
class PagesServer:
    """Where it listens, what is in it, and what time it is."""

    url: str
    database_url: str
    portfolio: SmallPortfolio
    now: datetime


def signed_in(pages: PagesServer, name: str) -> httpx.Client:
    """Return a client that is signed in as this user."""
    client = httpx.Client(base_url=pages.url, timeout=60)
    answer = client.post("/login", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303
    return client


def token_of(client: httpx.Client) -> str:
    """Return the CSRF token of its session."""
    return client.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]


@contextmanager
def serve_pages(
    server_url: str, *, customers: int = 4, days: int = 16
) -> Iterator[PagesServer]:  # fmt: skip
    """Make a database on this server, fill it, and serve it until the block ends."""
    name = f"pages_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = (
        urlsplit(server_url)._replace(path=f"/{name}").geturl()
        if "://" in server_url
        else make_conninfo(server_url, dbname=name)
    )
    try:
        migrate(url)
        portfolio = _fill(url, customers, days)
        with _running(url, portfolio) as server:
            yield server
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


def _fill(url: str, customers: int, days: int) -> SmallPortfolio:
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        portfolio = seed(connection, NOW, customers=customers, days=days)
        foresee(connection, portfolio)
        put_opportunities(connection, portfolio.customers, portfolio.sites, NOW)
        put_savings(connection, portfolio.sites, NOW)
        put_user(connection, name="ada", display_name="Ada Chen", role="admin", password=PASSWORD)
        put_user(
            connection, name="wang", display_name="Wang Lei", role="facility_manager",
            password=PASSWORD, language="zh", scope=of_customers(portfolio.customers[0]),
        )  # fmt: skip
        webhook_id = make_webhook(
            connection,
            {"name": "Maintenance desk", "url": "https://hooks.example.com/loadstone",
             "kinds": ["gateway_silent", "quality_low"], "customer_id": None, "site_id": None,
             "completeness_below_ratio": 0.98, "secret": "whsec_test", "created_by": "ada",
             "created_at": NOW},
        )  # fmt: skip
        tell(connection, "test", customer_id=None, site_id=None, at=NOW,
             details={"asked_by": "ada"}, only_webhook_id=webhook_id)  # fmt: skip
        for gateway, value in (("GW-0003", "m9"), ("GW-0000", "m8"), ("GW-STRANGE", "m7")):
            refuse(
                connection, NOW, gateway, code="unknown_meter", field="m", value=value,
                rule="must be a meter that the registry connects to this gateway at that time",
                payload=b'{"v":1,"m":"</script><b>bold</b>\x00\xff"}',
            )  # fmt: skip
    return portfolio


@contextmanager
def _running(url: str, portfolio: SmallPortfolio) -> Iterator[PagesServer]:
    pool = open_pool(url, most=6)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    pages = PagesServer(
        url=f"http://127.0.0.1:{port}", database_url=url, portfolio=portfolio, now=NOW
    )
    app = create_app(pool, lambda: pages.now)
    config = uvicorn.Config(
        app, ws="none", lifespan="off", log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield pages
    finally:
        server.should_exit = True
        thread.join(20)
        pool.close()
        listener.close()
