"""The overview's rows and key figures in words of the viewer's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from api.pages.attention import percent_of
from api.pages.figures import Figure
from api.pages.frame import Frame
from api.pages.freshness import Age, age_of, gateway_silent_since
from api.pages.portfolio import Pair, Portfolio, SiteNow
from api.pages.slots import total
from api.pages.sparkline import Sparkline, sparkline


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """One customer with its sites' sums; texts are for the screen, numbers for sorting."""

    name: str
    href: str
    tier: str
    kind: str
    spark: Sparkline
    age: Age
    load_kw: float | None
    load: str
    contract_pct: float | None
    contract: str
    level: str
    peak_kw: float | None
    peak: str
    month_kwh: float | None
    month: tuple[str, str]
    change: str
    change_ratio: float | None
    complete_pct: float | None
    complete: str

    def matches(self, text: str, tier: str) -> bool:
        """Whether the filter keeps this row."""
        return text.strip().casefold() in self.name.casefold() and tier in {"", self.tier}

    def sort_value(self, key: str) -> float | None:
        """The number that a column sorts by."""
        values = {
            "load": self.load_kw, "contract": self.contract_pct, "peak": self.peak_kw,
            "energy": self.month_kwh, "change": self.change_ratio, "complete": self.complete_pct,
            "age": self.age.at_ms, "customer": 0.0,
        }  # fmt: skip
        return values[key]


def level_of(contract_pct: float | None) -> str:
    """`full` from 100 %, `near` from 90 %, else `calm`; `unknown` without a number."""
    if contract_pct is None:
        return "unknown"
    return "full" if contract_pct >= 100 else "near" if contract_pct >= 90 else "calm"


def customer_rows(frame: Frame, portfolio: Portfolio) -> list[CustomerRow]:
    """One row a customer, in the order of the registry."""
    grouped = groupby(portfolio.sites, key=lambda site: site.place.customer_id)
    return [_row(frame, list(sites), portfolio) for _, sites in grouped]


def _sum(values: Iterable[float | None]) -> float | None:
    """The sum where all are known."""
    known = list(values)
    return None if not known or any(v is None for v in known) else sum(v or 0 for v in known)


def _paired(pairs: Sequence[Pair]) -> Pair:
    """Sums over those that can be compared."""
    good = [p for p in pairs if p.now_kwh is not None and p.before_kwh is not None]
    if not good:
        return Pair(now_kwh=None, before_kwh=None)
    return Pair(now_kwh=sum(p.now_kwh or 0 for p in good),
                before_kwh=sum(p.before_kwh or 0 for p in good))  # fmt: skip


def _row(frame: Frame, sites: list[SiteNow], portfolio: Portfolio) -> CustomerRow:
    place = sites[0].place
    load_kw = _sum(site.load_kw for site in sites)
    last_kw = load_kw if load_kw is not None else _sum(site.last_kw for site in sites)
    sites_kw = _sum(site.place.contract_demand_kw for site in sites)
    contract_kw = place.customer_demand_kw or sites_kw
    contract_pct = percent_of(load_kw, contract_kw)
    peak_kw = sites[0].peak.power_kw if len(sites) == 1 and sites[0].peak else None
    if len(sites) > 1:
        peak_kw = _sum(site.peak.power_kw if site.peak else None for site in sites)
    oldest = min((s.at for s in sites if s.at), default=None) if all(s.at for s in sites) else None
    change = _paired([site.month_pair for site in sites])
    month_kwh = _sum(site.month_kwh for site in sites)
    complete = [s.complete_pct for s in sites if s.complete_pct is not None]
    complete_pct = sum(complete) / len(complete) if complete else None
    alone = len(sites) == 1
    return CustomerRow(
        name=frame.t.name(place, "customer"),
        href=f"/sites/{place.site_id}" if alone else f"/sites?customer={place.customer_id}",
        tier=place.tier,
        kind=frame.t.known(f"kind.{place.kind}", place.kind.replace("_", " ").capitalize()),
        spark=sparkline(total([site.curve for site in sites])),
        age=age_of(frame, oldest, portfolio.now, max(s.place.interval_s for s in sites),
                   place.zone),
        load_kw=load_kw,
        load=frame.f.power(last_kw),
        contract_pct=contract_pct,
        contract=frame.f.percent(contract_pct),
        level=level_of(contract_pct),
        peak_kw=peak_kw,
        peak=frame.f.power(peak_kw),
        month_kwh=month_kwh,
        month=frame.f.energy(month_kwh),
        change=frame.f.change(change.now_kwh, change.before_kwh),
        change_ratio=(change.now_kwh / change.before_kwh
                      if change.now_kwh is not None and change.before_kwh else None),
        complete_pct=complete_pct,
        complete=frame.f.percent(complete_pct),
    )  # fmt: skip


def headline(frame: Frame, portfolio: Portfolio, foreseen_kw: Mapping[int, float]) -> list[Figure]:
    """The five numbers above everything; `foreseen_kw` is what was forecast for now, by site."""
    t, f, sites = frame.t, frame.f, portfolio.sites
    fresh = [site.load_kw for site in sites if site.load_kw is not None]
    measured = [site for site in sites if site.place.main_ids and site.at is not None]
    today = [site.today_kwh for site in sites if site.today_kwh is not None]
    pair = _paired([site.day_pair for site in sites])
    zone = sites[0].place.zone if sites else "UTC"
    complete = [s.complete_pct for s in measured if s.complete_pct is not None]
    gaps = sum(bool(site.holes_today) for site in sites)
    silent = [g for g in portfolio.gateways if gateway_silent_since(g, portfolio.now)]
    energy, unit = f.energy(sum(today) if today else None)
    load_note = t("overview.load_all", n=len(measured))
    if len(fresh) < len(measured):
        load_note = t("overview.load_some", fresh=len(fresh), n=len(measured))
    pairs = [(site.load_kw, foreseen_kw[site.place.site_id]) for site in sites
             if site.load_kw is not None and site.place.site_id in foreseen_kw]  # fmt: skip
    if pairs:
        told = sum(expected for _, expected in pairs)
        change = f.change(sum(load or 0 for load, _ in pairs), told)
        load_note += t("overview.load_foreseen", change=change)
    against = t("overview.against_none")
    if pair.before_kwh:
        against = t("overview.against_yesterday", change=f.change(pair.now_kwh, pair.before_kwh),
                    time=f.clock(portfolio.compared_until, zone))  # fmt: skip
    complete_pct = sum(complete) / len(complete) if complete else None
    return [
        Figure(label=t("overview.load_now"), value=f.power(sum(fresh) if fresh else None),
               unit="kW", note=load_note, level="near" if len(fresh) < len(measured) else "calm"),
        Figure(label=t("overview.energy_today"), value=energy, unit=unit, note=against),
        Figure(label=t("overview.scale"), value=str(len({s.place.customer_id for s in sites})),
               unit="", note=t("overview.scale_note", sites=len(sites),
                               meters=f.number(sum(s.place.meter_count for s in sites)))),
        Figure(label=t("overview.gateways"), value=str(len(silent)), unit="",
               note=t("overview.gateways_note", n=len(portfolio.gateways)),
               level="full" if silent else "calm"),
        Figure(label=t("overview.completeness"), value=f.number(complete_pct, 1), unit="%",
               note=t("overview.completeness_note", n=gaps) if gaps
               else t("overview.completeness_full"),
               level="near" if gaps else "calm"),
    ]  # fmt: skip
