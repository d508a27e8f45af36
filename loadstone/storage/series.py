"""What was measured, over time: raw readings, load, energy and register epochs.

Meters are given by id: whoever calls has found them in the viewer's scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import errors
from psycopg.rows import class_row


class UnknownZoneError(ValueError):
    """The database does not know this time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Values of one instant on the primary side; None is not measured."""

    voltage_an_v: float | None
    voltage_bn_v: float | None
    voltage_cn_v: float | None
    voltage_ab_v: float | None
    voltage_bc_v: float | None
    voltage_ca_v: float | None
    current_a_a: float | None
    current_b_a: float | None
    current_c_a: float | None
    current_n_a: float | None
    active_power_kw: float | None
    active_power_a_kw: float | None
    active_power_b_kw: float | None
    active_power_c_kw: float | None
    reactive_power_kvar: float | None
    apparent_power_kva: float | None
    power_factor_ratio: float | None
    frequency_hz: float | None
    import_total_kwh: float | None
    export_total_kwh: float | None
    reactive_q1_total_kvarh: float | None
    reactive_q2_total_kvarh: float | None
    reactive_q3_total_kvarh: float | None
    reactive_q4_total_kvarh: float | None
    reactive_import_total_kvarh: float | None
    reactive_export_total_kvarh: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow(Measured):
    """A stored reading; `epoch` -1 marks registers that are not trusted."""

    ts: datetime
    epoch: int
    quality: int
    lag_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """Load of one interval; `power_kw` is None where nothing was measured."""

    meter_id: int
    start_at: datetime
    end_at: datetime
    power_kw: float | None
    estimated_kw: float | None
    power_min_kw: float | None
    power_max_kw: float | None
    samples: int
    quality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyRow:
    """Energy of one interval: `value` in kWh, or in kvarh where the register counts that."""

    meter_id: int
    start_at: datetime
    end_at: datetime
    value: float | None
    measured_ratio: float
    estimated_ratio: float
    quality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochRow:
    """A stretch of continuous register; `offsets` in Wh and varh in the order of REGISTERS."""

    epoch: int
    starts_at: datetime
    reason: str
    declared_epoch: int | None
    offsets: list[int]
    decided_at: datetime
    corrected_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MainMeter:
    """A main meter and when it counts: from its first known register until it was retired."""

    meter_id: int
    code: str
    since: datetime | None
    until: datetime | None


_READINGS = """
SELECT ts, epoch, quality, lag_s,
    voltage_an_v, voltage_bn_v, voltage_cn_v, voltage_ab_v, voltage_bc_v, voltage_ca_v,
    current_a_a, current_b_a, current_c_a, current_n_a,
    active_power_kw, active_power_a_kw, active_power_b_kw, active_power_c_kw,
    reactive_power_kvar, apparent_power_kva, power_factor_ratio, frequency_hz,
    import_total_kwh, export_total_kwh,
    reactive_q1_total_kvarh, reactive_q2_total_kvarh, reactive_q3_total_kvarh,
    reactive_q4_total_kvarh, reactive_import_total_kvarh, reactive_export_total_kvarh
FROM read.reading
WHERE meter_id = %(meter_id)s AND ts >= %(start)s AND ts < %(end)s
  AND (%(after)s::timestamptz IS NULL OR ts > %(after)s)
ORDER BY ts LIMIT %(most)s
"""


def list_readings(
    connection: psycopg.Connection,
    meter_id: int,
    start: datetime,
    end: datetime,
    *,
    after: datetime | None,
    most: int,
) -> list[ReadingRow]:
    """Readings of [start, end) in order of time, beginning behind `after`."""
    values = {"meter_id": meter_id, "start": start, "end": end, "after": after, "most": most}
    cursor = connection.cursor(row_factory=class_row(ReadingRow))
    return cursor.execute(_READINGS, values).fetchall()


_LOAD = """
SELECT meter_id, start_at, end_at, power_kw, estimated_kw, power_min_kw, power_max_kw, samples,
    quality
FROM read.load(%s::int[], %s, %s, %s::interval, %s)
"""


def load_of(
    connection: psycopg.Connection,
    meter_ids: Sequence[int],
    start: datetime,
    end: datetime,
    step: str,
    zone: str,
) -> list[LoadRow]:
    """Load of each meter and interval of [start, end), by meter and time.

    `step` is an interval as PostgreSQL writes it; raises UnknownZoneError.
    """
    cursor = connection.cursor(row_factory=class_row(LoadRow))
    try:
        return cursor.execute(_LOAD, [list(meter_ids), start, end, step, zone]).fetchall()
    except errors.InvalidParameterValue as error:
        raise UnknownZoneError(zone) from error


_ENERGY = """
SELECT meter_id, start_at, end_at, energy_kwh AS value, measured_ratio, estimated_ratio, quality
FROM read.energy(%s::int[], %s, %s, %s::interval, %s, %s)
"""


def energy_of(
    connection: psycopg.Connection,
    meter_ids: Sequence[int],
    start: datetime,
    end: datetime,
    step: str,
    zone: str,
    register: str,
) -> list[EnergyRow]:
    """Energy of each meter and interval of [start, end), by meter and time.

    `register` is imp or exp (kWh), q1, q2, q3, q4, rimp or rexp (kvarh); raises UnknownZoneError.
    """
    cursor = connection.cursor(row_factory=class_row(EnergyRow))
    values = [list(meter_ids), start, end, step, zone, register]
    try:
        return cursor.execute(_ENERGY, values).fetchall()
    except errors.InvalidParameterValue as error:
        raise UnknownZoneError(zone) from error


_EPOCHS = """
SELECT epoch, starts_at, reason, declared_epoch, offsets, decided_at, corrected_by
FROM read.register_epoch WHERE meter_id = %s ORDER BY epoch
"""


def list_epochs(connection: psycopg.Connection, meter_id: int) -> list[EpochRow]:
    """The register history of a meter as it counts, corrections included, oldest first."""
    return (
        connection.cursor(row_factory=class_row(EpochRow)).execute(_EPOCHS, [meter_id]).fetchall()
    )


_MAIN_METERS = """
SELECT m.meter_id, m.code, m.retired_at AS until,
    (SELECT min(e.starts_at) FROM visible.register_epoch e WHERE e.meter_id = m.meter_id) AS since
FROM visible.meter m WHERE m.site_id = %s AND m.role = 'main' ORDER BY m.meter_id
"""


def main_meters(connection: psycopg.Connection, site_id: int) -> list[MainMeter]:
    """The meters whose sum is the site, retired ones too."""
    cursor = connection.cursor(row_factory=class_row(MainMeter))
    return cursor.execute(_MAIN_METERS, [site_id]).fetchall()
