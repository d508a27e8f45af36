"""What ingest must know before it can judge: who is who, and where each register stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.domain.quantities import REGISTERS
from loadstone.domain.registers import Epoch, RegisterPoint
from loadstone.domain.registry import MeterLimits, Wiring

_REGISTER_LIST = ", ".join(f"r.{quantity.column}" for quantity in REGISTERS)
_HAS_REGISTER = f"num_nonnulls({_REGISTER_LIST}) > 0"
_TS_MS = "(extract(epoch FROM r.ts) * 1000)::bigint"
_POINT = f"r.meter_id, {_TS_MS} AS ts_ms, r.epoch, ARRAY[{_REGISTER_LIST}] AS registers"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """One meter under the name its gateway gives it, with its validity and limits."""

    gateway_code: str
    channel: str
    valid_from: datetime | None
    valid_to: datetime | None
    meter_id: int
    wiring: Wiring
    nominal_voltage_v: float | None
    ct_primary_a: float | None
    ct_ratio: float | None
    pt_ratio: float | None
    rated_power_kw: float | None
    register_modulus_kwh: float | None

    @property
    def limits(self) -> MeterLimits:
        """What this meter can plausibly say."""
        return MeterLimits(
            meter_id=self.meter_id,
            wiring=self.wiring,
            nominal_voltage_v=self.nominal_voltage_v,
            ct_primary_a=self.ct_primary_a,
            ct_ratio=self.ct_ratio,
            pt_ratio=self.pt_ratio,
            rated_power_kw=self.rated_power_kw,
            register_modulus_kwh=self.register_modulus_kwh,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """A stored register reading."""

    meter_id: int
    ts_ms: int
    epoch: int
    registers: list[int | None]

    @property
    def point(self) -> RegisterPoint:
        """The reading as the register rules see it."""
        return RegisterPoint(ts_ms=self.ts_ms, values=tuple(self.registers))


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochRow:
    """A stored register epoch."""

    meter_id: int
    epoch: int
    starts_ms: int
    reason: str
    declared_epoch: int | None
    offsets: list[int]

    @property
    def value(self) -> Epoch:
        """The epoch as the register rules see it."""
        return Epoch(
            number=self.epoch,
            starts_ms=self.starts_ms,
            offsets=tuple(self.offsets),
            reason=self.reason,
            declared_epoch=self.declared_epoch,
        )


_CHANNELS = """
SELECT g.code AS gateway_code, c.channel, nullif(c.valid_from, '-infinity') AS valid_from,
    nullif(c.valid_to, 'infinity') AS valid_to, m.meter_id, m.wiring, m.nominal_voltage_v,
    m.ct_primary_a, m.ct_primary_a / m.ct_secondary_a AS ct_ratio,
    m.pt_primary_v / m.pt_secondary_v AS pt_ratio, m.max_power_kw AS rated_power_kw,
    m.register_modulus_kwh
FROM core.meter_channel c JOIN core.gateway g USING (gateway_id) JOIN core.meter m USING (meter_id)
WHERE g.retired_at IS NULL AND m.retired_at IS NULL
"""

_GATEWAYS = "SELECT code, gateway_id FROM core.gateway WHERE retired_at IS NULL"

_EPOCHS = """
SELECT meter_id, epoch, (extract(epoch FROM starts_at) * 1000)::bigint AS starts_ms, reason,
    declared_epoch, offsets
FROM core.register_epoch WHERE meter_id = ANY (%s) ORDER BY meter_id, epoch
"""

_LAST_POINTS = f"""
SELECT x.* FROM unnest(%s::int[]) AS m (id) CROSS JOIN LATERAL (
    SELECT {_POINT} FROM core.reading r
    WHERE r.meter_id = m.id AND r.epoch >= 0 AND {_HAS_REGISTER} ORDER BY r.ts DESC LIMIT 1) x
"""  # noqa: S608 - made of our own column names only

_PENDING = f"""
SELECT {_POINT} FROM core.reading r
WHERE r.meter_id = %s AND r.epoch = -1 AND r.ts > to_timestamp(%s / 1000.0) AND {_HAS_REGISTER}
ORDER BY r.ts LIMIT 1000
"""  # noqa: S608 - made of our own column names only

_AROUND = f"""
(SELECT {_POINT} FROM core.reading r WHERE r.meter_id = %(meter)s AND r.epoch >= 0
    AND {_HAS_REGISTER} AND r.ts < to_timestamp(%(from_ms)s / 1000.0) ORDER BY r.ts DESC LIMIT 1)
UNION ALL
(SELECT {_POINT} FROM core.reading r WHERE r.meter_id = %(meter)s AND r.epoch >= 0
    AND {_HAS_REGISTER} AND r.ts >= to_timestamp(%(from_ms)s / 1000.0)
    AND r.ts <= to_timestamp(%(to_ms)s / 1000.0))
UNION ALL
(SELECT {_POINT} FROM core.reading r WHERE r.meter_id = %(meter)s AND r.epoch >= 0
    AND {_HAS_REGISTER} AND r.ts > to_timestamp(%(to_ms)s / 1000.0) ORDER BY r.ts LIMIT 1)
ORDER BY ts_ms
"""  # noqa: S608 - made of our own column names only


def channels(connection: psycopg.Connection) -> list[ChannelRow]:
    """Every meter of every gateway that is in service."""
    return connection.cursor(row_factory=class_row(ChannelRow)).execute(_CHANNELS).fetchall()


def gateway_ids(connection: psycopg.Connection) -> dict[str, int]:
    """The ids of the gateways in service, by code."""
    return {str(row[0]): int(row[1]) for row in connection.execute(_GATEWAYS)}


def epochs_of(connection: psycopg.Connection, meter_ids: Sequence[int]) -> list[EpochRow]:
    """The register epochs of these meters, in order."""
    cursor = connection.cursor(row_factory=class_row(EpochRow))
    return cursor.execute(_EPOCHS, [list(meter_ids)]).fetchall()


def last_points(connection: psycopg.Connection, meter_ids: Sequence[int]) -> list[PointRow]:
    """The newest trusted register reading of each of these meters."""
    cursor = connection.cursor(row_factory=class_row(PointRow))
    return cursor.execute(_LAST_POINTS, [list(meter_ids)]).fetchall()


def pending_points(
    connection: psycopg.Connection, meter_id: int, after_ms: int
) -> list[RegisterPoint]:
    """Readings not trusted (yet) after an instant, in time order; 1000 at the most."""
    cursor = connection.cursor(row_factory=class_row(PointRow))
    return [row.point for row in cursor.execute(_PENDING, [meter_id, after_ms])]


def points_around(
    connection: psycopg.Connection, meter_id: int, from_ms: int, to_ms: int
) -> list[PointRow]:
    """Trusted register readings of [from_ms, to_ms], with one neighbour on either side."""
    cursor = connection.cursor(row_factory=class_row(PointRow))
    window = {"meter": meter_id, "from_ms": from_ms, "to_ms": to_ms}
    return cursor.execute(_AROUND, window).fetchall()
