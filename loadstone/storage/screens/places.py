"""Customers, sites and their main meters: what every page begins with."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One site with its customer; `main_ids` are the meters whose sum is the site's load."""

    site_id: int
    site_en: str
    site_zh: str
    zone: str
    city_en: str | None
    city_zh: str | None
    contract_demand_kw: float | None
    customer_id: int
    customer_en: str
    customer_zh: str
    kind: str
    tier: str
    customer_demand_kw: float | None
    sites_of_customer: int
    main_ids: list[int]
    meter_count: int
    interval_s: int


_PLACES = """
SELECT s.site_id, s.name_en AS site_en, s.name_zh AS site_zh, s.zone, s.city_en, s.city_zh,
    coalesce(s.contract_demand_kw,
        CASE WHEN count(*) OVER of_customer = 1 THEN c.contract_demand_kw END)
        AS contract_demand_kw,
    c.customer_id, c.name_en AS customer_en, c.name_zh AS customer_zh, c.kind, c.tier,
    c.contract_demand_kw AS customer_demand_kw,
    (count(*) OVER of_customer)::int AS sites_of_customer,
    coalesce(m.main_ids, '{}') AS main_ids, coalesce(m.meter_count, 0) AS meter_count,
    coalesce(m.interval_s, 60) AS interval_s
FROM visible.site s JOIN visible.customer c USING (customer_id)
LEFT JOIN (
    SELECT site_id, array_agg(meter_id ORDER BY meter_id) FILTER (WHERE role = 'main') AS main_ids,
        count(*)::int AS meter_count,
        max(interval_s) FILTER (WHERE role = 'main') AS interval_s
    FROM visible.meter WHERE retired_at IS NULL GROUP BY 1
) m USING (site_id)
WHERE %(customer_id)s::int IS NULL OR c.customer_id = %(customer_id)s
WINDOW of_customer AS (PARTITION BY c.customer_id)
ORDER BY c.code, s.code
"""


def places(connection: psycopg.Connection, customer_id: int | None) -> list[Place]:
    """Every site of one customer, or of all (None), by customer and site code."""
    cursor = connection.cursor(row_factory=class_row(Place))
    return cursor.execute(_PLACES, {"customer_id": customer_id}).fetchall()


_PLACE = f"SELECT * FROM ({_PLACES}) visible WHERE site_id = %(site_id)s"  # noqa: S608 - constants


def place(connection: psycopg.Connection, site_id: int, customer_id: int | None) -> Place | None:
    """One site, or None where it does not exist or is another customer's."""
    cursor = connection.cursor(row_factory=class_row(Place))
    wanted = {"customer_id": customer_id, "site_id": site_id}
    return cursor.execute(_PLACE, wanted).fetchone()
