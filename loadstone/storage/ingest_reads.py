"""What ingest must know before it can judge: who is who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.domain.registry import MeterLimits, Wiring


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


def channels(connection: psycopg.Connection) -> list[ChannelRow]:
    """Every meter of every gateway that is in service."""
    return connection.cursor(row_factory=class_row(ChannelRow)).execute(_CHANNELS).fetchall()


def gateway_ids(connection: psycopg.Connection) -> dict[str, int]:
    """The ids of the gateways in service, by code."""
    return {str(row[0]): int(row[1]) for row in connection.execute(_GATEWAYS)}
