"""A meter's instantaneous values over time, thinned to what a screen can show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

# Up to here readings themselves are averaged; a longer stretch comes from the summaries.
MOST_RAW_S = 32 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """Means over one step from `start_s` (epoch s); None where nothing was measured."""

    start_s: int
    active_kw: float | None
    reactive_kvar: float | None
    voltage_a_v: float | None
    voltage_b_v: float | None
    voltage_c_v: float | None
    current_a_a: float | None
    current_b_a: float | None
    current_c_a: float | None
    power_factor_ratio: float | None
    frequency_hz: float | None


_FROM_READINGS = """
SELECT extract(epoch FROM date_bin(make_interval(secs => %(step_s)s), ts, %(start)s))::bigint
        AS start_s,
    avg(active_power_kw) AS active_kw, avg(reactive_power_kvar) AS reactive_kvar,
    avg(CASE WHEN %(lines)s THEN voltage_ab_v ELSE voltage_an_v END) AS voltage_a_v,
    avg(CASE WHEN %(lines)s THEN voltage_bc_v ELSE voltage_bn_v END) AS voltage_b_v,
    avg(CASE WHEN %(lines)s THEN voltage_ca_v ELSE voltage_cn_v END) AS voltage_c_v,
    avg(current_a_a) AS current_a_a, avg(current_b_a) AS current_b_a,
    avg(current_c_a) AS current_c_a, avg(power_factor_ratio) AS power_factor_ratio,
    avg(frequency_hz) AS frequency_hz
FROM read.reading WHERE meter_id = %(meter_id)s AND ts >= %(start)s AND ts < %(end)s
GROUP BY 1 ORDER BY 1
"""

_FROM_SUMMARIES = """
SELECT extract(epoch FROM date_bin(make_interval(secs => %(step_s)s), start_at, %(start)s))::bigint
        AS start_s,
    avg(active_power_mean_kw) AS active_kw, avg(reactive_power_mean_kvar) AS reactive_kvar,
    avg(voltage_a_mean_v) AS voltage_a_v, avg(voltage_b_mean_v) AS voltage_b_v,
    avg(voltage_c_mean_v) AS voltage_c_v, avg(current_a_mean_a) AS current_a_a,
    avg(current_b_mean_a) AS current_b_a, avg(current_c_mean_a) AS current_c_a,
    avg(active_power_mean_kw / nullif(sqrt(active_power_mean_kw ^ 2
        + reactive_power_mean_kvar ^ 2), 0)) AS power_factor_ratio,
    NULL::float8 AS frequency_hz
FROM read.load_15m WHERE meter_id = %(meter_id)s AND start_at >= %(start)s AND start_at < %(end)s
GROUP BY 1 ORDER BY 1
"""


def meter_curve(
    connection: psycopg.Connection,
    meter_id: int,
    start: datetime,
    end: datetime,
    step_s: int,
    *,
    line_voltages: bool,
) -> list[CurvePoint]:
    """Means by steps counted from `start`; frequency only of stretches up to MOST_RAW_S."""
    cursor = connection.cursor(row_factory=class_row(CurvePoint))
    wanted = {
        "meter_id": meter_id,
        "start": start,
        "end": end,
        "step_s": step_s,
        "lines": line_voltages,
    }
    from_readings = (end - start).total_seconds() <= MOST_RAW_S
    query = _FROM_READINGS if from_readings else _FROM_SUMMARIES
    return cursor.execute(query, wanted).fetchall()
