"""How a kind of premises is written down, before codes and serial numbers are given out."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.loads import Load, Weather
from simulator.model import Category, ChargeBasis, Tier, Wiring


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """One sub-metered circuit with its equipment; `below` are circuits metered behind it."""

    name_en: str
    name_zh: str
    category: Category
    rated_kw: float
    loads: tuple[Load, ...]
    wiring: Wiring = "3P4W"
    nominal_voltage_v: float = 400.0
    below: tuple[Circuit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """One site: its circuits, the unmetered remainder and its capacitor bank."""

    name_en: str
    name_zh: str
    city: str
    circuits: tuple[Circuit, ...]
    remainder: tuple[Load, ...]
    capacitor_kvar: float
    nominal_voltage_v: float = 10_000.0
    gateways: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlan:
    """One key account with its contract."""

    name_en: str
    name_zh: str
    tier: Tier
    manager: str
    contract_demand_kw: float
    transformer_kva: float
    sites: tuple[SitePlan, ...]
    charge_basis: ChargeBasis = "actual"


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesKind:
    """One kind of premises and the accounts of that kind in the demo; `order` sorts the kinds."""

    code: str
    order: int
    accounts: tuple[AccountPlan, ...]


def load(
    pattern: str,
    peak_kw: float,
    *,
    weather: Weather = "none",
    weather_ratio: float = 0.0,
    noise_ratio: float = 0.03,
    ripple_ratio: float = 0.04,
    pf: float = 0.9,
) -> Load:
    """Return a load without a key, in the short form that premises are written in."""
    return Load(
        pattern=pattern,
        peak_kw=peak_kw,
        weather=weather,
        weather_ratio=weather_ratio,
        noise_ratio=noise_ratio,
        ripple_ratio=ripple_ratio,
        power_factor=pf,
    )


def circuit(
    names: tuple[str, str],
    category: Category,
    rated_kw: float,
    *loads: Load,
    below: tuple[Circuit, ...] = (),
) -> Circuit:
    """Return a low-voltage circuit; names are English and Chinese."""
    return Circuit(
        name_en=names[0],
        name_zh=names[1],
        category=category,
        rated_kw=rated_kw,
        loads=loads,
        below=below,
    )
