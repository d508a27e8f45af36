"""A meter against its sub-meters, and the main meters of a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import errors
from psycopg.rows import class_row

from loadstone.storage.series import MainMeter, UnknownZoneError


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """One interval, as read.balance names it; kvarh where a reactive register was asked for."""

    start_at: datetime
    end_at: datetime
    energy_kwh: float | None
    children_kwh: float | None
    unaccounted_kwh: float | None
    unaccounted_ratio: float | None
    children: int
    missing_children: list[str]
    known_ratio: float
    quality: str


_BALANCE = """
SELECT start_at, end_at, energy_kwh, children_kwh,
    unaccounted_kwh, unaccounted_ratio, children, missing_children,
    known_ratio, quality
FROM read.balance(%s::int[], %s, %s, %s::interval, %s, %s)
"""


def balance_of(
    connection: psycopg.Connection,
    meter_id: int,
    start: datetime,
    end: datetime,
    step: str,
    zone: str,
    register: str,
) -> list[BalanceRow]:
    """A meter against its sub-meters by interval of [start, end); raises UnknownZoneError."""
    try:
        cursor = connection.cursor(row_factory=class_row(BalanceRow))
        values = [[meter_id], start, end, step, zone, register]
        return cursor.execute(_BALANCE, values).fetchall()
    except errors.InvalidParameterValue as error:
        raise UnknownZoneError(zone) from error


_CHILDREN = "SELECT code FROM visible.meter WHERE parent_meter_id = %s ORDER BY code"


def child_codes(connection: psycopg.Connection, meter_id: int) -> list[str]:
    """The sub-meters of a meter, retired ones too."""
    return [str(row[0]) for row in connection.execute(_CHILDREN, [meter_id])]


_MAIN_METERS = """
SELECT m.meter_id, m.code, m.retired_at AS until,
    (SELECT min(e.starts_at) FROM visible.register_epoch e WHERE e.meter_id = m.meter_id) AS since
FROM visible.meter m JOIN visible.site s USING (site_id)
WHERE s.customer_id = %s AND m.role = 'main' ORDER BY m.meter_id
"""


def customer_main_meters(connection: psycopg.Connection, customer_id: int) -> list[MainMeter]:
    """The meters whose sum is the customer, on all sites, retired ones too."""
    cursor = connection.cursor(row_factory=class_row(MainMeter))
    return cursor.execute(_MAIN_METERS, [customer_id]).fetchall()


_ZONE = """
SELECT min(zone) FROM visible.site WHERE customer_id = %s HAVING count(DISTINCT zone) = 1
"""


def customer_zone(connection: psycopg.Connection, customer_id: int) -> str | None:
    """The zone of all sites of a customer; None where they lie in several, or there are none."""
    row = connection.execute(_ZONE, [customer_id]).fetchone()
    return None if row is None else str(row[0])
