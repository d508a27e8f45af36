"""The newest values of each meter; scopes as in `portfolio`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.storage.series import Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestRow(Measured):
    """The newest values of a meter; all None where it has never been heard of."""

    meter_id: int
    code: str
    site_id: int
    ts: datetime | None
    received_at: datetime | None
    epoch: int | None
    quality: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow(LatestRow):
    """Values that came in, and whose they are."""

    customer_id: int


_LATEST = """
SELECT m.meter_id, m.code, m.site_id, l.ts, l.received_at, l.epoch, l.quality,
    l.voltage_an_v, l.voltage_bn_v, l.voltage_cn_v, l.voltage_ab_v, l.voltage_bc_v,
    l.voltage_ca_v, l.current_a_a, l.current_b_a, l.current_c_a, l.current_n_a,
    l.active_power_kw, l.active_power_a_kw, l.active_power_b_kw, l.active_power_c_kw,
    l.reactive_power_kvar, l.apparent_power_kva, l.power_factor_ratio, l.frequency_hz,
    l.import_total_kwh, l.export_total_kwh, l.reactive_q1_total_kvarh, l.reactive_q2_total_kvarh,
    l.reactive_q3_total_kvarh, l.reactive_q4_total_kvarh, l.reactive_import_total_kvarh,
    l.reactive_export_total_kvarh
FROM visible.meter m JOIN visible.site s USING (site_id) LEFT JOIN read.latest l USING (meter_id)
WHERE (%(only)s::int IS NULL OR s.customer_id = %(only)s)
"""
_LATEST_PAGE = (
    _LATEST
    + """AND m.retired_at IS NULL
AND (%(site_id)s::int IS NULL OR m.site_id = %(site_id)s)
AND (%(customer_id)s::int IS NULL OR s.customer_id = %(customer_id)s)
AND m.meter_id > %(after)s ORDER BY m.meter_id LIMIT %(most)s"""
)
_LATEST_OF = _LATEST + "AND m.meter_id = ANY (%(ids)s) ORDER BY m.meter_id"
_CHANGED = _LATEST.replace("m.site_id,", "m.site_id, s.customer_id,", 1) + (
    "AND l.received_at >= %(since)s ORDER BY l.received_at, m.meter_id"
)
_LATEST_ONE = _LATEST + "AND m.meter_id = %(meter_id)s"


def list_latest(
    connection: psycopg.Connection,
    only_customer_id: int | None,
    *,
    site_id: int | None,
    customer_id: int | None,
    after: int,
    most: int,
) -> list[LatestRow]:
    """The newest values of the meters in use, by id, beginning behind `after`."""
    values = {
        "only": only_customer_id,
        "site_id": site_id,
        "customer_id": customer_id,
        "after": after,
        "most": most,
    }
    cursor = connection.cursor(row_factory=class_row(LatestRow))
    return cursor.execute(_LATEST_PAGE, values).fetchall()


def latest_of(
    connection: psycopg.Connection, only_customer_id: int | None, meter_id: int
) -> LatestRow | None:
    """The newest values of one meter; None where it is not in the scope."""
    values = {"only": only_customer_id, "meter_id": meter_id}
    cursor = connection.cursor(row_factory=class_row(LatestRow))
    return cursor.execute(_LATEST_ONE, values).fetchone()


def latest_of_meters(connection: psycopg.Connection, meter_ids: Sequence[int]) -> list[LatestRow]:
    """The newest values of these meters, which were found in the viewer's scope."""
    cursor = connection.cursor(row_factory=class_row(LatestRow))
    return cursor.execute(_LATEST_OF, {"only": None, "ids": list(meter_ids)}).fetchall()


def changed_since(connection: psycopg.Connection, since: datetime) -> list[ChangedRow]:
    """The newest values of all meters that were heard since an instant, by when that was."""
    cursor = connection.cursor(row_factory=class_row(ChangedRow))
    return cursor.execute(_CHANGED.encode(), {"only": None, "since": since}).fetchall()
