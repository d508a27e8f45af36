"""The portfolio's forecasts: who may exceed contract demand, where forecasts are poor, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from api.context import Context
from api.pages.calendar import local_day
from api.pages.figures import Figure
from api.pages.forecast_bands import P90
from api.pages.forecast_figures import chance_level, chance_text
from api.pages.forecast_words import BEST_MODELS, REFUSED, joined, model_name, reason_texts
from api.pages.frame import Frame, PageFrame
from api.pages.period_picker import Choice
from forecast.quantiles import MEDIAN
from loadstone.storage.forecast_scores import StoredCard, forecast_cards
from loadstone.storage.screens.forecast_scores import (
    PortfolioCard,
    portfolio_card,
)
from loadstone.storage.screens.forecast_sites import (
    ForecastSite,
    NextDay,
    forecast_sites,
    next_days,
)
from loadstone.storage.screens.forecasts import MonthRow, months_as_of

router = APIRouter(include_in_schema=False)
_DAY = timedelta(days=1)
_SCORED_DAYS = 28
_SHOWN, _SHOWN_WORST = 30, 12
_LIKELY = 0.2
Tier = Literal["", "A", "B", "C", "N"]
Window = Literal["1", "7"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow:
    """One site's most risky day of the window, and where its month lands."""

    name: str
    customer: str
    href: str
    tier: str
    day: str
    peak: str
    p90: str
    contract: str
    share_pct: float | None
    chance: str
    chance_ratio: float | None
    level: str
    month: str
    month_chance: str
    month_level: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstRow:
    """One site's card."""

    name: str
    customer: str
    href: str
    skill: str
    wape: str
    coverage: str
    bias: str
    days: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackRow:
    """Where a simpler model speaks, or none."""

    name: str
    customer: str
    href: str
    model: str
    reason: str


@router.get("/forecasts")
def forecasts(
    frame: PageFrame, context: Context, window: Window = "1", tier: Tier = ""
) -> Response:
    """Ranked by the chance of exceeding contract demand; filters are in the address."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        sites = forecast_sites(connection, frame.reader.customer_id)
        zone = sites[0].zone if sites else "UTC"
        today = local_day(now, zone)
        ids = [site.subject_id for site in sites if site.subject_id]
        coming = next_days(connection, ids, today + _DAY, today + int(window) * _DAY)
        first = today.replace(day=1)
        months = {one.subject_id: one for one in months_as_of(connection, ids, first, first)}
        days = (today - _SCORED_DAYS * _DAY, today - _DAY)
        cards = list(forecast_cards(connection, ids, *days, "day_ahead", 1).values())
        mean = portfolio_card(connection, *days, "day_ahead", 1)
    shown = [site for site in sites if tier in {"", site.tier}]
    riskiest = _riskiest(coming)
    rows = sorted(
        (_risk_row(frame, site, riskiest[site.subject_id], months.get(site.subject_id))
         for site in shown if site.subject_id in riskiest
         and riskiest[site.subject_id].peak_kw is not None),
        key=lambda row: -1.0 if row.chance_ratio is None else row.chance_ratio, reverse=True,
    )  # fmt: skip
    by_id = {site.subject_id: site for site in shown if site.subject_id}
    worst = sorted(
        (card for card in cards if card.subject_id in by_id and card.skill_ratio is not None),
        key=lambda card: card.skill_ratio or 0.0,
    )
    fallbacks = [
        _fallback(frame, site, riskiest.get(site.subject_id), now)
        for site in shown
        if site.subject_id not in riskiest or riskiest[site.subject_id].model not in BEST_MODELS
    ]
    return frame.page(
        "forecast_portfolio.html", section="forecasts",
        figures=_figures(frame, sites, riskiest, mean), rows=rows[:_SHOWN],
        more=len(rows) - _SHOWN, worst=[_worst(frame, by_id[one.subject_id], one)
                                        for one in worst[:_SHOWN_WORST]],
        fallbacks=fallbacks[:_SHOWN], more_fallbacks=len(fallbacks) - _SHOWN,
        windows=_choices(frame, "window", ("1", "7"), window, tier),
        tiers=_choices(frame, "tier", ("", "A", "B", "C", "N"), window, tier),
    )  # fmt: skip


def _riskiest(coming: Sequence[NextDay]) -> dict[int, NextDay]:
    """Of each subject the day with the highest chance, else with the highest peak."""

    def risk(one: NextDay) -> tuple[float, float]:
        return one.exceeds_ratio or 0.0, one.peak_kw[MEDIAN] if one.peak_kw else -1.0

    found: dict[int, NextDay] = {}
    for one in coming:
        best = found.get(one.subject_id)
        if best is None or risk(one) > risk(best):
            found[one.subject_id] = one
    return found


def _href(site: ForecastSite) -> str:
    return f"/sites/{site.site_id}/forecast"


def _risk_row(frame: Frame, site: ForecastSite, one: NextDay, month: MonthRow | None) -> RiskRow:
    f = frame.f
    peak = one.peak_kw or []
    energy = ""
    if month and month.energy_kwh:  # in one unit, so that a column can be compared
        energy = f"{f.number(month.energy_kwh[MEDIAN] / 1000, 1)} MWh"
    month_chance = month.exceeds_ratio if month else None
    contract_kw = one.contract_demand_kw
    return RiskRow(
        name=frame.t.name(site, "site"), customer=frame.t.name(site, "customer"),
        href=_href(site), tier=site.tier, day=f.day(one.target_day, weekday=True),
        peak=f.power(peak[MEDIAN]), p90=f.power(peak[P90]), contract=f.power(contract_kw),
        share_pct=100 * peak[P90] / contract_kw if contract_kw else None,
        chance=chance_text(frame, one.exceeds_ratio), chance_ratio=one.exceeds_ratio,
        level=chance_level(one.exceeds_ratio), month=energy or f.number(None),
        month_chance=chance_text(frame, month_chance), month_level=chance_level(month_chance),
        model=model_name(frame, one.model),
    )  # fmt: skip


def _worst(frame: Frame, site: ForecastSite, card: StoredCard) -> WorstRow:
    f = frame.f
    bias = card.bias_pct
    return WorstRow(
        name=frame.t.name(site, "site"), customer=frame.t.name(site, "customer"),
        href=_href(site), skill=f.number(card.skill_ratio, 2), wape=f.percent(card.wape_pct, 1),
        coverage=f.percent(card.coverage_80_pct),
        bias=f.number(None) if bias is None
        else ("+" if round(bias, 1) > 0 else "") + f.percent(round(bias, 1) or 0.0, 1),
        days=f.number(card.days), level="full" if (card.skill_ratio or 0) < 0 else "calm",
    )  # fmt: skip


def _fallback(frame: Frame, site: ForecastSite, one: NextDay | None, now: datetime) -> FallbackRow:
    reason, model = frame.t("fc.none_help"), frame.t("fc.model_refused")
    if one is not None:
        reason = joined(frame, reason_texts(frame, one.reasons, one.reason, site.zone, now))
        model = model_name(frame, one.model)
    return FallbackRow(
        name=frame.t.name(site, "site"), customer=frame.t.name(site, "customer"),
        href=_href(site), model=model, reason=reason,
    )  # fmt: skip


def _figures(
    frame: Frame, sites: Sequence[ForecastSite], riskiest: dict[int, NextDay], mean: PortfolioCard
) -> list[Figure]:
    t, f = frame.t, frame.f
    told = [one for one in riskiest.values() if one.model != REFUSED]
    risky = sum((one.exceeds_ratio or 0.0) >= _LIKELY for one in told)

    def share(value_pct: float | None) -> tuple[str, str]:
        return f.number(value_pct, 1), "%" if value_pct is not None else ""

    wape, coverage = share(mean.wape_pct), share(mean.coverage_80_pct)
    return [
        Figure(label=t("fp.sites"), value=f.number(len(told)), unit="",
               note=t("fp.sites_note", n=len(sites), refused=len(sites) - len(told))),
        Figure(label=t("fp.risk"), value=f.number(risky), unit="", note=t("fp.risk_note"),
               level="near" if risky else "calm"),
        Figure(label=t("fp.wape"), value=wape[0], unit=wape[1],
               note=t("fp.wape_note", n=mean.sites)),
        Figure(label=t("fp.coverage"), value=coverage[0], unit=coverage[1],
               note=t("fc.coverage_note", due=80)),
        Figure(label=t("fp.skill"), value=f.number(mean.skill_ratio, 2), unit="",
               note=t("fp.skill_note", n=mean.worse_than_naive),
               level="near" if mean.worse_than_naive else "calm"),
    ]  # fmt: skip


def _choices(
    frame: Frame, name: str, values: Sequence[str], window: str, tier: str
) -> list[Choice]:
    chosen = {"window": window, "tier": tier}
    found = []
    for value in values:
        asked = {**chosen, name: value}
        wanted = {k: v for k, v in asked.items() if v and (k, v) != ("window", "1")}
        if name == "window":
            label = frame.t(f"fp.window_{value}")
        else:
            label = frame.t("tier.N") if value == "N" else value or frame.t("fp.all")
        found.append(
            Choice(label=label, is_chosen=chosen[name] == value,
                   href=f"/forecasts?{urlencode(wanted)}" if wanted else "/forecasts")
        )  # fmt: skip
    return found
