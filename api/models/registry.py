"""Customers, sites, gateways and meters as answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.models.fields import Answer, Instant, NameEn, NameZh, Tier, Zone

RetiredAt = Annotated[
    datetime | None, Field(description="Since when it is no longer in use; null: it is.")
]


class Customer(Answer):
    """A key account."""

    customer_id: Annotated[int, Field(examples=[7])]
    code: Annotated[str, Field(examples=["CUS-COLD"])]
    name_en: NameEn
    name_zh: NameZh
    kind: Annotated[str, Field(description="Kind of premises.", examples=["cold_store"])]
    tier: Annotated[Tier, Field(description="A, B, C; N is new.", examples=["A"])]
    manager: Annotated[str | None, Field(description="Account manager.", examples=["Li Na"])]
    region: Annotated[str | None, Field(examples=["East"])]
    contract_demand_kw: Annotated[float | None, Field(examples=[1200.0])]
    transformer_kva: Annotated[float | None, Field(examples=[1600.0])]
    site_count: Annotated[int, Field(examples=[2])]
    meter_count: Annotated[int, Field(description="Meters in use.", examples=[9])]
    retired_at: RetiredAt


class Site(Answer):
    """One set of premises."""

    site_id: Annotated[int, Field(examples=[11])]
    code: Annotated[str, Field(examples=["SITE-COLD-1"])]
    customer_id: Annotated[int, Field(examples=[7])]
    customer_code: Annotated[str, Field(examples=["CUS-COLD"])]
    name_en: NameEn
    name_zh: NameZh
    zone: Zone
    city_en: Annotated[str | None, Field(examples=["Ningbo"])]
    city_zh: Annotated[str | None, Field(examples=["宁波"])]
    latitude_deg: Annotated[float | None, Field(examples=[29.87])]
    longitude_deg: Annotated[float | None, Field(examples=[121.55])]
    contract_demand_kw: Annotated[float | None, Field(examples=[1200.0])]
    country: Annotated[str | None, Field(description="null: that of its zone.", examples=["CN"])]
    subdivision: Annotated[str | None, Field(examples=[None])]
    gateway_count: Annotated[int, Field(examples=[1])]
    meter_count: Annotated[int, Field(description="Meters in use.", examples=[5])]
    retired_at: RetiredAt


class Equipment(Answer):
    """What meters feed."""

    equipment_id: Annotated[int, Field(examples=[31])]
    code: Annotated[str, Field(description="Unique within its site.", examples=["CHILLER-1"])]
    site_id: Annotated[int, Field(examples=[11])]
    site_code: Annotated[str, Field(examples=["SITE-COLD-1"])]
    customer_id: Annotated[int, Field(examples=[7])]
    name_en: NameEn
    name_zh: NameZh
    category: Annotated[str, Field(examples=["chiller"])]
    rated_power_kw: Annotated[float | None, Field(examples=[250.0])]
    meter_count: Annotated[int, Field(description="Meters in use.", examples=[1])]
    retired_at: RetiredAt


class Meter(Answer):
    """A meter, where it is and what it feeds."""

    meter_id: Annotated[int, Field(examples=[21])]
    code: Annotated[str, Field(examples=["MTR-001"])]
    site_id: Annotated[int, Field(examples=[11])]
    site_code: Annotated[str, Field(examples=["SITE-COLD-1"])]
    customer_id: Annotated[int, Field(examples=[7])]
    zone: Zone
    name_en: NameEn
    name_zh: NameZh
    serial: Annotated[str | None, Field(examples=["330001234567"])]
    role: Annotated[
        Literal["main", "sub"],
        Field(description="`main`: adds to the site's sum; `sub`: is part of another."),
    ]
    wiring: Literal["3P4W", "3P3W", "1P2W"]
    parent_meter_id: int | None
    equipment_id: int | None
    equipment_code: Annotated[str | None, Field(examples=["CHILLER-1"])]
    equipment_category: Annotated[str | None, Field(examples=["chiller"])]
    nominal_voltage_v: Annotated[
        float | None, Field(description="Line to line, primary side.", examples=[400.0])
    ]
    ct_primary_a: Annotated[float | None, Field(examples=[600.0])]
    ct_secondary_a: Annotated[float | None, Field(examples=[5.0])]
    pt_primary_v: Annotated[float | None, Field(examples=[10000.0])]
    pt_secondary_v: Annotated[float | None, Field(examples=[100.0])]
    max_power_kw: float | None
    register_modulus_kwh: Annotated[
        float | None, Field(description="Where the register starts again from zero.")
    ]
    interval_s: Annotated[int, Field(description="Expected time between readings.", examples=[60])]
    energy_source: Annotated[
        Literal["register", "interval"],
        Field(description="Whether it sends totals or amounts."),
    ]
    gateway_code: Annotated[
        str | None, Field(description="The gateway that speaks for it now.", examples=["GW-3A7F"])
    ]
    channel: Annotated[str | None, Field(description="Its name there.", examples=["MTR-001"])]
    retired_at: datetime | None


class GatewaySequence(Answer):
    """The numbered messages of all boots."""

    received: Annotated[int, Field(description="Arrived.", examples=[40213])]
    repeated: Annotated[int, Field(description="Arrived more than once.", examples=[12])]
    missing: Annotated[int, Field(description="Skipped, and not arrived since.", examples=[0])]


class Gateway(Answer):
    """A gateway and its state."""

    gateway_id: Annotated[int, Field(examples=[3])]
    code: Annotated[str, Field(examples=["GW-3A7F"])]
    site_id: Annotated[int, Field(examples=[11])]
    site_code: Annotated[str, Field(examples=["SITE-COLD-1"])]
    customer_id: Annotated[int, Field(examples=[7])]
    model: str | None
    firmware: str | None
    online: Annotated[bool | None, Field(description="null: never heard of.")]
    why: Annotated[
        str | None,
        Field(description="`lwt`: the broker lost it; else its own words.", examples=["lwt"]),
    ]
    state_at: datetime | None
    last_message_at: datetime | None
    last_message_age_s: Annotated[float | None, Field(examples=[4.2])]
    clock_skew_ms: Annotated[
        int | None, Field(description="Received minus sent; large: its clock is off.")
    ]
    clock_synced: bool | None
    boot: Annotated[int | None, Field(examples=[17])]
    birth_at: datetime | None
    meter_count: Annotated[int, Field(description="Meters it speaks for now.", examples=[5])]
    sequence: GatewaySequence
    retired_at: datetime | None


class GatewayCredentials(Answer):
    """What a gateway logs in to the broker with."""

    gateway_id: Annotated[int, Field(examples=[3])]
    code: Annotated[str, Field(examples=["GW-3A7F"])]
    user_name: Annotated[str, Field(description="MQTT user name.", examples=["GW-3A7F"])]
    password: Annotated[
        str | None, Field(description="Told once; null in an answer that is told again.")
    ]
    topic_prefix: Annotated[
        str, Field(description="It may use topics below.", examples=["loadstone/v1/gw/GW-3A7F/"])
    ]
    made_at: Instant


class MeterChannel(Answer):
    """What a gateway calls a meter in [valid_from, valid_to)."""

    gateway_id: Annotated[int, Field(examples=[3])]
    gateway_code: Annotated[str, Field(examples=["GW-3A7F"])]
    channel: Annotated[str, Field(examples=["MTR-001"])]
    meter_id: Annotated[int, Field(examples=[21])]
    valid_from: Annotated[Instant | None, Field(description="null: since ever.")]
    valid_to: Annotated[Instant | None, Field(description="null: until further notice.")]


class MeterChannels(Answer):
    """Through which gateways a meter was and is heard, the newest first."""

    meter_id: Annotated[int, Field(examples=[21])]
    code: Annotated[str, Field(examples=["MTR-001"])]
    data: list[MeterChannel]


class Health(Answer):
    """Whether the line works, for probes and people."""

    status: Annotated[
        Literal["ok", "behind", "down"],
        Field(
            description="`behind`: more than a minute's worth of marks waits to be summed up; "
            "`down`: the database does not answer."
        ),
    ]
    version: str
    now: Instant
    database: Annotated[Literal["reachable", "away"], Field(description="As of this request.")]
    backend: Annotated[
        Literal["tsl", "apache", "plain"] | None, Field(description="Kind of database server.")
    ]
    newest_reading_at: datetime | None
    newest_reading_age_s: Annotated[
        float | None, Field(description="Age of the newest reading of all.", examples=[3.1])
    ]
    last_received_age_s: Annotated[
        float | None, Field(description="Time since a newest reading came in.", examples=[2.8])
    ]
    rollup_backlog: Annotated[
        int | None, Field(description="Hours of meters waiting to be summed up.", examples=[0])
    ]
