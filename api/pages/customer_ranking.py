"""Where a customer's energy goes: its sites and its sub-meters, the largest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.crumbs import meter_href, site_href
from api.pages.customer_sites import sum_of
from api.pages.frame import Frame
from loadstone.storage.screens.balances import MeterBalance
from loadstone.storage.screens.overview import WindowEnergy
from loadstone.storage.screens.places import Place
from loadstone.storage.screens.quality_map import QualityMeter


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRow:
    """One line: `width_pct` is of the largest, `share` of all."""

    name: str
    where: str
    href: str
    energy: str
    share: str
    width_pct: float


Energies = Mapping[tuple[str, int], WindowEnergy]


def ranked_sites(
    frame: Frame, sites: Sequence[Place], energies: Energies, window: str
) -> list[RankRow]:
    """The customer's sites by energy; one that is not known comes last."""
    found = [
        (frame.t.name(site, "site"), frame.t.name(site, "city"), site_href(site.site_id),
         sum_of(energies, window, site.main_ids))
        for site in sites
    ]  # fmt: skip
    known = [energy for *_, energy in found if energy is not None]
    return _rows(frame, found, sum(known) if len(known) == len(found) else None)


def ranked_meters(
    frame: Frame, meters: Sequence[QualityMeter], energies: Energies, window: str,
    mains: Sequence[int], most: int,
) -> list[RankRow]:  # fmt: skip
    """The largest of its sub-meters; shares are of what its main meters took."""
    found = [
        (frame.t.name(meter), frame.t.name(meter, "site"), meter_href(meter.meter_id),
         sum_of(energies, window, [meter.meter_id]))
        for meter in meters if meter.meter_id not in mains
    ]  # fmt: skip
    return _rows(frame, found, sum_of(energies, window, mains))[:most]


def _rows(
    frame: Frame, found: Sequence[tuple[str, str, str, float | None]], whole: float | None
) -> list[RankRow]:
    ordered = sorted(found, key=lambda one: (one[3] is None, -(one[3] or 0)))
    top = max([energy or 0 for *_, energy in ordered], default=0) or 1

    def share(energy: float | None) -> float | None:
        return 100 * energy / whole if energy is not None and whole else None

    return [
        RankRow(
            name=name, where=where, href=href,
            energy=" ".join(frame.f.energy(energy)).strip(),
            share=frame.f.percent(share(energy), 1),
            width_pct=max(0.0, 100 * (energy or 0) / top),
        )
        for name, where, href, energy in ordered
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceLine:
    """A main meter against its sub-meters, in words; `rest_pct` is what is not sub-metered."""

    name: str
    where: str
    href: str
    energy: str
    below: str
    rest: str
    share: str
    rest_pct: float | None
    missing: str


def balance_lines(frame: Frame, found: Sequence[MeterBalance]) -> list[BalanceLine]:
    """In the order given; what cannot be told names the sub-meters that are not known."""
    lines = []
    for one in found:
        share = None
        if one.unaccounted_kwh is not None and one.energy_kwh:
            share = 100 * one.unaccounted_kwh / one.energy_kwh
        missing = ", ".join(one.missing_children)
        lines.append(
            BalanceLine(
                name=frame.t.name(one), where=frame.t.name(one, "site"),
                href=meter_href(one.meter_id), energy=_energy(frame, one.energy_kwh),
                below=_energy(frame, one.children_kwh), rest=_energy(frame, one.unaccounted_kwh),
                share=frame.f.percent(share, 1), rest_pct=share,
                missing=frame.t("customer.balance_missing", meters=missing) if missing else "",
            )
        )  # fmt: skip
    return lines


def _energy(frame: Frame, energy_kwh: float | None) -> str:
    return " ".join(frame.f.energy(energy_kwh)).strip()
