"""The registry that the measured messages speak of: gateways with 50 meters each."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from loadstone.domain.registry import Customer, Gateway, Meter, Site
from loadstone.storage.registry import (
    connect_meter,
    put_customer,
    put_gateway,
    put_meter,
    put_site,
)

METERS_PER_GATEWAY = 50
NOMINAL_V = 400.0
CT_PRIMARY_A = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """`meters` in all, numbered from 0; the gateway of meter k is the (k // 50)-th."""

    meters: int

    @property
    def gateways(self) -> list[str]:
        """The gateways' codes, which are their user names too."""
        count = -(-self.meters // METERS_PER_GATEWAY)
        return [f"GW-BENCH-{number:03}" for number in range(count)]

    def channels(self, gateway: int) -> list[str]:
        """The names under which one gateway's meters speak."""
        first = gateway * METERS_PER_GATEWAY
        return [f"B-{at:05}" for at in range(first, min(first + METERS_PER_GATEWAY, self.meters))]

    def register(self, connection: psycopg.Connection) -> None:
        """Put it into the registry; doing so again changes nothing."""
        customer = Customer(code="BENCH", name_en="Benchmark", name_zh="基准", kind="office")
        site = Site(code="BENCH", name_en="Benchmark", name_zh="基准", zone="Asia/Shanghai")
        site_id = put_site(connection, put_customer(connection, customer), site)
        for number, code in enumerate(self.gateways):
            gateway_id = put_gateway(connection, site_id, Gateway(code=code))
            for channel in self.channels(number):
                meter_id = put_meter(connection, site_id, _meter(channel))
                connect_meter(connection, gateway_id, channel, meter_id)


def _meter(code: str) -> Meter:
    return Meter(
        code=code,
        name_en=code,
        name_zh=code,
        nominal_voltage_v=NOMINAL_V,
        ct_primary_a=CT_PRIMARY_A,
        ct_secondary_a=5.0,
        interval_s=1,
    )
