"""What needs somebody today, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from api.pages.frame import Frame
from api.pages.freshness import gateway_never_spoke, gateway_silent_since
from api.pages.portfolio import Portfolio, SiteNow, instant_of
from api.pages.refusals import refusal_text

NEAR_PCT = 90.0
FULL_PCT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One line: priority 1 (urgent) to 4, where, what, since when; `weight` ranks equals."""

    priority: int
    weight: float
    place: str
    text: str
    when: str
    href: str


def attention_list(frame: Frame, portfolio: Portfolio) -> list[Attention]:
    """Excess of contract demand, silent gateways, gaps and refusals, ranked."""
    found: list[Attention] = []
    for site in portfolio.sites:
        found += _demand(frame, site, portfolio.now)
        found += _gaps(frame, site, portfolio.now)
    found += _gateways(frame, portfolio)
    found += _refusals(frame, portfolio)
    return sorted(found, key=lambda item: (item.priority, -item.weight))


def percent_of(power_kw: float | None, contract_kw: float | None) -> float | None:
    """Power as a share of the contract demand, 100 = all of it."""
    return None if power_kw is None or not contract_kw else 100 * power_kw / contract_kw


def _demand(frame: Frame, site: SiteNow, now: datetime) -> Iterator[Attention]:
    """At most one line a site: the load now, else the month's peak."""
    contract_kw = site.place.contract_demand_kw
    now_pct = percent_of(site.load_kw, contract_kw)
    peak_pct = percent_of(site.peak.power_kw if site.peak else None, contract_kw)
    if contract_kw and site.load_kw is not None and now_pct and now_pct >= NEAR_PCT:
        over = now_pct >= FULL_PCT
        yield Attention(
            priority=1 if over else 2, weight=now_pct, place=frame.t.name(site.place, "site"),
            text=frame.t(
                "attention.over_now" if over else "attention.near_now",
                power=frame.f.power(site.load_kw), percent=frame.f.percent(now_pct),
                contract=frame.f.power(contract_kw),
                headroom=frame.f.power(contract_kw - site.load_kw),
            ),
            when=frame.t("attention.now"), href=f"/sites/{site.place.site_id}",
        )  # fmt: skip
    elif site.peak and peak_pct and peak_pct >= NEAR_PCT:
        over = peak_pct >= FULL_PCT
        local_day = site.peak.start_at
        yield Attention(
            priority=2 if over else 3, weight=peak_pct / 10, place=frame.t.name(site.place, "site"),
            text=frame.t(
                "attention.over_peak" if over else "attention.near_peak",
                power=frame.f.power(site.peak.power_kw), percent=frame.f.percent(peak_pct),
            ),
            when=frame.t("attention.at", time=frame.f.instant(local_day, site.place.zone, now)),
            href=f"/sites/{site.place.site_id}?period=day"
            f"&at={_local_date(local_day, site.place.zone)}",
        )  # fmt: skip


def _gaps(frame: Frame, site: SiteNow, now: datetime) -> Iterator[Attention]:
    """Gaps that are over; one that lasts is the gateway's matter."""
    for hole in site.holes_today:
        if hole.open_end:
            continue
        start, end = instant_of(hole.start_s), instant_of(hole.end_s)
        yield Attention(
            priority=3, weight=10 + (end - start) / timedelta(hours=1),
            place=frame.t.name(site.place, "site"),
            text=frame.t(
                "attention.gap", start=frame.f.clock(start, site.place.zone),
                end=frame.f.clock(end, site.place.zone), span=frame.f.span(end - start),
            ),
            when=frame.t("attention.last", time=frame.f.clock(end, site.place.zone)),
            href=f"/sites/{site.place.site_id}",
        )  # fmt: skip


def _gateways(frame: Frame, portfolio: Portfolio) -> Iterator[Attention]:
    by_site = {site.place.site_id: site.place for site in portfolio.sites}
    for gateway in portfolio.gateways:
        place = by_site.get(gateway.site_id)
        since = gateway_silent_since(gateway, portfolio.now)
        if place is None or (since is None and not gateway_never_spoke(gateway)):
            continue
        silent = portfolio.now - since if since else timedelta()
        text = (
            frame.t("attention.silent", gateway=gateway.code, span=frame.f.span(silent))
            if since
            else frame.t("attention.never", gateway=gateway.code)
        )
        when = frame.f.instant(since, place.zone, portfolio.now) if since else ""
        yield Attention(
            priority=2 if since else 4, weight=80 + silent / timedelta(hours=1),
            place=frame.t.name(place, "site"), text=text,
            when=frame.t("attention.since", time=when) if when else "",
            href=f"/sites/{place.site_id}",
        )  # fmt: skip


def _refusals(frame: Frame, portfolio: Portfolio) -> Iterator[Attention]:
    by_site = {site.place.site_id: site.place for site in portfolio.sites}
    for row in portfolio.refusals:
        place = by_site.get(row.site_id or 0)
        zone = place.zone if place else "UTC"
        gateway = row.gateway_code or frame.t("attention.unknown_gateway")
        reason = refusal_text(frame, row.code, field=row.field, value=None, rule=row.rule)
        when = frame.f.instant(row.last_seen_at, zone, portfolio.now)
        yield Attention(
            priority=3, weight=min(row.times / 100, 1.0),
            place=frame.t.name(place, "site") if place else gateway,
            text=frame.t("attention.refused", n=row.times, gateway=gateway, reason=reason),
            when=frame.t("attention.last", time=when),
            href=f"/quarantine?gateway={quote(gateway)}" if row.gateway_code else "/quarantine",
        )  # fmt: skip


def _local_date(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).date().isoformat()
