"""Main meters against what is sub-metered below them, over one stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterBalance:
    """A meter with sub-meters: its energy, theirs, what is left; None where one is not known."""

    meter_id: int
    code: str
    name_en: str
    name_zh: str
    site_id: int
    site_en: str
    site_zh: str
    energy_kwh: float | None
    children_kwh: float | None
    unaccounted_kwh: float | None
    children: int
    missing_children: list[str]


_BALANCES = """
SELECT m.meter_id, m.code, m.name_en, m.name_zh, s.site_id, s.name_en AS site_en,
    s.name_zh AS site_zh,
    CASE WHEN bool_and(b.energy_kwh IS NOT NULL) THEN sum(b.energy_kwh) END AS energy_kwh,
    CASE WHEN bool_and(b.children_kwh IS NOT NULL) THEN sum(b.children_kwh) END AS children_kwh,
    CASE WHEN bool_and(b.unaccounted_kwh IS NOT NULL) THEN sum(b.unaccounted_kwh) END
        AS unaccounted_kwh,
    max(b.children)::int AS children,
    coalesce(min(b.missing_children) FILTER (WHERE b.missing_children <> '{}'), '{}')
        AS missing_children
FROM read.balance(%(meters)s::int[], %(start)s, %(end)s, interval '1 year', %(zone)s) b
JOIN visible.meter m USING (meter_id) JOIN visible.site s USING (site_id)
GROUP BY m.meter_id, m.code, m.name_en, m.name_zh, s.site_id, s.name_en, s.name_zh
HAVING max(b.children) > 0 ORDER BY s.site_id, m.code
"""


def balances(
    connection: psycopg.Connection, meters: Sequence[int], start: datetime, end: datetime, zone: str
) -> list[MeterBalance]:
    """Those of these meters that have sub-meters, over [start, end) as a whole."""
    cursor = connection.cursor(row_factory=class_row(MeterBalance))
    wanted = {"meters": list(meters), "start": start, "end": end, "zone": zone}
    return cursor.execute(_BALANCES, wanted).fetchall()
