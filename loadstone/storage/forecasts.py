"""Forecasts as they were said: stored once, never changed, read back for scores and updates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from loadstone.storage.packed_arrays import floats_of

Connection = psycopg.Connection
Floats = NDArray[np.floating]

BANDS = (
    "p025_kw", "p10_kw", "p20_kw", "p30_kw", "p40_kw", "p50_kw", "p60_kw", "p70_kw", "p80_kw",
    "p90_kw", "p975_kw",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NewForecast:
    """One subject, one issue, one local day; N intervals of the day, NaN before the issue."""

    subject_id: int
    kind: str
    target_day: date
    issued_at: datetime
    reckoned_at: datetime
    replayed: bool
    lead_days: int
    zone: str
    starts_at: datetime
    ends_at: datetime
    interval_s: int
    model: str
    reason: str
    reasons: Sequence[Mapping[str, object]]
    inputs: Mapping[str, object]
    weights: Mapping[str, float]
    calibration: Mapping[str, object]
    mean_kw: Floats | None
    """[N]; None where it was refused, as all below."""
    quantiles_kw: Floats | None
    """[N, 11]."""
    peak_kw: Floats | None
    """[11]."""
    energy_kwh: Floats | None
    """[11]."""
    contract_demand_kw: float | None
    exceeds_ratio: float | None
    error_correlation_ratio: float | None


_PUT = f"""
INSERT INTO core.forecast (subject_id, kind, target_day, issued_at, reckoned_at, replayed,
    lead_days, zone, starts_at, ends_at, interval_s, model, reason, reasons, inputs, weights,
    calibration, mean_kw, {", ".join(BANDS)}, peak_kw, energy_kwh, contract_demand_kw,
    exceeds_ratio, error_correlation_ratio)
VALUES ({", ".join(["%s"] * (18 + len(BANDS) + 5))}) ON CONFLICT DO NOTHING
"""  # noqa: S608 - names of columns from a constant


def put_forecasts(connection: Connection, forecasts: Sequence[NewForecast]) -> None:
    """Store them; an issue that is there already stays as it is. Inside a transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, [_values(one) for one in forecasts])


def _values(one: NewForecast) -> list[Any]:
    bands: list[list[float | None] | None] = [None] * len(BANDS)
    if one.quantiles_kw is not None:
        bands = [_array(one.quantiles_kw[:, level]) for level in range(len(BANDS))]
    return [
        one.subject_id, one.kind, one.target_day, one.issued_at, one.reckoned_at, one.replayed,
        one.lead_days, one.zone, one.starts_at, one.ends_at, one.interval_s, one.model, one.reason,
        Jsonb([dict(reason) for reason in one.reasons]), Jsonb(dict(one.inputs)),
        Jsonb(dict(one.weights)), Jsonb(dict(one.calibration)), _array(one.mean_kw), *bands,
        _array(one.peak_kw), _array(one.energy_kwh), one.contract_demand_kw, one.exceeds_ratio,
        one.error_correlation_ratio,
    ]  # fmt: skip


def _array(values: Floats | None) -> list[float | None] | None:
    """As PostgreSQL takes it, to a watt; NaN is NULL."""
    if values is None:
        return None
    rounded = np.round(np.asarray(values, dtype=np.float64), 3)
    return [None if one != one else one for one in rounded.tolist()]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMonth:
    """Where a subject's month lands; quantiles [11], None where it was refused."""

    subject_id: int
    month: date
    issued_at: datetime
    reckoned_at: datetime
    replayed: bool
    zone: str
    interval_s: int
    model: str
    reason: str
    reasons: Sequence[Mapping[str, object]]
    inputs: Mapping[str, object]
    energy_kwh: Floats | None
    peak_kw: Floats | None
    so_far_kwh: float | None
    so_far_peak_kw: float | None
    contract_demand_kw: float | None
    exceeds_ratio: float | None


_PUT_MONTH = """
INSERT INTO core.forecast_month (subject_id, month, issued_at, reckoned_at, replayed, zone,
    interval_s, model, reason, reasons, inputs, energy_kwh, peak_kw, so_far_kwh, so_far_peak_kw,
    contract_demand_kw, exceeds_ratio)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


def put_months(connection: Connection, months: Sequence[NewMonth]) -> None:
    """Store them; an issue that is there already stays as it is. Inside a transaction."""
    rows = [
        [
            one.subject_id, one.month, one.issued_at, one.reckoned_at, one.replayed, one.zone,
            one.interval_s, one.model, one.reason, Jsonb([dict(reason) for reason in one.reasons]),
            Jsonb(dict(one.inputs)), _array(one.energy_kwh), _array(one.peak_kw), one.so_far_kwh,
            one.so_far_peak_kw, one.contract_demand_kw, one.exceeds_ratio,
        ]
        for one in months
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(_PUT_MONTH, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidForecast:
    """A stored forecast's numbers, of one local day; NaN before the issue."""

    forecast_id: int
    subject_id: int
    target_day: date
    issued_at: datetime
    replayed: bool
    lead_days: int
    model: str
    interval_s: int
    mean_kw: NDArray[np.float32]
    """[N]."""
    quantiles_kw: NDArray[np.float32]
    """[N, 11]."""


_NO_NULLS = "array_send(array_replace({0}, NULL, 'NaN'::real))"
_SAID = f"""
SELECT DISTINCT ON (f.subject_id, f.target_day, f.lead_days) f.forecast_id, f.subject_id,
    f.target_day, f.issued_at, f.replayed, f.lead_days, f.model, f.interval_s,
    {_NO_NULLS.format("f.mean_kw")}, {", ".join(_NO_NULLS.format(f"f.{band}") for band in BANDS)}
FROM core.forecast f
WHERE f.subject_id = ANY (%(subjects)s) AND f.kind = %(kind)s AND f.model <> 'refused'
    AND f.target_day BETWEEN %(first)s AND %(last)s AND f.issued_at <= %(as_of)s
    AND (%(time)s::time IS NULL OR (f.issued_at AT TIME ZONE f.zone)::time = %(time)s)
    AND (%(model)s::text IS NULL OR f.model = %(model)s)
ORDER BY f.subject_id, f.target_day, f.lead_days, f.issued_at DESC
"""  # noqa: S608 - names of columns from a constant


def said_forecasts(
    connection: Connection,
    subject_ids: Sequence[int],
    kind: str,
    days: tuple[date, date],
    as_of: datetime,
    *,
    local_time: str | None = None,
    model: str | None = None,
) -> list[SaidForecast]:
    """The newest of each subject, day and lead that was issued by `as_of`, both days included.

    With `local_time` (HH:MM) only those that were issued then, with `model` only that model's.
    """
    values = {
        "subjects": list(subject_ids), "kind": kind, "first": days[0], "last": days[1],
        "as_of": as_of, "time": local_time, "model": model,
    }  # fmt: skip
    rows = connection.cursor(binary=True).execute(_SAID, values)
    return [
        SaidForecast(
            forecast_id=int(row[0]), subject_id=int(row[1]), target_day=row[2], issued_at=row[3],
            replayed=bool(row[4]), lead_days=int(row[5]), model=str(row[6]), interval_s=int(row[7]),
            mean_kw=floats_of(row[8]),
            quantiles_kw=np.stack([floats_of(band) for band in row[9:]], axis=1),
        )
        for row in rows
    ]  # fmt: skip


_LET_GO = """
WITH gone AS (
    DELETE FROM core.forecast f WHERE f.kind = 'today' AND f.issued_at < %s RETURNING 1
) SELECT count(*) FROM gone
"""


def let_go_of_updates(connection: Connection, before: datetime) -> int:
    """Delete updates of days that were issued before this instant; returns how many."""
    with connection.transaction():
        connection.execute("SELECT set_config('loadstone.retention', 'on', true)")
        row = connection.execute(_LET_GO, [before]).fetchone()
        return int(row[0]) if row else 0
