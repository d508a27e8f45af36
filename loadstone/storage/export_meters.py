"""The meters of a table that is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMeter:
    """A meter with how it is called, where it is and how often it should be read."""

    meter_id: int
    code: str
    name_en: str
    name_zh: str
    site_code: str
    zone: str
    interval_s: int


_METERS = """
SELECT m.meter_id, m.code, m.name_en, m.name_zh, s.code AS site_code, s.zone, m.interval_s
FROM visible.meter m JOIN visible.site s USING (site_id) WHERE m.meter_id = ANY (%s)
ORDER BY s.code, m.code
"""


def export_meters(connection: psycopg.Connection, meter_ids: Sequence[int]) -> list[ExportMeter]:
    """These meters, by site and code."""
    cursor = connection.cursor(row_factory=class_row(ExportMeter))
    return cursor.execute(_METERS, [list(meter_ids)]).fetchall()
