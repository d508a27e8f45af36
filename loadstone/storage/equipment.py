"""Equipment: what meters feed; scopes as in `portfolio`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.storage.keyset import PagedQuery, Part, SortColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentRow:
    """A piece of equipment and where it stands."""

    equipment_id: int
    code: str
    site_id: int
    site_code: str
    customer_id: int
    name_en: str
    name_zh: str
    category: str
    rated_power_kw: float | None
    meter_count: int
    retired_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentFilter:
    """Which equipment is wanted; None does not narrow, `q` is part of a code or name."""

    site_id: int | None = None
    customer_id: int | None = None
    category: str | None = None
    retired: bool | None = None
    q: str | None = None


_EQUIPMENT = """
SELECT e.equipment_id, e.code, e.site_id, s.code AS site_code, s.customer_id, e.name_en, e.name_zh,
    e.category, e.rated_power_kw,
    (SELECT count(*) FROM visible.meter m
     WHERE m.equipment_id = e.equipment_id AND m.retired_at IS NULL)::int AS meter_count,
    e.retired_at
FROM visible.equipment e JOIN visible.site s USING (site_id)
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
"""
_EQUIPMENT_PAGE = PagedQuery(
    EquipmentRow,
    _EQUIPMENT
    + """AND (%(site_id)s::int IS NULL OR e.site_id = %(site_id)s)
AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
AND (%(category)s::text IS NULL OR e.category = %(category)s)
AND (%(retired)s::bool IS NULL OR (e.retired_at IS NOT NULL) = %(retired)s)
AND (%(q)s::text IS NULL
    OR strpos(lower(concat_ws(chr(10), e.code, e.name_en, e.name_zh)), lower(%(q)s)) > 0)""",
    "e.equipment_id",
    {
        "equipment_id": SortColumn(expression="e.equipment_id", type="int"),
        "code": SortColumn(expression="e.code"),
        "name_en": SortColumn(expression="e.name_en"),
        "category": SortColumn(expression="e.category"),
        "site_id": SortColumn(expression="e.site_id", type="int"),
    },
)
_ONE = _EQUIPMENT + "AND e.equipment_id = %(equipment_id)s"


def list_equipment(
    connection: psycopg.Connection,
    only_customer_id: int | None,
    wanted: EquipmentFilter,
    part: Part,
) -> list[EquipmentRow]:
    """A part of the equipment."""
    return _EQUIPMENT_PAGE.rows(connection, part, {"only": only_customer_id, **asdict(wanted)})


def find_equipment(
    connection: psycopg.Connection, only_customer_id: int | None, equipment_id: int
) -> EquipmentRow | None:
    """One piece of equipment by id (codes are unique within a site only); None where none is."""
    values = {"only": only_customer_id, "equipment_id": equipment_id}
    cursor = connection.cursor(row_factory=class_row(EquipmentRow))
    return cursor.execute(_ONE, values).fetchone()
