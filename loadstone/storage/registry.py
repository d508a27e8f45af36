"""The registry of customers, sites, equipment, gateways and meters: written by people and tools."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import psycopg
from psycopg import sql

from loadstone.domain.registry import Customer, Equipment, Gateway, Meter, Site


class NotRegisteredError(LookupError):
    """No row of this kind has this code."""


def _upsert(
    connection: psycopg.Connection,
    table: str,
    key: str,
    values: dict[str, object],
    unique: tuple[str, ...] = ("code",),
) -> int:
    """Insert or update one row by its code, and return its id."""
    names = [sql.Identifier(name) for name in values]
    changes = [
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name))
        for name in values
        if name not in unique
    ]
    statement = sql.SQL(
        "INSERT INTO core.{table} ({names}) VALUES ({marks}) "
        "ON CONFLICT ({unique}) DO UPDATE SET {changes} RETURNING {key}"
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(names),
        marks=sql.SQL(", ").join(sql.Placeholder() * len(names)),
        unique=sql.SQL(", ").join(sql.Identifier(name) for name in unique),
        changes=sql.SQL(", ").join(changes),
        key=sql.Identifier(key),
    )
    row = connection.execute(statement, list(values.values())).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return int(row[0])


def put_customer(connection: psycopg.Connection, customer: Customer) -> int:
    """Register a customer, or change the one with this code; returns customer_id."""
    return _upsert(connection, "customer", "customer_id", asdict(customer))


def put_site(connection: psycopg.Connection, customer_id: int, site: Site) -> int:
    """Register a site, or change the one with this code; returns site_id."""
    values = {"customer_id": customer_id, **asdict(site)}
    return _upsert(connection, "site", "site_id", values)


def put_equipment(connection: psycopg.Connection, site_id: int, equipment: Equipment) -> int:
    """Register equipment of a site, or change it; returns equipment_id."""
    values = {"site_id": site_id, **asdict(equipment)}
    return _upsert(connection, "equipment", "equipment_id", values, ("site_id", "code"))


def put_gateway(connection: psycopg.Connection, site_id: int, gateway: Gateway) -> int:
    """Register a gateway, or change the one with this code; returns gateway_id."""
    values = {"site_id": site_id, **asdict(gateway)}
    return _upsert(connection, "gateway", "gateway_id", values)


def put_meter(
    connection: psycopg.Connection,
    site_id: int,
    meter: Meter,
    *,
    equipment_id: int | None = None,
    parent_meter_id: int | None = None,
) -> int:
    """Register a meter, or change the one with this code; returns meter_id."""
    values = {
        "site_id": site_id,
        "equipment_id": equipment_id,
        "parent_meter_id": parent_meter_id,
        **asdict(meter),
    }
    return _upsert(connection, "meter", "meter_id", values)


_CONNECT = """
INSERT INTO core.meter_channel (gateway_id, channel, meter_id, valid_from)
VALUES (%s, %s, %s, coalesce(%s, '-infinity'::timestamptz))
ON CONFLICT (gateway_id, channel, valid_from) DO UPDATE SET meter_id = excluded.meter_id
"""

_END_EARLIER = """
UPDATE core.meter_channel SET valid_to = %s
WHERE gateway_id = %s AND channel = %s AND valid_from < %s AND valid_to > %s
"""


def connect_meter(
    connection: psycopg.Connection,
    gateway_id: int,
    channel: str,
    meter_id: int,
    valid_from: datetime | None = None,
) -> None:
    """Say which meter a gateway means by `channel`, from an instant on (None: always)."""
    if valid_from is not None:
        connection.execute(_END_EARLIER, [valid_from, gateway_id, channel, valid_from, valid_from])
    connection.execute(_CONNECT, [gateway_id, channel, meter_id, valid_from])
