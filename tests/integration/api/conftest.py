"""One database for the API's tests, filled once with two customers; no test of it writes readings.

Customer A (Berlin): MTR-A1 reads all the time around both clock changes, MTR-A2 falls silent on
28 March, MTR-A3 (sub) has a rollover. Customer B (Shanghai): a meter that was never heard of.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from psycopg import sql
from psycopg.conninfo import make_conninfo

from api.app import create_app
from api.demo_door import DemoDoor, DemoUser
from loadstone.domain.batch import ReadingBatch
from loadstone.domain.quantities import POSITION, QUANTITIES
from loadstone.domain.registry import Customer, Equipment, Gateway, Meter, Site
from loadstone.domain.scope import EVERYTHING, of_customers
from loadstone.storage import registry
from loadstone.storage.identity import create_token, put_user
from loadstone.storage.migrate import migrate
from loadstone.storage.pool import Pool, open_pool
from loadstone.storage.readings import (
    ensure_partitions,
    mark_dirty,
    prepare_connection,
    store_latest,
    store_readings,
)
from loadstone.storage.rollups import refresh_rollups
from tests.support.said_forecasts import SaidSite, put_entry, put_site

NOW = datetime(2026, 10, 27, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
QUARTER_MS = 900_000
SILENT_FROM = datetime(2026, 3, 28, tzinfo=UTC)
ROLLOVER_AT = datetime(2026, 3, 25, 12, tzinfo=UTC)
MODULUS_KWH = 10_000.0


@dataclass(frozen=True, kw_only=True)
class Track:
    """What a meter's register truly counted: (n,) epoch ms and kWh, continuous."""

    ts_ms: NDArray[np.int64]
    total_kwh: NDArray[np.float64]

    def between(self, start: datetime, end: datetime) -> float:
        at = np.array([start.timestamp(), end.timestamp()]) * 1000
        return float(np.diff(np.interp(at, self.ts_ms, self.total_kwh))[0])


@dataclass(frozen=True, kw_only=True)
class World:
    url: str
    pool: Pool
    meters: dict[str, int]
    sites: dict[str, int]
    customers: dict[str, int]
    gateways: dict[str, int]
    tracks: dict[str, Track]
    tokens: dict[str, str]


@dataclass
class SettableClock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _tracks() -> dict[str, Track]:
    rng = np.random.default_rng(20260329)
    spring = np.arange(
        ms(datetime(2026, 3, 20, tzinfo=UTC)), ms(datetime(2026, 4, 2, tzinfo=UTC)), QUARTER_MS
    )
    autumn = np.arange(ms(datetime(2026, 10, 23, tzinfo=UTC)), ms(NOW) + 1, QUARTER_MS)

    def track(ts_ms: NDArray[np.int64]) -> Track:
        steps_kwh = rng.uniform(5, 100, len(ts_ms)).round(2)
        return Track(ts_ms=ts_ms, total_kwh=np.cumsum(steps_kwh).round(3))

    return {
        "MTR-A1": track(np.concatenate([spring, autumn])),
        "MTR-A2": track(spring[spring < ms(SILENT_FROM)]),
        "MTR-A3": track(spring),
    }


def _store(connection: psycopg.Connection, world: dict[str, int], tracks: dict[str, Track]) -> None:
    known: set[int] = set()
    for code, track in tracks.items():
        values = np.full((len(track.ts_ms), len(QUANTITIES)), np.nan)
        values[:, POSITION["ep_imp"]] = track.total_kwh
        values[:, POSITION["eq_imp"]] = track.total_kwh / 4
        values[:, POSITION["p"]] = 123.456
        values[:, POSITION["u_an"]] = 230.1
        later = np.zeros(len(track.ts_ms), dtype=bool)
        if code == "MTR-A3":
            later = track.ts_ms >= ms(ROLLOVER_AT)
            values[later, POSITION["ep_imp"]] -= MODULUS_KWH
        count = len(track.ts_ms)
        batch = ReadingBatch(
            meter_id=np.full(count, world[code], np.int32),
            ts_ms=track.ts_ms,
            quality=np.where(np.arange(count) == count - 1, 8, 0).astype(np.int32),
            lag_s=np.full(count, 2, np.int32),
            epoch=later.astype(np.int16),
            values=values,
        )
        ensure_partitions(connection, batch.ts_ms, known)
        store_readings(connection, batch, fresh=True)
        store_latest(connection, batch, batch.ts_ms + 2000)
        mark_dirty(connection, batch.meter_id, batch.ts_ms)
    connection.commit()
    refresh_rollups(connection)
    connection.commit()


_REST = """
INSERT INTO core.register_epoch (meter_id, epoch, starts_at, reason, offsets) VALUES
    (%(a3)s, 0, '2026-03-20Z', 'first', '{0,0,0,0,0,0,0,0}'),
    (%(a3)s, 1, '2026-03-25 12:00Z', 'rollover', '{10000000,0,0,0,0,0,0,0}');
INSERT INTO core.gateway_state (gateway_id, online, boot, why, state_at, last_message_at,
    clock_skew_ms, clock_synced) VALUES
    (%(ga)s, false, 17, 'lwt', '2026-10-26 23:59:00Z', '2026-10-26 23:58:30Z', 250, true);
INSERT INTO core.gateway_sequence (gateway_id, boot, first_seq, last_seq, received, repeated, gaps,
    updated_at) VALUES
    (%(ga)s, 16, 0, 99, 100, 3, '{}', '2026-10-26Z'),
    (%(ga)s, 17, 0, 49, 45, 1, '{[10,13),[20,22)}', '2026-10-26Z');
"""

_REFUSAL = """
INSERT INTO core.quarantine (fingerprint, received_at, last_seen_at, severity, gateway_code, topic,
    code, field, value, rule, payload, payload_bytes)
VALUES (sha256(%(payload)s || convert_to(%(gateway)s::text, 'UTF8')), %(at)s, %(at)s,
    %(severity)s, %(gateway)s, 'loadstone/v1/gw/x/up/tele', %(code)s,
    'u_an', '9999', 'must be within 0 and 600',
    %(payload)s, length(%(payload)s))
"""


def _refusals(connection: psycopg.Connection) -> None:
    for gateway, severity, code, payload in (
        ("GW-A", "refused", "out_of_range", b'{"v":1}'),
        ("GW-A", "flagged", "register_jump", b"\x00\xff\xfe"),
        ("GW-B", "refused", "out_of_range", "电".encode() * 3000),
        ("GW-NOBODY", "refused", "unknown_gateway", b"hello"),
    ):
        connection.execute(
            _REFUSAL,
            {
                "gateway": gateway,
                "severity": severity,
                "code": code,
                "payload": payload,
                "at": NOW,
            },
        )


def _fill(url: str) -> World:
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        prepare_connection(connection)
        customers = {
            code: registry.put_customer(
                connection, Customer(code=code, name_en=code, name_zh="客户", kind="office")
            )
            for code in ("CUS-A", "CUS-B")
        }
        sites = {
            code: registry.put_site(
                connection, customers[owner], Site(code=code, name_en=code, name_zh="站", zone=zone)
            )
            for code, owner, zone in (
                ("SITE-A", "CUS-A", "Europe/Berlin"),
                ("SITE-B", "CUS-B", "Asia/Shanghai"),
            )
        }
        chiller = registry.put_equipment(
            connection,
            sites["SITE-A"],
            Equipment(code="CH-1", name_en="Chiller", name_zh="冷机", category="chiller"),
        )
        meters: dict[str, int] = {}
        for code, site, role in (
            ("MTR-A1", "SITE-A", "main"),
            ("MTR-A2", "SITE-A", "main"),
            ("MTR-A3", "SITE-A", "sub"),
            ("MTR-B1", "SITE-B", "main"),
            ("20260001", "SITE-B", "main"),
        ):
            meters[code] = registry.put_meter(
                connection,
                sites[site],
                Meter(code=code, name_en=code, name_zh="表", role=role, interval_s=900),
                equipment_id=chiller if code == "MTR-A3" else None,
                parent_meter_id=meters["MTR-A1"] if code == "MTR-A3" else None,
            )
        gateways = {
            code: registry.put_gateway(connection, sites[site], Gateway(code=code))
            for code, site in (("GW-A", "SITE-A"), ("GW-B", "SITE-B"))
        }
        for code in ("MTR-A1", "MTR-A2", "MTR-A3"):
            registry.connect_meter(connection, gateways["GW-A"], code, meters[code])
        tracks = _tracks()
        _store(connection, meters, tracks)
        values = {"a3": meters["MTR-A3"], "ga": gateways["GW-A"]}
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(_REST, values)
        _refusals(connection)
        tokens = {}
        for name, role, customer in (
            ("staff", "account_manager", None),
            ("manager-a", "facility_manager", "CUS-A"),
            ("manager-b", "facility_manager", "CUS-B"),
            ("operator", "operator", None),
            ("integrator", "integrator", None),
            ("admin", "admin", None),
        ):
            user_id = put_user(
                connection,
                name=name,
                display_name=name.title(),
                role=role,
                password=PASSWORD,
                scope=of_customers(customers[customer]) if customer else EVERYTHING,
            )
            tokens[name] = create_token(connection, user_id, "tests", NOW + timedelta(days=30))
    return World(
        url=url,
        pool=open_pool(url, most=4, name="api-tests"),
        meters=meters,
        sites=sites,
        customers=customers,
        gateways=gateways,
        tracks=tracks,
        tokens=tokens,
    )


@contextmanager
def _built_world(server_url: str) -> Iterator[World]:
    name = sql.Identifier(f"api_{secrets.token_hex(6)}")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    url = make_conninfo(server_url, dbname=name.as_string().strip('"'))
    migrate(url)
    built = _fill(url)
    yield built
    built.pool.close()
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture(scope="module")
def world(postgres_server) -> Iterator[World]:
    """A filled database for the tests of one module: what others left in it would count here."""
    with _built_world(postgres_server.url) as built:
        yield built


@pytest.fixture(scope="module")
def said_world(world: World) -> dict[str, SaidSite]:
    """The world with forecasts of both customers' sites: issued by the product, as it were."""
    said = {
        code: SaidSite(
            site_id=world.sites[code], customer_id=world.customers[owner], zone=zone,
            level_kw=level, contract_kw=contract,
        )
        for code, owner, zone, level, contract in (
            ("SITE-A", "CUS-A", "Europe/Berlin", 100.0, 150.0),
            ("SITE-B", "CUS-B", "Asia/Shanghai", 70.0, None),
        )
    }  # fmt: skip
    with psycopg.connect(world.url) as connection:
        for code, site in said.items():
            connection.execute(
                "UPDATE core.site SET contract_demand_kw = %s WHERE site_id = %s",
                [site.contract_kw, site.site_id],
            )
            put_site(connection, site, NOW)
            first = NOW.date() + timedelta(days=20)
            put_entry(connection, site, f"SECRET-{code[-1]}", first, first, NOW)
    return said


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def app_client(world: World, clock: SettableClock) -> TestClient:
    """Nobody in particular: no token, no session."""
    door = DemoDoor(
        key="open sesame",
        user_name="staff",
        users=(
            DemoUser(name="staff", display_name="Staff", role="account_manager", password=PASSWORD),
        ),
    )
    return TestClient(create_app(world.pool, clock, demo=door), follow_redirects=False)


@pytest.fixture
def as_user(world: World, clock: SettableClock) -> Callable[[str], TestClient]:
    """A client that sends a user's API token."""

    def client(name: str) -> TestClient:
        headers = {"Authorization": f"Bearer {world.tokens[name]}"}
        app = create_app(world.pool, clock)
        return TestClient(app, headers=headers, follow_redirects=False)

    return client


@pytest.fixture
def staff(as_user) -> TestClient:
    return as_user("staff")


@pytest.fixture
def operator(as_user) -> TestClient:
    return as_user("operator")


@pytest.fixture
def manager_a(as_user) -> TestClient:
    return as_user("manager-a")


@pytest.fixture
def manager_b(as_user) -> TestClient:
    return as_user("manager-b")
