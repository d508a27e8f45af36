"""Who is measured, and with what."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from loadstone.domain.registers import RegisterLimits

Wiring = Literal["3P4W", "3P3W", "1P2W"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A key account; `tier` is A, B, C or N (new)."""

    code: str
    name_en: str
    name_zh: str
    kind: str
    tier: str = "N"
    manager: str | None = None
    region: str | None = None
    contract_demand_kw: float | None = None
    transformer_kva: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One set of premises with its own calendar; `zone` is an IANA name."""

    code: str
    name_en: str
    name_zh: str
    zone: str
    city_en: str | None = None
    city_zh: str | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    contract_demand_kw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What a meter feeds."""

    code: str
    name_en: str
    name_zh: str
    category: str
    rated_power_kw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A meter gateway; its code is its MQTT user name and its level in the topic."""

    code: str
    model: str | None = None
    firmware: str | None = None
    password_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One meter with its transformers; `nominal_voltage_v` is line to line, on the primary side."""

    code: str
    name_en: str
    name_zh: str
    serial: str | None = None
    role: Literal["main", "sub"] = "main"
    wiring: Wiring = "3P4W"
    nominal_voltage_v: float | None = None
    ct_primary_a: float | None = None
    ct_secondary_a: float | None = None
    pt_primary_v: float | None = None
    pt_secondary_v: float | None = None
    max_power_kw: float | None = None
    register_modulus_kwh: float | None = None
    interval_s: int = 60
    energy_source: Literal["register", "interval"] = "register"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterLimits:
    """What a meter can plausibly say; None where its rating is not known."""

    meter_id: int
    wiring: Wiring
    nominal_voltage_v: float | None
    ct_primary_a: float | None
    ct_ratio: float | None
    pt_ratio: float | None
    rated_power_kw: float | None
    register_modulus_kwh: float | None

    @property
    def max_power_kw(self) -> float | None:
        """Rated power, else 1.3 x root 3 x nominal voltage x CT primary current (DOMAIN §2)."""
        if self.rated_power_kw is not None:
            return self.rated_power_kw
        if self.nominal_voltage_v is None or self.ct_primary_a is None:
            return None
        return 1.3 * math.sqrt(3) * self.nominal_voltage_v * self.ct_primary_a / 1000

    @property
    def ratio(self) -> float:
        """K = CT ratio x PT ratio; 1 where neither is known."""
        return (self.ct_ratio or 1.0) * (self.pt_ratio or 1.0)

    @property
    def registers(self) -> RegisterLimits:
        """What its registers can count."""
        modulus = self.register_modulus_kwh
        power = self.max_power_kw
        return RegisterLimits(
            max_power_w=None if power is None else power * 1000,
            modulus_wh=None if modulus is None else round(modulus * 1000),
            ratio=self.ratio,
        )
