"""One meter as its page shows it: what it is, who speaks for it, and its readings one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.storage.series import Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterIdentity:
    """A meter with its transformers, what it feeds, and the gateway that speaks for it now."""

    meter_id: int
    code: str
    serial: str | None
    name_en: str
    name_zh: str
    role: str
    wiring: str
    nominal_voltage_v: float | None
    ct_primary_a: float | None
    ct_secondary_a: float | None
    pt_primary_v: float | None
    pt_secondary_v: float | None
    max_power_kw: float | None
    register_modulus_kwh: float | None
    interval_s: int
    energy_source: str
    created_at: datetime
    retired_at: datetime | None
    site_id: int
    category: str | None
    equipment_en: str | None
    equipment_zh: str | None
    rated_power_kw: float | None
    parent_meter_id: int | None
    parent_code: str | None
    children: int
    gateway_id: int | None
    gateway_code: str | None
    gateway_model: str | None
    gateway_firmware: str | None
    channel: str | None
    connected_since: datetime | None


_IDENTITY = """
SELECT m.meter_id, m.code, m.serial, m.name_en, m.name_zh, m.role, m.wiring, m.nominal_voltage_v,
    m.ct_primary_a, m.ct_secondary_a, m.pt_primary_v, m.pt_secondary_v, m.max_power_kw,
    m.register_modulus_kwh, m.interval_s, m.energy_source, m.created_at, m.retired_at, m.site_id,
    e.category, e.name_en AS equipment_en, e.name_zh AS equipment_zh, e.rated_power_kw,
    m.parent_meter_id, p.code AS parent_code,
    (SELECT count(*) FROM visible.meter b WHERE b.parent_meter_id = m.meter_id
        AND b.retired_at IS NULL)::int AS children,
    k.gateway_id, k.gateway_code, k.gateway_model, k.gateway_firmware, k.channel,
    k.connected_since
FROM visible.meter m JOIN visible.site s USING (site_id)
LEFT JOIN visible.equipment e USING (equipment_id)
LEFT JOIN visible.meter p ON p.meter_id = m.parent_meter_id
LEFT JOIN LATERAL (
    SELECT g.gateway_id, g.code AS gateway_code, g.model AS gateway_model,
        coalesce(t.birth ->> 'fw', g.firmware) AS gateway_firmware, c.channel,
        nullif(c.valid_from, '-infinity') AS connected_since
    FROM visible.meter_channel c JOIN visible.gateway g USING (gateway_id)
    LEFT JOIN visible.gateway_state t USING (gateway_id)
    WHERE c.meter_id = m.meter_id AND c.valid_to > %(now)s
    ORDER BY c.valid_from DESC LIMIT 1
) k ON true
WHERE m.meter_id = %(meter_id)s
    AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
"""


def meter_identity(
    connection: psycopg.Connection, meter_id: int, customer_id: int | None, now: datetime
) -> MeterIdentity | None:
    """The meter, or None where it does not exist or is another customer's."""
    cursor = connection.cursor(row_factory=class_row(MeterIdentity))
    wanted = {"meter_id": meter_id, "customer_id": customer_id, "now": now}
    return cursor.execute(_IDENTITY, wanted).fetchone()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReading(Measured):
    """A stored reading as it came; `epoch` below 0 marks registers that are not counted."""

    ts: datetime
    received_at: datetime
    epoch: int
    quality: int


_RAW = """
SELECT ts, ts + make_interval(secs => lag_s) AS received_at, epoch, quality,
    voltage_an_v, voltage_bn_v, voltage_cn_v, voltage_ab_v, voltage_bc_v, voltage_ca_v,
    current_a_a, current_b_a, current_c_a, current_n_a,
    active_power_kw, active_power_a_kw, active_power_b_kw, active_power_c_kw,
    reactive_power_kvar, apparent_power_kva, power_factor_ratio, frequency_hz,
    import_total_kwh, export_total_kwh,
    reactive_q1_total_kvarh, reactive_q2_total_kvarh, reactive_q3_total_kvarh,
    reactive_q4_total_kvarh, reactive_import_total_kvarh, reactive_export_total_kvarh
FROM read.reading
WHERE meter_id = %(meter_id)s AND ts >= %(start)s AND ts < %(before)s
ORDER BY ts DESC LIMIT %(most)s
"""


def raw_readings(
    connection: psycopg.Connection, meter_id: int, start: datetime, before: datetime, most: int
) -> list[RawReading]:
    """Up to `most` readings of [start, before), the newest first."""
    cursor = connection.cursor(row_factory=class_row(RawReading))
    wanted = {"meter_id": meter_id, "start": start, "before": before, "most": most}
    return cursor.execute(_RAW, wanted).fetchall()
