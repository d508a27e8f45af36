"""Two circuits are switched on at the same minute, on top of the busiest hour."""

from __future__ import annotations

from simulator.model import VirtualCustomer
from simulator.wastes._kind import Planted, Plot, WasteKind, peak_kw, with_load

# The hour in which premises of a kind draw most.
BUSIEST_HOUR = {
    "office_tower": 10.5, "university": 11.0, "hospital": 11.0, "machining_factory": 11.0,
    "hotel": 19.5, "tv_station": 18.5, "cold_store": 14.0, "metro": 7.25, "mall": 20.0,
    "supermarket": 19.0, "three_shift_factory": 11.0, "water_works": 20.0, "airport": 12.0,
}  # fmt: skip
_RATIO = 0.16  # of the site's peak, each
_LASTS_H = 0.75
_COINCIDENCE_RATIO = 0.7  # of the loads' peaks at one time


def _plant(plot: Plot) -> tuple[VirtualCustomer, Planted] | None:
    hour = BUSIEST_HOUR.get(plot.customer.kind)
    if hour is None or plot.customer.charge_basis == "capacity":
        return None
    site = plot.customer.sites[0]
    subs = [m for m in site.meters if m.parent_code == site.meters[0].code and peak_kw(m) > 0]
    under_the_sun = any(load.weather == "sun" for m in site.meters for load in m.load)
    if len(subs) < 2 or under_the_sun:  # a roof's output would hide the peak from the meter
        return None
    power_kw = _RATIO * _COINCIDENCE_RATIO * sum(peak_kw(m) for m in site.meters)
    pattern = f"run:{hour:g}-{hour + _LASTS_H:g}:all"
    changed = plot.customer
    for meter in (subs[plot.choice % len(subs)], subs[(plot.choice + 1) % len(subs)]):
        changed = with_load(changed, meter, pattern, power_kw)
    truth = Planted(
        code=WASTE.name, customer=changed.code, site=site.code, meter=None,
        value=power_kw, unit="kW",
    )  # fmt: skip
    return changed, truth


WASTE = WasteKind(name="coincident_peaks", plant=_plant)
