"""The database as a replay needs it: a meter to write to, and proof of what arrived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import psycopg

from loadstone.domain.registry import Customer, Gateway, Meter, Site
from loadstone.storage.registry import (
    connect_meter,
    put_customer,
    put_gateway,
    put_meter,
    put_site,
)


class ReplayTargetError(Exception):
    """The data cannot go there; the message says why and what else to choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTarget:
    """Where the data go. What exists is used as it is, except the meter, which is set anew."""

    customer: Customer
    site: Site
    gateway: Gateway
    meter: Meter


@contextmanager
def replay_connection(url: str) -> Iterator[psycopg.Connection]:
    """A connection for registering and checking; raises ReplayTargetError when there is none."""
    try:
        with psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=10,
            application_name="loadstone-replay",
            options="-c timezone=UTC",
        ) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise ReplayTargetError(f"the database cannot be used: {str(error).strip()}") from error


_METER_SITE = """
SELECT m.meter_id, s.code FROM core.meter m JOIN core.site s USING (site_id) WHERE m.code = %s
"""
_SITE = "SELECT site_id, zone FROM core.site WHERE code = %s"
_CUSTOMER = "SELECT customer_id FROM core.customer WHERE code = %s"
_GATEWAY = "SELECT gateway_id FROM core.gateway WHERE code = %s AND retired_at IS NULL"


def register_target(connection: psycopg.Connection, target: ReplayTarget) -> int:
    """Make sure that everything is registered; returns meter_id. Raises ReplayTargetError."""
    with connection.transaction():
        site_id = _put_site(connection, target)
        gateway = connection.execute(_GATEWAY, [target.gateway.code]).fetchone()
        gateway_id = gateway[0] if gateway else put_gateway(connection, site_id, target.gateway)
        known = connection.execute(_METER_SITE, [target.meter.code]).fetchone()
        if known and known[1] != target.site.code:
            raise ReplayTargetError(
                f"meter {target.meter.code} belongs to site {known[1]}; choose another --meter"
            )
        meter_id = put_meter(connection, site_id, target.meter)
        connect_meter(connection, gateway_id, target.meter.code, meter_id)
        return meter_id


def _put_site(connection: psycopg.Connection, target: ReplayTarget) -> int:
    site = connection.execute(_SITE, [target.site.code]).fetchone()
    if site is None:
        known = connection.execute(_CUSTOMER, [target.customer.code]).fetchone()
        customer_id = known[0] if known else put_customer(connection, target.customer)
        return put_site(connection, customer_id, target.site)
    if site[1] != target.site.zone:
        raise ReplayTargetError(
            f"site {target.site.code} is in zone {site[1]}, not {target.site.zone}: its local days "
            "would be wrong; choose another --site or --site-zone"
        )
    return int(site[0])


_STORED = """
SELECT round(extract(epoch FROM ts) * 1000)::bigint, imp_wh
FROM core.reading WHERE meter_id = (SELECT meter_id FROM core.meter WHERE code = %s)
"""


def check_unused(
    connection: psycopg.Connection,
    meter_code: str,
    ts_ms: Sequence[int],
    import_kwh: Sequence[float],
) -> None:
    """Raise ReplayTargetError if the meter holds anything but these registers, or part of them."""
    expected = {ts: round(kwh * 1000) for ts, kwh in zip(ts_ms, import_kwh, strict=True)}
    for ts, import_wh in connection.execute(_STORED, [meter_code]):
        if expected.get(ts) != import_wh:
            raise ReplayTargetError(
                f"meter {meter_code} already holds other readings; one register cannot count two "
                "files. Choose another --meter"
            )


_PROGRESS = """
SELECT EXISTS (SELECT FROM core.reading WHERE meter_id = %(meter)s AND ts = %(ts)s) AS stored,
       EXISTS (SELECT FROM core.dirty_bucket WHERE meter_id = %(meter)s) AS dirty
"""

Stage = Literal["on the way", "stored", "summarised"]


def arrival_stage(connection: psycopg.Connection, meter_id: int, last_at: datetime) -> Stage:
    """How far the reading of `last_at` has come: stored once it is there, then summarised."""
    row = connection.execute(_PROGRESS, {"meter": meter_id, "ts": last_at}).fetchone()
    stored, dirty = row if row else (False, True)
    if not stored:
        return "on the way"
    return "stored" if dirty else "summarised"


_REFUSED = """
SELECT count(*), min(code || ': ' || rule)
FROM core.quarantine WHERE gateway_code = %s AND last_seen_at >= %s
"""


def refused_since(
    connection: psycopg.Connection, gateway_code: str, since: datetime
) -> tuple[int, str | None]:
    """How many entries the gateway has in quarantine since an instant, and the reason of one."""
    row = connection.execute(_REFUSED, [gateway_code, since]).fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


_BY_DAY = """
SELECT start_at, energy_kwh FROM read.energy(ARRAY[%s]::int[], %s, %s, interval '1 day', %s, %s)
ORDER BY start_at
"""


def stored_energy_by_day(
    connection: psycopg.Connection,
    meter_id: int,
    start: datetime,
    end: datetime,
    zone: str,
    register: Literal["imp", "exp"],
) -> dict[datetime, float | None]:
    """Energy (kWh) of each local day of [start, end), as every reader gets it; None: not known."""
    values = [meter_id, start, end, zone, register]
    return {row[0]: row[1] for row in connection.execute(_BY_DAY, values)}
