"""The registry as it is looked at: customers and sites of one scope.

`only_customer_id` is the viewer's scope in every function: None sees all, else that customer's
rows are all there is. A reference is a row's id or its code; where both fit, the id wins.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.storage.keyset import PagedQuery, Part, SortColumn

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
    retired_at: datetime | None


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
    country: str | None
    subdivision: str | None
    gateway_count: int
    meter_count: int
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
    (SELECT count(*) FROM visible.site s WHERE s.customer_id = c.customer_id)::int AS site_count,
    -- site by site, so that the index of a site's meters is used
    (SELECT coalesce(sum((SELECT count(*) FROM visible.meter m
            WHERE m.site_id = s.site_id AND m.retired_at IS NULL)), 0)
     FROM visible.site s WHERE s.customer_id = c.customer_id)::int AS meter_count,
    c.retired_at
FROM visible.customer c
WHERE (%(only)s::int IS NULL OR c.customer_id = %(only)s)
"""
_CUSTOMER_PAGE = PagedQuery(
    CustomerRow,
    _CUSTOMERS
    + """AND (%(kind)s::text IS NULL OR c.kind = %(kind)s)
AND (%(tier)s::text IS NULL OR c.tier = %(tier)s)
AND (%(region)s::text IS NULL OR c.region = %(region)s)
AND (%(retired)s::bool IS NULL OR (c.retired_at IS NOT NULL) = %(retired)s)
AND (%(q)s::text IS NULL
    OR strpos(lower(concat_ws(chr(10), c.code, c.name_en, c.name_zh)), lower(%(q)s)) > 0)""",
    "c.customer_id",
    {
        "customer_id": SortColumn(expression="c.customer_id", type="int"),
        "code": SortColumn(expression="c.code"),
        "name_en": SortColumn(expression="c.name_en"),
        "tier": SortColumn(expression="c.tier"),
        "contract_demand_kw": SortColumn(
            expression="coalesce(c.contract_demand_kw, 0)", type="float8"
        ),
    },
)
_CUSTOMER = (
    _CUSTOMERS
    + "AND (c.customer_id = %(id)s::int OR c.code = %(code)s) "
    + "ORDER BY coalesce(c.customer_id = %(id)s, false) DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """Which customers are wanted; None does not narrow, `q` is part of a code or name."""

    kind: str | None = None
    tier: str | None = None
    region: str | None = None
    retired: bool | None = None
    q: str | None = None


def list_customers(
    connection: psycopg.Connection,
    only_customer_id: int | None,
    wanted: CustomerFilter,
    part: Part,
) -> list[CustomerRow]:
    """A part of the customers."""
    return _CUSTOMER_PAGE.rows(connection, part, {"only": only_customer_id, **asdict(wanted)})


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
    s.country, s.subdivision,
    (SELECT count(*) FROM visible.gateway g
     WHERE g.site_id = s.site_id AND g.retired_at IS NULL)::int AS gateway_count,
    (SELECT count(*) FROM visible.meter m
     WHERE m.site_id = s.site_id AND m.retired_at IS NULL)::int AS meter_count,
    s.retired_at
FROM visible.site s JOIN visible.customer c USING (customer_id)
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
"""
_SITE_PAGE = PagedQuery(
    SiteRow,
    _SITES
    + """AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
AND (%(zone)s::text IS NULL OR s.zone = %(zone)s)
AND (%(retired)s::bool IS NULL OR (s.retired_at IS NOT NULL) = %(retired)s)
AND (%(q)s::text IS NULL
    OR strpos(lower(concat_ws(chr(10), s.code, s.name_en, s.name_zh)), lower(%(q)s)) > 0)""",
    "s.site_id",
    {
        "site_id": SortColumn(expression="s.site_id", type="int"),
        "code": SortColumn(expression="s.code"),
        "name_en": SortColumn(expression="s.name_en"),
        "customer_id": SortColumn(expression="s.customer_id", type="int"),
    },
)
_SITE = (
    _SITES
    + "AND (s.site_id = %(id)s::int OR s.code = %(code)s) "
    + "ORDER BY coalesce(s.site_id = %(id)s, false) DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFilter:
    """Which sites are wanted; None does not narrow, `q` is part of a code or name."""

    customer_id: int | None = None
    zone: str | None = None
    retired: bool | None = None
    q: str | None = None


def list_sites(
    connection: psycopg.Connection, only_customer_id: int | None, wanted: SiteFilter, part: Part
) -> list[SiteRow]:
    """A part of the sites."""
    return _SITE_PAGE.rows(connection, part, {"only": only_customer_id, **asdict(wanted)})


def find_site(
    connection: psycopg.Connection, only_customer_id: int | None, reference: str
) -> SiteRow | None:
    """One site; None where there is none in the scope."""
    values = {"only": only_customer_id, "id": as_id(reference), "code": reference}
    cursor = connection.cursor(row_factory=class_row(SiteRow))
    return cursor.execute(_SITE, values).fetchone()
