"""A customer's sites as tiles: load now against its contract, energy so far, completeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages.attention import percent_of
from api.pages.calendar import QUARTER_S, day_start, floor_to, local_day
from api.pages.crumbs import site_href
from api.pages.frame import Frame
from api.pages.freshness import Age, age_of, gateway_silent_since
from api.pages.overview_rows import level_of
from api.pages.site_figures import load_now
from loadstone.storage.screens.gateways import GatewayView
from loadstone.storage.screens.overview import LatestLoad, Window, WindowEnergy
from loadstone.storage.screens.places import Place
from loadstone.storage.screens.quality_map import QualityCell, QualityMeter


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTile:
    """One site in words; `silent` names its gateways that do not speak."""

    name: str
    city: str
    href: str
    load: str
    is_current: bool
    contract_pct: float | None
    contract: str
    level: str
    today: tuple[str, str]
    month: tuple[str, str]
    complete: str
    silent: list[str]
    age: Age


def so_far_windows(sites: Sequence[Place], now: datetime) -> list[Window]:
    """Each site's local day and month so far, to the end of the running quarter hour."""
    end = floor_to(now, QUARTER_S) + timedelta(seconds=QUARTER_S)
    windows = []
    for site in sites:
        day = local_day(now, site.zone)
        for name, first in (("today", day), ("month", day.replace(day=1))):
            windows.append(
                Window(name=f"{name} {site.site_id}", zone=site.zone, meters=site.main_ids,
                       start=day_start(first, site.zone), end=end)
            )  # fmt: skip
    return windows


def sum_of(
    energies: Mapping[tuple[str, int], WindowEnergy], name: str, meters: Sequence[int]
) -> float | None:
    """The sum over these meters of a window, None where one of them is not known."""
    found = [energies.get((name, meter)) for meter in meters]
    known = [one.energy_kwh for one in found if one is not None and one.energy_kwh is not None]
    return sum(known) if known and len(known) == len(meters) else None


def site_tiles(
    frame: Frame, sites: Sequence[Place], latest: Mapping[int, LatestLoad],
    energies: Mapping[tuple[str, int], WindowEnergy], meters: Sequence[QualityMeter],
    cells: Sequence[QualityCell], speakers: Sequence[GatewayView], now: datetime,
) -> list[SiteTile]:  # fmt: skip
    """In the order given."""
    site_of = {meter.meter_id: meter.site_id for meter in meters}
    due: dict[int, list[float]] = {}
    for cell in cells:
        sums = due.setdefault(site_of.get(cell.meter_id, 0), [0.0, 0.0])
        sums[0] += cell.due_s
        sums[1] += cell.measured_s
    return [_tile(frame, site, latest, energies, due.get(site.site_id), speakers, now)
            for site in sites]  # fmt: skip


def _tile(
    frame: Frame, site: Place, latest: Mapping[int, LatestLoad],
    energies: Mapping[tuple[str, int], WindowEnergy], due: list[float] | None,
    speakers: Sequence[GatewayView], now: datetime,
) -> SiteTile:  # fmt: skip
    rows = [latest.get(meter) for meter in site.main_ids]
    pairs = [(row.ts, row.power_kw) if row else (None, None) for row in rows]
    load = load_now(pairs, site.interval_s, now)
    percent = percent_of(load.power_kw if load.is_current else None, site.contract_demand_kw)
    complete = 100 * due[1] / due[0] if due and due[0] else None
    mine = [gateway for gateway in speakers if gateway.site_id == site.site_id]
    silent = [g.code for g in mine if gateway_silent_since(g, now) is not None]
    return SiteTile(
        name=frame.t.name(site, "site"), city=frame.t.name(site, "city"),
        href=site_href(site.site_id), load=frame.f.power(load.power_kw),
        is_current=load.is_current, contract_pct=percent, contract=frame.f.percent(percent),
        level=level_of(percent),
        today=frame.f.energy(sum_of(energies, f"today {site.site_id}", site.main_ids)),
        month=frame.f.energy(sum_of(energies, f"month {site.site_id}", site.main_ids)),
        complete=frame.f.percent(complete, 1), silent=silent,
        age=age_of(frame, load.at, now, site.interval_s, site.zone),
    )  # fmt: skip
