"""What the finder of opportunities looks at: sites, their meters' quarter hours, their peaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.rows import class_row

from loadstone.storage.packed_arrays import floats_of, integers_of

Connection = psycopg.Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedSite:
    """A site and what its contract says; capacity is the site's part of its customer's."""

    site_id: int
    customer_id: int
    kind: str
    zone: str
    country: str | None
    subdivision: str | None
    contract_demand_kw: float | None
    transformer_kva: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedMeter:
    """A meter in service; `parent_meter_id` is None for those whose sum is the site."""

    meter_id: int
    site_id: int
    role: str
    parent_meter_id: int | None
    category: str | None
    wiring: str
    nominal_voltage_v: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterHours:
    """A meter's known quarter hours: their starts (s since the epoch) and means, NaN not measured.

    `values` is (n, 8): kW, kvar, currents of A, B and C (A), voltages of A, B and C (V).
    """

    start_s: NDArray[np.int64]
    values: NDArray[np.float32]


_SITES = """
SELECT s.site_id, s.customer_id, c.kind, s.zone, s.country, s.subdivision, s.contract_demand_kw,
    c.transformer_kva * CASE WHEN count(*) OVER mine = count(s.contract_demand_kw) OVER mine
        THEN s.contract_demand_kw / nullif(sum(s.contract_demand_kw) OVER mine, 0)
        ELSE 1.0 / count(*) OVER mine END AS transformer_kva
FROM visible.site s JOIN visible.customer c USING (customer_id)
WHERE s.retired_at IS NULL
WINDOW mine AS (PARTITION BY s.customer_id)
"""


def searched_sites(connection: Connection, site_ids: Sequence[int]) -> list[SearchedSite]:
    """These sites as the finder asks of them."""
    cursor = connection.cursor(row_factory=class_row(SearchedSite))
    query = f"SELECT * FROM ({_SITES}) s WHERE site_id = ANY (%s) ORDER BY site_id"  # noqa: S608 - ours
    return cursor.execute(query.encode(), [list(site_ids)]).fetchall()


_METERS = """
SELECT m.meter_id, m.site_id, m.role, m.parent_meter_id, e.category, m.wiring, m.nominal_voltage_v
FROM visible.meter m LEFT JOIN visible.equipment e USING (equipment_id)
WHERE m.site_id = ANY (%s) AND m.retired_at IS NULL ORDER BY m.meter_id
"""


def searched_meters(connection: Connection, site_ids: Sequence[int]) -> list[SearchedMeter]:
    """The meters in service of these sites."""
    cursor = connection.cursor(row_factory=class_row(SearchedMeter))
    return cursor.execute(_METERS, [list(site_ids)]).fetchall()


# One row a meter: packed arrays are read a hundred times faster than rows.
_QUARTERS = """
SELECT meter_id, array_send(array_agg(extract(epoch FROM start_at)::int)),
    array_send(array_agg(ARRAY[
        coalesce(active_power_mean_kw, 'NaN'), coalesce(reactive_power_mean_kvar, 'NaN'),
        coalesce(current_a_mean_a, 'NaN'), coalesce(current_b_mean_a, 'NaN'),
        coalesce(current_c_mean_a, 'NaN'), coalesce(voltage_a_mean_v, 'NaN'),
        coalesce(voltage_b_mean_v, 'NaN'), coalesce(voltage_c_mean_v, 'NaN')]::real[]))
FROM read.load_15m
WHERE meter_id = ANY (%s) AND start_at >= %s AND start_at < %s
GROUP BY meter_id
"""


def quarter_hours(
    connection: Connection, meter_ids: Sequence[int], start: datetime, end: datetime
) -> dict[int, QuarterHours]:
    """What each of these meters measured in [start, end); one without data is not in it."""
    found = {}
    cursor = connection.cursor()
    for meter_id, starts, values in cursor.execute(
        _QUARTERS, [list(meter_ids), start, end], binary=True
    ):
        found[int(meter_id)] = QuarterHours(
            start_s=integers_of(starts), values=floats_of(values).reshape(-1, 8)
        )
    return found


# A month of which little is known says nothing about its peak. A quarter hour in which a register
# began anew has two rows of its meter.
_PEAKS = """
SELECT site_id, array_agg(peak_kw ORDER BY month) FROM (
    SELECT site_id, date_trunc('month', start_at, zone) AS month, max(power_kw) AS peak_kw
    FROM (
        SELECT site_id, zone, start_at, sum(power_kw) AS power_kw FROM (
            SELECT s.site_id, s.zone, l.start_at, l.meter_id,
                avg(l.active_power_mean_kw) AS power_kw
            FROM visible.site s JOIN visible.meter m
                ON m.site_id = s.site_id AND m.role = 'main' AND m.retired_at IS NULL
            JOIN read.load_15m l USING (meter_id)
            WHERE s.site_id = ANY (%(sites)s) AND l.start_at >= %(start)s AND l.start_at < %(end)s
                AND l.active_power_mean_kw IS NOT NULL
            GROUP BY 1, 2, 3, 4) one
        GROUP BY 1, 2, 3) q
    GROUP BY 1, 2 HAVING count(*) >= %(least)s) months
GROUP BY site_id
"""
_TWENTY_DAYS_OF_QUARTERS = 20 * 96


def monthly_peaks(
    connection: Connection, site_ids: Sequence[int], start: datetime, end: datetime
) -> dict[int, tuple[float, ...]]:
    """Each site's highest quarter hour of every local month that is mostly known, oldest first."""
    values = {
        "sites": list(site_ids), "start": start, "end": end, "least": _TWENTY_DAYS_OF_QUARTERS,
    }  # fmt: skip
    rows = connection.execute(_PEAKS, values)
    return {int(site): tuple(float(peak) for peak in peaks) for site, peaks in rows}
