"""The demo portfolio: key accounts built from the kinds of premises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simulator.cities import CITIES
from simulator.loads import Load
from simulator.model import (
    Portfolio,
    VirtualCustomer,
    VirtualEquipment,
    VirtualGateway,
    VirtualMeter,
    VirtualSite,
)
from simulator.noise import key_of
from simulator.plan import AccountPlan, Circuit, SitePlan
from simulator.premises import premises_kinds

_CT_PRIMARY_A = (50, 75, 100, 150, 200, 300, 400, 500, 600, 800, 1000, 1200, 1500, 2000, 2500)
_CT_PRIMARY_LARGE_A = (3000, 4000, 5000, 6000, 8000, 10_000)
_DIAL_KWH = 1_000_000.0  # six digits before the point, on the secondary side
_MODELS = (("LG-200", "2.4.1"), ("LG-200", "2.5.0"), ("EdgeLink 4", "1.9.3"))
_BRANCHES = ("East", "东区"), ("West", "西区"), ("North", "北区"), ("South", "南区")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    kind: str
    number: int
    plan: AccountPlan


def demo_portfolio(seed: int = 1, meters: int | None = None) -> Portfolio:
    """Return the demo's accounts, the same for the same arguments.

    With `meters` the portfolio has exactly that many: first sub-meters go (their load stays, as
    unmetered remainder), then whole sites; or further accounts with the same kinds are added.
    """
    if meters is not None and meters < 1:
        raise ValueError("a portfolio has at least one meter")
    accounts = _accounts(meters)
    counts = _meter_counts([site for a in accounts for site in a.plan.sites], meters)
    customers: list[VirtualCustomer] = []
    number = 0
    for account in accounts:
        sites: list[VirtualSite] = []
        for plan in account.plan.sites:
            number += 1
            if counts[number - 1] > 0:
                sites.append(_site(plan, number, counts[number - 1], seed))
        if sites:
            customers.append(_customer(account, sites))
    return tuple(customers)


def _accounts(meters: int | None) -> list[_Account]:
    """Return the plans of all kinds, repeated as branches until they hold enough meters."""
    accounts: list[_Account] = []
    held, generation = 0, 0
    while generation == 0 or held < (meters or 0):
        for kind in premises_kinds():
            for plan in kind.accounts:
                accounts.append(
                    _Account(
                        kind=kind.code, number=len(accounts) + 1, plan=_branch(plan, generation)
                    )
                )
                held += sum(1 + len(_flat(site.circuits)) for site in plan.sites)
        generation += 1
    return accounts


def _branch(plan: AccountPlan, generation: int) -> AccountPlan:
    if generation == 0:
        return plan
    english, chinese = _BRANCHES[(generation - 1) % len(_BRANCHES)]
    serial = (generation - 1) // len(_BRANCHES) + 1
    tail_en, tail_zh = f" {english} {serial}", f"{chinese}{serial}"
    sites = tuple(
        replace(site, name_en=site.name_en + tail_en, name_zh=site.name_zh + tail_zh)
        for site in plan.sites
    )
    return replace(
        plan, name_en=plan.name_en + tail_en, name_zh=plan.name_zh + tail_zh, sites=sites
    )


def _meter_counts(sites: Sequence[SitePlan], meters: int | None) -> list[int]:
    """Return how many meters each site keeps: one each, then sub-meters in turn."""
    full = [1 + len(_flat(site.circuits)) for site in sites]
    if meters is None:
        return full
    counts = [1 if place < meters else 0 for place in range(len(sites))]
    left = meters - sum(counts)
    while left > 0:
        for place, most in enumerate(full):
            if left > 0 and counts[place] < most:
                counts[place] += 1
                left -= 1
    return counts


def _customer(account: _Account, sites: list[VirtualSite]) -> VirtualCustomer:
    plan = account.plan
    part = len(sites) / len(plan.sites)
    return VirtualCustomer(
        code=f"KA-{account.number:03d}",
        name_en=plan.name_en,
        name_zh=plan.name_zh,
        kind=account.kind,
        tier=plan.tier,
        manager=plan.manager,
        region=CITIES[plan.sites[0].city].region,
        contract_demand_kw=plan.contract_demand_kw * part,
        transformer_kva=plan.transformer_kva * part,
        sites=tuple(sites),
        charge_basis=plan.charge_basis,
    )


def _flat(circuits: Sequence[Circuit]) -> list[tuple[Circuit, int]]:
    """Return circuits with their parent's place in the list (-1: the main), parents first."""
    flat = [(circuit, -1) for circuit in circuits]
    for place in range(len(flat)):
        flat.extend((below, place) for below in flat[place][0].below)
    return flat


def _site(plan: SitePlan, number: int, count: int, seed: int) -> VirtualSite:
    city = CITIES[plan.city]
    meters, equipment = _meters(plan, number, count, seed)
    gateways = min(plan.gateways, len(meters))
    share = -(-len(meters) // gateways)
    place = key_of(f"place:{number}")
    return VirtualSite(
        code=f"S-{number:03d}",
        name_en=plan.name_en,
        name_zh=plan.name_zh,
        latitude_deg=round(city.latitude_deg + (place % 1000 - 500) / 8000, 5),
        longitude_deg=round(city.longitude_deg + (place // 1000 % 1000 - 500) / 8000, 5),
        city_en=city.name_en,
        city_zh=city.name_zh,
        equipment=equipment,
        gateways=tuple(
            _gateway(number, place, meters[place * share : (place + 1) * share])
            for place in range(gateways)
        ),
    )


def _gateway(site_number: int, place: int, meters: tuple[VirtualMeter, ...]) -> VirtualGateway:
    # The site's number leads, so that two sites can never get the same code.
    tail = key_of(f"gateway:{site_number}:{place}") % 0x1000
    model, firmware = _MODELS[tail % len(_MODELS)]
    code = f"GW-{(site_number * 4 + place) % 0x1000:03X}{tail:03X}"
    return VirtualGateway(code=code, model=model, firmware=firmware, meters=meters)


def _meters(
    plan: SitePlan, number: int, count: int, seed: int
) -> tuple[tuple[VirtualMeter, ...], tuple[VirtualEquipment, ...]]:
    flat = _flat(plan.circuits)
    loads = {-1: list(_keyed(plan.remainder, f"{seed}:{number}:0"))}
    kept = {place: place for place in range(len(flat)) if place < count - 1} | {-1: -1}
    for place, (circuit, parent) in enumerate(flat):
        kept.setdefault(place, kept[parent])
        own = _keyed(circuit.loads, f"{seed}:{number}:{place + 1}")
        loads.setdefault(kept[place], []).extend(own)
    equipment = [_incomer(plan, number)]
    meters = [_main_meter(plan, number, seed, tuple(loads[-1]))]
    for place, (circuit, parent) in enumerate(flat[: count - 1]):
        thing = _equipment(circuit, number, place + 1)
        equipment.append(thing)
        above = _code(number, kept[parent] + 1)
        meters.append(_sub_meter(circuit, number, place + 1, above, seed, tuple(loads[place])))
    return tuple(meters), tuple(equipment)


def _keyed(loads: Sequence[Load], key: str) -> tuple[Load, ...]:
    return tuple(replace(load, key=f"{key}:{index}") for index, load in enumerate(loads))


def _code(site_number: int, place: int) -> str:
    return f"M{site_number:03d}-{place:02d}"


def _serial(site_number: int, place: int, seed: int) -> str:
    return f"{key_of(f'serial:{seed}:{site_number}:{place}') % 10**12:012d}"


def _incomer(plan: SitePlan, number: int) -> VirtualEquipment:
    return VirtualEquipment(
        code=f"E{number:03d}-00",
        name_en="Incomer",
        name_zh="进线柜",
        category="incomer",
        rated_power_kw=float(sum(circuit.rated_kw for circuit in plan.circuits)),
    )


def _equipment(circuit: Circuit, number: int, place: int) -> VirtualEquipment:
    return VirtualEquipment(
        code=f"E{number:03d}-{place:02d}",
        name_en=circuit.name_en,
        name_zh=circuit.name_zh,
        category=circuit.category,
        rated_power_kw=float(circuit.rated_kw),
    )


def _main_meter(plan: SitePlan, number: int, seed: int, load: tuple[Load, ...]) -> VirtualMeter:
    high = plan.nominal_voltage_v > 1000
    rated_kw = sum(circuit.rated_kw for circuit in plan.circuits)
    ratios = _ratios(rated_kw, plan.nominal_voltage_v)
    return VirtualMeter(
        code=_code(number, 0),
        serial=_serial(number, 0, seed),
        name_en="Main meter",
        name_zh="总表",
        equipment_code=f"E{number:03d}-00",
        parent_code=None,
        role="main",
        wiring="3P3W" if high else "3P4W",
        nominal_voltage_v=plan.nominal_voltage_v,
        ct_primary_a=ratios[0],
        ct_secondary_a=5.0,
        pt_primary_v=ratios[1],
        pt_secondary_v=ratios[2],
        register_modulus_kwh=_DIAL_KWH * ratios[0] / 5 * ratios[1] / ratios[2],
        interval_s=10,
        load=load,
        capacitor_kvar=float(plan.capacitor_kvar),
    )


def _sub_meter(
    circuit: Circuit, number: int, place: int, parent: str, seed: int, load: tuple[Load, ...]
) -> VirtualMeter:
    ratios = _ratios(circuit.rated_kw, circuit.nominal_voltage_v)
    return VirtualMeter(
        code=_code(number, place),
        serial=_serial(number, place, seed),
        name_en=circuit.name_en,
        name_zh=circuit.name_zh,
        equipment_code=f"E{number:03d}-{place:02d}",
        parent_code=parent,
        role="sub",
        wiring=circuit.wiring,
        nominal_voltage_v=circuit.nominal_voltage_v,
        ct_primary_a=ratios[0],
        ct_secondary_a=5.0,
        pt_primary_v=ratios[1],
        pt_secondary_v=ratios[2],
        register_modulus_kwh=_DIAL_KWH * ratios[0] / 5 * ratios[1] / ratios[2],
        interval_s=10,
        load=load,
    )


def _ratios(rated_kw: float, nominal_voltage_v: float) -> tuple[float, float, float]:
    """Return the CT's primary current and the PT's primary and secondary voltage."""
    needed_a = rated_kw * 1000 / (3**0.5 * nominal_voltage_v * 0.85)
    sizes = _CT_PRIMARY_A + _CT_PRIMARY_LARGE_A
    primary_a = next((size for size in sizes if size >= needed_a), sizes[-1])
    if nominal_voltage_v > 1000:
        return float(primary_a), nominal_voltage_v, 100.0
    return float(primary_a), nominal_voltage_v, nominal_voltage_v
