"""Energy statistics: the meters of a scope, and their energy summed by part and bucket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeMeter:
    """A meter with all that it can be grouped by; retired ones count in the past."""

    meter_id: int
    code: str
    name_en: str
    name_zh: str
    role: str
    parent_meter_id: int | None
    site_id: int
    site_en: str
    site_zh: str
    zone: str
    customer_id: int
    customer_en: str
    customer_zh: str
    equipment_id: int | None
    equipment_en: str | None
    equipment_zh: str | None
    category: str | None
    retired_at: datetime | None


_METERS = """
SELECT m.meter_id, m.code, m.name_en, m.name_zh, m.role, m.parent_meter_id, s.site_id,
    s.name_en AS site_en, s.name_zh AS site_zh, s.zone, c.customer_id, c.name_en AS customer_en,
    c.name_zh AS customer_zh, e.equipment_id, e.name_en AS equipment_en,
    e.name_zh AS equipment_zh, e.category, m.retired_at
FROM visible.meter m JOIN visible.site s ON s.site_id = m.site_id
JOIN visible.customer c USING (customer_id) LEFT JOIN visible.equipment e USING (equipment_id)
WHERE (%(customer_id)s::int IS NULL OR c.customer_id = %(customer_id)s)
    AND (%(site_id)s::int IS NULL OR s.site_id = %(site_id)s)
ORDER BY c.code, s.code, m.role, m.code
"""


def scope_meters(
    connection: psycopg.Connection, customer_id: int | None, site_id: int | None
) -> list[ScopeMeter]:
    """Meters of a site, of a customer, or all that are seen."""
    cursor = connection.cursor(row_factory=class_row(ScopeMeter))
    wanted = {"customer_id": customer_id, "site_id": site_id}
    return cursor.execute(_METERS, wanted).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A meter counts `factor` times in a part (a site, a category, ...)."""

    part: int
    meter_id: int
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEnergy:
    """Energy of a part in one bucket: what is known of it, and how much of the bucket is known.

    `missing_meters` counts those that should have been there and were not.
    """

    part: int
    start_at: datetime
    end_at: datetime
    energy_kwh: float | None
    estimated_kwh: float
    known_ratio: float
    missing_meters: int


_PARTS = """
WITH term AS (
    SELECT * FROM unnest(%(parts)s::int[], %(meters)s::int[], %(factors)s::float8[])
        t (part, meter_id, factor)
), there AS (
    SELECT m.meter_id, coalesce(m.retired_at, 'infinity') AS until, coalesce(
        (SELECT min(e.starts_at) FROM visible.register_epoch e WHERE e.meter_id = m.meter_id),
        '-infinity') AS since
    FROM visible.meter m WHERE m.meter_id = ANY (%(meters)s)
)
SELECT t.part, e.start_at, e.end_at, sum(t.factor * e.energy_kwh) AS energy_kwh,
    coalesce(sum(t.factor * e.energy_kwh * e.estimated_ratio
        / (e.measured_ratio + e.estimated_ratio)) FILTER (WHERE e.estimated_ratio > 0), 0)
        AS estimated_kwh,
    coalesce(min(e.measured_ratio + e.estimated_ratio)
        FILTER (WHERE h.since < e.start_at AND h.until >= e.end_at), 1) AS known_ratio,
    (count(*) FILTER (WHERE e.energy_kwh IS NULL AND h.since < e.end_at AND h.until > e.start_at))
        ::int AS missing_meters
FROM read.energy(ARRAY(SELECT DISTINCT meter_id FROM term), %(start)s, %(end)s,
    %(step)s::interval, %(zone)s) e
JOIN term t USING (meter_id) JOIN there h USING (meter_id)
GROUP BY 1, 2, 3 ORDER BY 1, 2
"""


def part_energies(
    connection: psycopg.Connection, terms: Sequence[Term], start: datetime, end: datetime,
    step: str, zone: str,
) -> list[PartEnergy]:  # fmt: skip
    """Energy by part and bucket of [start, end), of a `step` as PostgreSQL writes intervals."""
    if not terms:
        return []
    cursor = connection.cursor(row_factory=class_row(PartEnergy))
    values = {
        "parts": [term.part for term in terms], "meters": [term.meter_id for term in terms],
        "factors": [term.factor for term in terms], "start": start, "end": end, "step": step,
        "zone": zone,
    }  # fmt: skip
    return cursor.execute(_PARTS, values).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummedLoads:
    """Mean load of several meters together; intervals that lack a meter are not there."""

    starts_s: list[int]
    powers_kw: list[float]


# Of many meters one is always away: a sum then needs all that reported on that day.
_LOADS = """
SELECT coalesce(array_agg(extract(epoch FROM start_at)::bigint ORDER BY start_at), '{{}}')
        AS starts_s,
    coalesce(array_agg(power_kw ORDER BY start_at), '{{}}') AS powers_kw
FROM (
    SELECT start_at, sum(power_kw) AS power_kw, count(*) AS meters,
        max(count(*)) OVER (PARTITION BY date_trunc('day', start_at, 'UTC')) AS most
    FROM (
        SELECT meter_id, start_at, avg(active_power_mean_kw) AS power_kw FROM read.load_{level}
        WHERE meter_id = ANY (%(meters)s) AND start_at >= %(start)s AND start_at < %(end)s
        GROUP BY 1, 2) one
    WHERE power_kw IS NOT NULL GROUP BY 1
) summed
WHERE meters = CASE WHEN %(all_of_them)s THEN cardinality(%(meters)s) ELSE most END
"""


def summed_loads(
    connection: psycopg.Connection, meters: Sequence[int], start: datetime, end: datetime,
    step_s: int, *, all_of_them: bool,
) -> SummedLoads:  # fmt: skip
    """The load of [start, end) by 900 or 3600 s, from the summaries.

    An interval needs all meters, or else all that reported on its (UTC) day.
    """
    query = _LOADS.format(level="15m" if step_s == 900 else "1h")
    cursor = connection.cursor(row_factory=class_row(SummedLoads))
    values = {"meters": list(meters), "start": start, "end": end, "all_of_them": all_of_them}
    found = cursor.execute(query.encode(), values).fetchone()
    return found or SummedLoads(starts_s=[], powers_kw=[])


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEnergy:
    """Energy of one shift (1 to 3) of one shift day, which begins with the first shift."""

    day: datetime
    shift_no: int
    energy_kwh: float | None
    estimated_kwh: float
    missing: int


# A bucket belongs to the shift that began last before it by the site's clock, and to that day.
_SHIFTS = """
SELECT date_trunc('day', e.start_at - make_interval(mins => %(first_min)s), %(zone)s) AS day,
    s.shift_no, sum(e.energy_kwh) AS energy_kwh,
    coalesce(sum(e.energy_kwh * e.estimated_ratio / (e.measured_ratio + e.estimated_ratio))
        FILTER (WHERE e.estimated_ratio > 0), 0) AS estimated_kwh,
    (count(*) FILTER (WHERE e.energy_kwh IS NULL AND e.end_at <= %(now)s))::int AS missing
FROM read.energy(%(meters)s, %(start)s, %(end)s, make_interval(mins => %(step_min)s), %(zone)s) e
CROSS JOIN LATERAL (
    SELECT p.shift_no FROM unnest(%(starts_min)s::int[]) WITH ORDINALITY p (start_min, shift_no)
    CROSS JOIN (SELECT extract(hour FROM e.start_at AT TIME ZONE %(zone)s) * 60
        + extract(minute FROM e.start_at AT TIME ZONE %(zone)s) AS clock_min) c
    ORDER BY ((c.clock_min - p.start_min + 1440)::int %% 1440) LIMIT 1) s
GROUP BY 1, 2 ORDER BY 1, 2
"""


def shift_energies(
    connection: psycopg.Connection, meters: Sequence[int], start: datetime, end: datetime,
    zone: str, starts_min: Sequence[int], now: datetime,
) -> list[ShiftEnergy]:  # fmt: skip
    """Energy of [start, end) by shift day and shift; `starts_min` in minutes of the local clock."""
    cursor = connection.cursor(row_factory=class_row(ShiftEnergy))
    on_hours = all(minute % 60 == 0 for minute in starts_min)
    values = {
        "meters": list(meters), "start": start, "end": end, "zone": zone, "now": now,
        "starts_min": list(starts_min), "first_min": starts_min[0],
        "step_min": 60 if on_hours else 15,
    }  # fmt: skip
    return cursor.execute(_SHIFTS, values).fetchall()
