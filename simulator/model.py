"""The virtual hardware's vocabulary: accounts, sites, equipment, gateways and meters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from simulator.loads import Load

Tier = Literal["A", "B", "C"]
ChargeBasis = Literal["actual", "contract", "capacity"]
Role = Literal["main", "sub"]
Wiring = Literal["3P4W", "3P3W"]
Category = Literal[
    "incomer",
    "transmitter",
    "chiller",
    "lighting",
    "lift",
    "pump",
    "server",
    "ventilation",
    "production",
    "compressor",
    "refrigeration",
    "kitchen",
    "laundry",
    "escalator",
    "traction",
    "medical",
    "office",
    "pv",
    "ev",
    "other",
]
CATEGORIES: tuple[str, ...] = get_args(Category)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualEquipment:
    """One thing that draws (or feeds) power, as the equipment register knows it."""

    code: str
    name_en: str
    name_zh: str
    category: Category
    rated_power_kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualMeter:
    """One meter; `load` is what flows through it and through no meter below it.

    `nominal_voltage_v` is line to line; the register's modulus is on the primary side.
    `capacitor_kvar` is a switched bank behind this meter that lifts its power factor. `tap_ratio`
    raises the voltage over what is usual there; `phase_skew_ratio` loads phase A more than C.
    """

    code: str
    serial: str
    name_en: str
    name_zh: str
    equipment_code: str
    parent_code: str | None
    role: Role
    wiring: Wiring
    nominal_voltage_v: float
    ct_primary_a: float
    ct_secondary_a: float
    pt_primary_v: float
    pt_secondary_v: float
    register_modulus_kwh: float | None
    interval_s: int
    load: tuple[Load, ...]
    capacitor_kvar: float = 0.0
    tap_ratio: float = 1.0
    phase_skew_ratio: float = 0.0

    @property
    def multiplier(self) -> float:
        """Primary over secondary energy: the CT ratio times the PT ratio."""
        return self.ct_primary_a / self.ct_secondary_a * self.pt_primary_v / self.pt_secondary_v


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualGateway:
    """One gateway; its code is its MQTT user name and its level in the topic."""

    code: str
    model: str
    firmware: str
    meters: tuple[VirtualMeter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualSite:
    """One premises with exactly one main meter at its point of supply."""

    code: str
    name_en: str
    name_zh: str
    latitude_deg: float
    longitude_deg: float
    city_en: str
    city_zh: str
    equipment: tuple[VirtualEquipment, ...]
    gateways: tuple[VirtualGateway, ...]
    zone: str = "Asia/Shanghai"

    @property
    def meters(self) -> tuple[VirtualMeter, ...]:
        """All meters of the site, gateway by gateway."""
        return tuple(meter for gateway in self.gateways for meter in gateway.meters)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualCustomer:
    """One key account; the contract demand is the sum over its sites.

    `charge_basis` says what its contract charges by the month.
    """

    code: str
    name_en: str
    name_zh: str
    kind: str
    tier: Tier
    manager: str
    region: str
    contract_demand_kw: float
    transformer_kva: float
    sites: tuple[VirtualSite, ...]
    charge_basis: ChargeBasis = "actual"


Portfolio = tuple[VirtualCustomer, ...]
