"""Energy of several meters together: summed where it is kept, not where it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import errors
from psycopg.rows import class_row

from loadstone.storage.series import UnknownZoneError


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergySumRow:
    """One interval: `value` (kWh, or kvarh of a reactive register) sums what is known.

    `missing_meters` should have counted and are not known; ratios are means over all that count.
    """

    start_at: datetime
    end_at: datetime
    value: float | None
    measured_ratio: float
    estimated_ratio: float
    quality: str
    known_meters: int
    missing_meters: list[int]


_SUM = """
SELECT start_at, end_at, energy_kwh AS value, measured_ratio, estimated_ratio, quality,
    known_meters, missing_meters
FROM read.energy_sum(%s::int[], %s, %s, %s::interval, %s, %s)
"""


def energy_sum_of(
    connection: psycopg.Connection,
    meter_ids: Sequence[int],
    start: datetime,
    end: datetime,
    step: str,
    zone: str,
    register: str,
) -> list[EnergySumRow]:
    """Energy of these meters together by interval of [start, end); of no meters, no intervals.

    `register` is imp or exp (kWh), q1, q2, q3, q4, rimp or rexp (kvarh); raises UnknownZoneError.
    """
    if not meter_ids:
        return []
    cursor = connection.cursor(row_factory=class_row(EnergySumRow))
    values = [list(meter_ids), start, end, step, zone, register]
    try:
        return cursor.execute(_SUM, values).fetchall()
    except errors.InvalidParameterValue as error:
        raise UnknownZoneError(zone) from error
