"""The numbers of one site's page: its meters, its day, its fortnight, its week by hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterView:
    """A meter of the site with its newest values; all of these None before its first reading."""

    meter_id: int
    code: str
    name_en: str
    name_zh: str
    category: str | None
    role: str
    parent_meter_id: int | None
    wiring: str
    nominal_voltage_v: float | None
    rated_power_kw: float | None
    interval_s: int
    ts: datetime | None
    power_kw: float | None


_METERS = """
SELECT m.meter_id, m.code, m.name_en, m.name_zh, e.category, m.role, m.parent_meter_id, m.wiring,
    m.nominal_voltage_v, e.rated_power_kw, m.interval_s, l.ts, l.active_power_kw AS power_kw
FROM visible.meter m LEFT JOIN visible.equipment e USING (equipment_id)
LEFT JOIN read.latest l USING (meter_id)
WHERE m.site_id = %s AND m.retired_at IS NULL
ORDER BY m.role, m.code
"""


def meters_of(connection: psycopg.Connection, site_id: int) -> list[MeterView]:
    """The site's meters in service, main meters first."""
    cursor = connection.cursor(row_factory=class_row(MeterView))
    return cursor.execute(_METERS, [site_id]).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPoint:
    """One bucket of one meter, as read.load gives it."""

    meter_id: int
    start_at: datetime
    end_at: datetime
    power_kw: float | None
    estimated_kw: float | None
    quality: str


_LOAD = """
SELECT meter_id, start_at, end_at, power_kw, estimated_kw, quality
FROM read.load(%s, %s, %s, make_interval(secs => %s), %s)
"""


def load_points(
    connection: psycopg.Connection,
    meters: Sequence[int],
    start: datetime,
    end: datetime,
    step_s: int,
    zone: str,
) -> list[LoadPoint]:
    """Mean power by meter and bucket of [start, end), in order of time within each meter."""
    cursor = connection.cursor(row_factory=class_row(LoadPoint))
    return cursor.execute(_LOAD, [list(meters), start, end, step_s, zone]).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePoint:
    """Means of one quarter hour of one meter; None where not measured."""

    start_at: datetime
    voltage_a_v: float | None
    voltage_b_v: float | None
    voltage_c_v: float | None
    current_a_a: float | None
    current_b_a: float | None
    current_c_a: float | None
    active_kw: float | None
    reactive_kvar: float | None

    @property
    def power_factor_ratio(self) -> float | None:
        """Of the means: P / √(P² + Q²), so without distortion."""
        if self.active_kw is None or self.reactive_kvar is None:
            return None
        apparent = float((self.active_kw**2 + self.reactive_kvar**2) ** 0.5)
        return self.active_kw / apparent if apparent else None


_PHASES = """
SELECT start_at, avg(voltage_a_mean_v) AS voltage_a_v, avg(voltage_b_mean_v) AS voltage_b_v,
    avg(voltage_c_mean_v) AS voltage_c_v, avg(current_a_mean_a) AS current_a_a,
    avg(current_b_mean_a) AS current_b_a, avg(current_c_mean_a) AS current_c_a,
    avg(active_power_mean_kw) AS active_kw, avg(reactive_power_mean_kvar) AS reactive_kvar
FROM read.load_15m WHERE meter_id = %s AND start_at >= %s AND start_at < %s
GROUP BY 1 ORDER BY 1
"""


def phase_points(
    connection: psycopg.Connection, meter_id: int, start: datetime, end: datetime
) -> list[PhasePoint]:
    """Voltages, currents and powers by quarter hour of [start, end), where there are samples."""
    cursor = connection.cursor(row_factory=class_row(PhasePoint))
    return cursor.execute(_PHASES, [meter_id, start, end]).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergySpan:
    """Energy of one bucket of one meter, with the parts of the bucket measured and estimated."""

    meter_id: int
    start_at: datetime
    end_at: datetime
    energy_kwh: float | None
    measured_ratio: float
    estimated_ratio: float
    quality: str


_ENERGY = """
SELECT meter_id, start_at, end_at, energy_kwh, measured_ratio, estimated_ratio, quality
FROM read.energy(%s, %s, %s, make_interval(days => %s), %s)
"""


def energy_spans(
    connection: psycopg.Connection,
    meters: Sequence[int],
    start: datetime,
    end: datetime,
    zone: str,
    *,
    days: int = 1,
) -> list[EnergySpan]:
    """Energy by meter and bucket of `days` local days of [start, end)."""
    cursor = connection.cursor(row_factory=class_row(EnergySpan))
    return cursor.execute(_ENERGY, [list(meters), start, end, days, zone]).fetchall()
