"""The numbers of the portfolio page: six queries for any number of sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestLoad:
    """A main meter's newest power; None where it sends none."""

    meter_id: int
    ts: datetime
    power_kw: float | None


_LATEST = """
SELECT meter_id, ts, active_power_kw AS power_kw FROM read.latest WHERE meter_id = ANY (%s)
"""


def latest_loads(connection: psycopg.Connection, meters: Sequence[int]) -> list[LatestLoad]:
    """The newest power of each of these meters that ever sent one."""
    cursor = connection.cursor(row_factory=class_row(LatestLoad))
    return cursor.execute(_LATEST, [list(meters)]).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A meter's quarter hours that hold samples: start times (epoch s) and mean power in kW."""

    meter_id: int
    starts_s: list[int]
    powers_kw: list[float | None]


_CURVES = """
SELECT meter_id,
    array_agg(extract(epoch FROM start_at)::bigint ORDER BY start_at) AS starts_s,
    array_agg(power_kw ORDER BY start_at) AS powers_kw
FROM (
    SELECT meter_id, start_at, avg(active_power_mean_kw) AS power_kw FROM read.load_15m
    WHERE meter_id = ANY (%s) AND start_at >= %s AND start_at < %s GROUP BY 1, 2
) quarter GROUP BY 1
"""


def recent_curves(
    connection: psycopg.Connection, meters: Sequence[int], start: datetime, end: datetime
) -> dict[int, Curve]:
    """Quarter hours of [start, end) by meter; a quarter hour without a sample is not there."""
    cursor = connection.cursor(row_factory=class_row(Curve))
    rows = cursor.execute(_CURVES, [list(meters), start, end]).fetchall()
    return {row.meter_id: row for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch [start, end) of one zone's calendar in which meters' energy is wanted."""

    name: str
    zone: str
    meters: list[int]
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowEnergy:
    """A meter's energy over a named window, and the part of the window that is known at all."""

    name: str
    meter_id: int
    energy_kwh: float | None
    known_ratio: float


_WINDOWS = """
SELECT w.name, e.meter_id, sum(e.energy_kwh) AS energy_kwh,
    (sum((e.measured_ratio + e.estimated_ratio) * extract(epoch FROM e.end_at - e.start_at))
        / extract(epoch FROM w.until - w.since))::float8 AS known_ratio
FROM jsonb_to_recordset(%s::jsonb)
    AS w (name text, zone text, meters jsonb, since timestamptz, until timestamptz)
CROSS JOIN LATERAL read.energy(
    ARRAY(SELECT jsonb_array_elements_text(w.meters)::int), w.since, w.until,
    interval '1 month', w.zone) e
GROUP BY 1, 2, w.since, w.until
"""


def window_energies(
    connection: psycopg.Connection, windows: Sequence[Window]
) -> Mapping[tuple[str, int], WindowEnergy]:
    """Energy by (window name, meter): all windows in one query."""
    asked = [
        {"name": w.name, "zone": w.zone, "meters": w.meters,
         "since": w.start.isoformat(), "until": w.end.isoformat()}
        for w in windows if w.meters and w.start < w.end
    ]  # fmt: skip
    cursor = connection.cursor(row_factory=class_row(WindowEnergy))
    rows = cursor.execute(_WINDOWS, [Jsonb(asked)]).fetchall()
    return {(row.name, row.meter_id): row for row in rows}


# The highest quarter hour of the day with the highest sample is a floor for the month's peak, and
# only hours whose highest sample reaches that floor can hold a higher one: exact, and a few rows
# instead of a month of quarter hours. OFFSET 0 keeps the planner at one index look-up a meter,
# where it would read whole tables.
_PEAKS = """
WITH wanted AS (
    SELECT m.meter_id, m.site_id, date_trunc('month', %(now)s::timestamptz, s.zone) AS since
    FROM visible.meter m JOIN visible.site s USING (site_id) WHERE m.meter_id = ANY (%(meters)s)
), daily AS (
    SELECT w.site_id, d.start_at, sum(d.top_kw) AS top_kw
    FROM wanted w CROSS JOIN LATERAL (
        SELECT start_at, active_power_max_kw AS top_kw FROM read.load_day
        WHERE meter_id = w.meter_id AND start_at >= w.since OFFSET 0) d GROUP BY 1, 2
), best_day AS (
    SELECT DISTINCT ON (site_id) site_id, start_at FROM daily
    WHERE top_kw IS NOT NULL ORDER BY site_id, top_kw DESC
), floor AS (
    SELECT site_id, max(power_kw) AS floor_kw FROM (
        SELECT b.site_id, q.start_at, sum(q.power_kw) AS power_kw
        FROM best_day b JOIN wanted w USING (site_id) CROSS JOIN LATERAL (
            SELECT start_at, active_power_mean_kw AS power_kw FROM read.load_15m
            WHERE meter_id = w.meter_id AND start_at >= b.start_at
                AND start_at < b.start_at + interval '25 hours' OFFSET 0) q GROUP BY 1, 2
    ) best_day_quarter GROUP BY 1
), hourly AS (
    SELECT d.site_id, h.start_at, f.floor_kw, sum(h.top_kw) AS top_kw
    FROM daily d JOIN floor f ON f.site_id = d.site_id AND d.top_kw >= f.floor_kw
    JOIN wanted w ON w.site_id = d.site_id CROSS JOIN LATERAL (
        SELECT start_at, active_power_max_kw AS top_kw FROM read.load_1h
        WHERE meter_id = w.meter_id AND start_at >= d.start_at - interval '1 hour'
            AND start_at < d.start_at + interval '25 hours' OFFSET 0) h
    GROUP BY 1, 2, 3, d.start_at
), quarter AS (
    SELECT o.site_id, q.start_at, sum(q.power_kw) AS power_kw
    FROM (SELECT DISTINCT site_id, start_at FROM hourly WHERE top_kw >= floor_kw) o
    JOIN wanted w USING (site_id) CROSS JOIN LATERAL (
        SELECT start_at, active_power_mean_kw AS power_kw FROM read.load_15m
        WHERE meter_id = w.meter_id AND start_at >= greatest(o.start_at, w.since)
            AND start_at < o.start_at + interval '1 hour' OFFSET 0) q
    GROUP BY 1, 2
)
SELECT DISTINCT ON (site_id) site_id, start_at, power_kw FROM quarter
WHERE power_kw IS NOT NULL ORDER BY site_id, power_kw DESC, start_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPeak:
    """A site's highest quarter-hour mean of its local month so far."""

    site_id: int
    start_at: datetime
    power_kw: float


def month_peaks(
    connection: psycopg.Connection, meters: Sequence[int], now: datetime
) -> dict[int, MonthPeak]:
    """The month's peak by site, from the main meters given."""
    cursor = connection.cursor(row_factory=class_row(MonthPeak))
    rows = cursor.execute(_PEAKS, {"now": now, "meters": list(meters)}).fetchall()
    return {row.site_id: row for row in rows}
