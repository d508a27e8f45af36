"""Meters as they are looked at, with what they feed and who speaks for them; as `portfolio`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.storage.keyset import PagedQuery, Part, SortColumn
from loadstone.storage.portfolio import as_id


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


# Who speaks is asked in the list of columns: only for the rows that are shown, after the LIMIT.
_METERS = """
SELECT m.meter_id, m.code, m.site_id, s.code AS site_code, s.customer_id, s.zone,
    m.name_en, m.name_zh, m.serial, m.role, m.wiring, m.parent_meter_id,
    m.equipment_id, e.code AS equipment_code, e.category AS equipment_category,
    m.nominal_voltage_v, m.ct_primary_a, m.ct_secondary_a, m.pt_primary_v, m.pt_secondary_v,
    m.max_power_kw, m.register_modulus_kwh, m.interval_s, m.energy_source,
    (SELECT (SELECT g.code FROM visible.gateway g WHERE g.gateway_id = k.gateway_id)
     FROM visible.meter_channel k
     WHERE k.meter_id = m.meter_id AND k.valid_from <= %(now)s AND k.valid_to > %(now)s
     ORDER BY k.valid_from DESC, k.gateway_id LIMIT 1) AS gateway_code,
    (SELECT k.channel FROM visible.meter_channel k
     WHERE k.meter_id = m.meter_id AND k.valid_from <= %(now)s AND k.valid_to > %(now)s
     ORDER BY k.valid_from DESC, k.gateway_id LIMIT 1) AS channel,
    m.retired_at
FROM visible.meter m JOIN visible.site s USING (site_id)
    LEFT JOIN visible.equipment e USING (equipment_id)
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
"""
_METER_PAGE = PagedQuery(
    MeterRow,
    _METERS  # noqa: S608 - of constants
    + """AND (%(site_id)s::int IS NULL OR m.site_id = %(site_id)s)
AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
AND (%(role)s::text IS NULL OR m.role = %(role)s)
AND (%(gateway)s::text IS NULL OR %(gateway)s = (
    SELECT g.code FROM visible.meter_channel k JOIN visible.gateway g USING (gateway_id)
    WHERE k.meter_id = m.meter_id AND k.valid_from <= %(now)s AND k.valid_to > %(now)s
    ORDER BY k.valid_from DESC, k.gateway_id LIMIT 1))
AND (%(equipment_id)s::int IS NULL OR m.equipment_id = %(equipment_id)s)
AND (%(category)s::text IS NULL OR e.category = %(category)s)
AND (%(retired)s::bool IS NULL OR (m.retired_at IS NOT NULL) = %(retired)s)
AND (%(q)s::text IS NULL
    OR strpos(lower(concat_ws(chr(10), m.code, m.name_en, m.name_zh, m.serial)),
        lower(%(q)s)) > 0)""",
    "m.meter_id",
    {
        "meter_id": SortColumn(expression="m.meter_id", type="int"),
        "code": SortColumn(expression="m.code"),
        "name_en": SortColumn(expression="m.name_en"),
        "site_id": SortColumn(expression="m.site_id", type="int"),
    },
)
_METER = (
    _METERS
    + "AND (m.meter_id = %(id)s::int OR m.code = %(code)s) "
    + "ORDER BY coalesce(m.meter_id = %(id)s, false) DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterFilter:
    """Which meters are wanted; None does not narrow, `q` is part of a code, name or serial."""

    site_id: int | None = None
    customer_id: int | None = None
    role: str | None = None
    gateway: str | None = None
    equipment_id: int | None = None
    category: str | None = None
    retired: bool | None = None
    q: str | None = None


def list_meters(
    connection: psycopg.Connection,
    only_customer_id: int | None,
    wanted: MeterFilter,
    part: Part,
    *,
    now: datetime,
) -> list[MeterRow]:
    """A part of the meters; `gateway_code` is the one that speaks `now`."""
    values = {"only": only_customer_id, "now": now, **asdict(wanted)}
    return _METER_PAGE.rows(connection, part, values)


def find_meter(
    connection: psycopg.Connection, only_customer_id: int | None, reference: str, now: datetime
) -> MeterRow | None:
    """One meter; None where there is none in the scope."""
    values = {"only": only_customer_id, "id": as_id(reference), "code": reference, "now": now}
    cursor = connection.cursor(row_factory=class_row(MeterRow))
    return cursor.execute(_METER, values).fetchone()
