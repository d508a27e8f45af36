"""A few mild faults for the demo's history, each of a kind an operator meets."""

from __future__ import annotations

from datetime import datetime, timedelta

from simulator.faults.kinds import Fault
from simulator.faults.measuring import ReversedCt
from simulator.faults.physical import NightLoad, Saving
from simulator.faults.register import MeterExchange, RegisterRollover
from simulator.faults.transmission import GatewayOutage, ZeroGlitch
from simulator.model import Portfolio, VirtualMeter, VirtualSite


def demo_faults(portfolio: Portfolio, now: datetime) -> tuple[Fault, ...]:
    """Return the demo's faults relative to `now`.

    Keep `now` (the instant of installation) over restarts: a later one tells another history.
    A fault whose kind of site is not in a trimmed portfolio is left out.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    kinds = {customer.kind: customer.sites[0] for customer in portfolio}
    faults: list[Fault] = []
    faults += _on_gateway("mall", kinds, hour - timedelta(hours=29), lost=True)
    faults += _on_gateway("water_works", kinds, hour - timedelta(days=2, hours=7), lost=False)
    if "office_tower" in kinds:
        main = kinds["office_tower"].meters[0]
        faults.append(NightLoad(meter=main.code, power_kw=140.0, start=hour - timedelta(weeks=3)))
    if "hotel" in kinds:
        main = kinds["hotel"].meters[0]
        faults.append(Saving(meter=main.code, saving_pct=12.0, start=hour - timedelta(days=30)))
    for kind, place, make in (
        ("university", 1, _reversed_ct),
        ("hospital", 1, _zero_glitch),
        ("cold_store", 1, _rollover),
        ("machining_factory", 1, _exchange),
    ):
        meter = _sub_meter(kinds.get(kind), place)
        if meter is not None:
            faults.append(make(meter, hour))
    return tuple(faults)


def _on_gateway(
    kind: str, kinds: dict[str, VirtualSite], start: datetime, *, lost: bool
) -> list[Fault]:
    if kind not in kinds:
        return []
    gateway = kinds[kind].gateways[0].code
    return [GatewayOutage(gateway=gateway, start=start, end=start + timedelta(hours=4), lost=lost)]


def _sub_meter(site: VirtualSite | None, place: int) -> VirtualMeter | None:
    return site.meters[place] if site is not None and len(site.meters) > place else None


def _reversed_ct(meter: VirtualMeter, hour: datetime) -> Fault:
    return ReversedCt(meter=meter.code, phase="c", start=hour - timedelta(days=9))


def _zero_glitch(meter: VirtualMeter, hour: datetime) -> Fault:
    start = hour - timedelta(days=5, hours=3)
    return ZeroGlitch(meter=meter.code, start=start, end=start + timedelta(minutes=15))


def _rollover(meter: VirtualMeter, hour: datetime) -> Fault:
    return RegisterRollover(meter=meter.code, at=hour - timedelta(days=6, hours=1, minutes=35))


def _exchange(meter: VirtualMeter, hour: datetime) -> Fault:
    serial = f"{(int(meter.serial) + 7919) % 10**12:012d}"
    return MeterExchange(
        meter=meter.code, at=hour - timedelta(days=12, minutes=20), new_serial=serial
    )
