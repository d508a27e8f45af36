"""The registry as it is looked at: customers, sites, gateways and meters of one scope.

`only_customer_id` is the viewer's scope in every function: None sees all, else that customer's
rows are all there is. A reference is a row's id or its code; where both fit, the id wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A customer, with how much of it is measured."""

    customer_id: int
    code: str
    name_en: str
    name_zh: str
    kind: str
    tier: str
    manager: str | None
    region: str | None
    contract_demand_kw: float | None
    transformer_kva: float | None
    site_count: int
    meter_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A site and whose it is."""

    site_id: int
    code: str
    customer_id: int
    customer_code: str
    name_en: str
    name_zh: str
    zone: str
    city_en: str | None
    city_zh: str | None
    latitude_deg: float | None
    longitude_deg: float | None
    contract_demand_kw: float | None
    gateway_count: int
    meter_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterRow:
    """A meter, where it is, what it feeds and the gateway that speaks for it now."""

    meter_id: int
    code: str
    site_id: int
    site_code: str
    customer_id: int
    zone: str
    name_en: str
    name_zh: str
    serial: str | None
    role: str
    wiring: str
    parent_meter_id: int | None
    equipment_id: int | None
    equipment_code: str | None
    equipment_category: str | None
    nominal_voltage_v: float | None
    ct_primary_a: float | None
    ct_secondary_a: float | None
    pt_primary_v: float | None
    pt_secondary_v: float | None
    max_power_kw: float | None
    register_modulus_kwh: float | None
    interval_s: int
    energy_source: str
    gateway_code: str | None
    channel: str | None
    retired_at: datetime | None


def as_id(reference: str) -> int | None:
    """The id that a reference may be; None where it can only be a code."""
    if not (reference.isascii() and reference.isdigit() and len(reference) <= 10):
        return None
    number = int(reference)
    return number if number <= _LARGEST_ID else None


_CUSTOMERS = """
SELECT c.customer_id, c.code, c.name_en, c.name_zh, c.kind, c.tier, c.manager, c.region,
    c.contract_demand_kw, c.transformer_kva,
    (SELECT count(*) FROM core.site s WHERE s.customer_id = c.customer_id)::int AS site_count,
    (SELECT count(*) FROM core.meter m JOIN core.site s USING (site_id)
     WHERE s.customer_id = c.customer_id AND m.retired_at IS NULL)::int AS meter_count
FROM core.customer c
WHERE (%(only)s::int IS NULL OR c.customer_id = %(only)s)
"""
_CUSTOMER_PAGE = _CUSTOMERS + "AND c.customer_id > %(after)s ORDER BY c.customer_id LIMIT %(most)s"
_CUSTOMER = (
    _CUSTOMERS
    + "AND (c.customer_id = %(id)s::int OR c.code = %(code)s) "
    + "ORDER BY coalesce(c.customer_id = %(id)s, false) DESC LIMIT 1"
)


def list_customers(
    connection: psycopg.Connection, only_customer_id: int | None, *, after: int, most: int
) -> list[CustomerRow]:
    """Customers by id, beginning behind `after`."""
    values = {"only": only_customer_id, "after": after, "most": most}
    cursor = connection.cursor(row_factory=class_row(CustomerRow))
    return cursor.execute(_CUSTOMER_PAGE, values).fetchall()


def find_customer(
    connection: psycopg.Connection, only_customer_id: int | None, reference: str
) -> CustomerRow | None:
    """One customer; None where there is none in the scope."""
    values = {"only": only_customer_id, "id": as_id(reference), "code": reference}
    cursor = connection.cursor(row_factory=class_row(CustomerRow))
    return cursor.execute(_CUSTOMER, values).fetchone()


_SITES = """
SELECT s.site_id, s.code, s.customer_id, c.code AS customer_code, s.name_en, s.name_zh, s.zone,
    s.city_en, s.city_zh, s.latitude_deg, s.longitude_deg, s.contract_demand_kw,
    (SELECT count(*) FROM core.gateway g
     WHERE g.site_id = s.site_id AND g.retired_at IS NULL)::int AS gateway_count,
    (SELECT count(*) FROM core.meter m
     WHERE m.site_id = s.site_id AND m.retired_at IS NULL)::int AS meter_count
FROM core.site s JOIN core.customer c USING (customer_id)
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
"""
_SITE_PAGE = (
    _SITES
    + "AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s) "
    + "AND s.site_id > %(after)s ORDER BY s.site_id LIMIT %(most)s"
)
_SITE = (
    _SITES
    + "AND (s.site_id = %(id)s::int OR s.code = %(code)s) "
    + "ORDER BY coalesce(s.site_id = %(id)s, false) DESC LIMIT 1"
)


def list_sites(
    connection: psycopg.Connection,
    only_customer_id: int | None,
    *,
    customer_id: int | None,
    after: int,
    most: int,
) -> list[SiteRow]:
    """Sites by id, of one customer if that is said, beginning behind `after`."""
    values = {"only": only_customer_id, "customer_id": customer_id, "after": after, "most": most}
    cursor = connection.cursor(row_factory=class_row(SiteRow))
    return cursor.execute(_SITE_PAGE, values).fetchall()


def find_site(
    connection: psycopg.Connection, only_customer_id: int | None, reference: str
) -> SiteRow | None:
    """One site; None where there is none in the scope."""
    values = {"only": only_customer_id, "id": as_id(reference), "code": reference}
    cursor = connection.cursor(row_factory=class_row(SiteRow))
    return cursor.execute(_SITE, values).fetchone()


_METERS = """
SELECT m.meter_id, m.code, m.site_id, s.code AS site_code, s.customer_id, s.zone,
    m.name_en, m.name_zh, m.serial, m.role, m.wiring, m.parent_meter_id,
    m.equipment_id, e.code AS equipment_code, e.category AS equipment_category,
    m.nominal_voltage_v, m.ct_primary_a, m.ct_secondary_a, m.pt_primary_v, m.pt_secondary_v,
    m.max_power_kw, m.register_modulus_kwh, m.interval_s, m.energy_source,
    spoken.gateway_code, spoken.channel, m.retired_at
FROM core.meter m JOIN core.site s USING (site_id)
    LEFT JOIN core.equipment e USING (equipment_id)
    LEFT JOIN LATERAL (
        SELECT g.code AS gateway_code, k.channel
        FROM core.meter_channel k JOIN core.gateway g USING (gateway_id)
        WHERE k.meter_id = m.meter_id AND k.valid_from <= %(now)s AND k.valid_to > %(now)s
        ORDER BY k.valid_from DESC LIMIT 1
    ) spoken ON true
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
"""
_METER_PAGE = (
    _METERS
    + """AND (%(site_id)s::int IS NULL OR m.site_id = %(site_id)s)
AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
AND (%(role)s::text IS NULL OR m.role = %(role)s)
AND (%(gateway)s::text IS NULL OR spoken.gateway_code = %(gateway)s)
AND m.meter_id > %(after)s ORDER BY m.meter_id LIMIT %(most)s"""
)
_METER = (
    _METERS
    + "AND (m.meter_id = %(id)s::int OR m.code = %(code)s) "
    + "ORDER BY coalesce(m.meter_id = %(id)s, false) DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterFilter:
    """Which meters are wanted; None does not narrow."""

    site_id: int | None = None
    customer_id: int | None = None
    role: str | None = None
    gateway: str | None = None


def list_meters(
    connection: psycopg.Connection,
    only_customer_id: int | None,
    wanted: MeterFilter,
    *,
    now: datetime,
    after: int,
    most: int,
) -> list[MeterRow]:
    """Meters by id, beginning behind `after`; `gateway_code` is the one that speaks `now`."""
    values = {
        "only": only_customer_id,
        "site_id": wanted.site_id,
        "customer_id": wanted.customer_id,
        "role": wanted.role,
        "gateway": wanted.gateway,
        "now": now,
        "after": after,
        "most": most,
    }
    cursor = connection.cursor(row_factory=class_row(MeterRow))
    return cursor.execute(_METER_PAGE, values).fetchall()


def find_meter(
    connection: psycopg.Connection, only_customer_id: int | None, reference: str, now: datetime
) -> MeterRow | None:
    """One meter; None where there is none in the scope."""
    values = {"only": only_customer_id, "id": as_id(reference), "code": reference, "now": now}
    cursor = connection.cursor(row_factory=class_row(MeterRow))
    return cursor.execute(_METER, values).fetchone()
