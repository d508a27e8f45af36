"""How good the forecasts were: cards of a site, of a customer and of the portfolio."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.context import AppContext, Context
from api.fast_json import FastJson
from api.forecast_answers import Subject, checked_days, customer_subject, site_subject
from api.identity import SignedIn
from api.lookup import Reference
from api.models.forecast import Kind, PortfolioScore, ScoreCard
from api.parameters import Parameters
from api.routes.forecasts import DayParameter
from loadstone.storage.forecast_scores import StoredCard, forecast_cards
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecast_scores import (
    bias_by_lead,
    portfolio_card,
)
from loadstone.storage.screens.forecast_sites import forecast_sites

router = APIRouter(tags=["forecasts"])
_USUAL_DAYS, _MOST_DAYS = 28, 1100
_DAY = timedelta(days=1)


class ScoreWanted(Parameters):
    """Of which days, said how long before."""

    first_day: DayParameter | None = Field(
        None, description="First local day; by default 27 days before `last_day`."
    )
    last_day: DayParameter | None = Field(None, description="Last local day; by default yesterday.")
    kind: Kind = "day_ahead"
    lead_days: int = Field(
        1, ge=0, le=14, description="Days from the issue; 0 goes with `today`, 2 to 7 with a week."
    )


@router.get("/sites/{reference}/forecast/scorecard", response_model=ScoreCard)
def site_scorecard(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[ScoreWanted, Query()],
) -> Response:
    """Errors, coverage, bias by lead and skill of a site's forecasts over finished days."""
    with context.reading(viewer) as connection:
        subject = site_subject(connection, viewer, reference)
        return _card(connection, context, subject, wanted)


@router.get("/customers/{reference}/forecast/scorecard", response_model=ScoreCard)
def customer_scorecard(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[ScoreWanted, Query()],
) -> Response:
    """The same of a customer's sites together."""
    with context.reading(viewer) as connection:
        subject = customer_subject(connection, viewer, reference)
        return _card(connection, context, subject, wanted)


@router.get("/forecast-scorecard", response_model=PortfolioScore)
def portfolio_scorecard(
    context: Context, viewer: SignedIn, wanted: Annotated[ScoreWanted, Query()]
) -> Response:
    """The mean card of all sites that you see, and each site's, the worst skill first."""
    yesterday = context.now().date() - _DAY
    usual = (yesterday - (_USUAL_DAYS - 1) * _DAY, yesterday)
    first, last = checked_days(wanted.first_day, wanted.last_day, usual, _MOST_DAYS)
    with context.reading(viewer) as connection:
        sites = {one.subject_id: one for one in forecast_sites(connection, viewer.customer_id)}
        cards = list(
            forecast_cards(
                connection, list(sites), first, last, wanted.kind, wanted.lead_days
            ).values()
        )
        mean = portfolio_card(connection, first, last, wanted.kind, wanted.lead_days)
    data = [
        {"customer_id": sites[card.subject_id].customer_id,
         "site_id": sites[card.subject_id].site_id, "code": sites[card.subject_id].code,
         **_figures(card)}
        for card in sorted(cards, key=worst_first)
    ]  # fmt: skip
    head = {"kind": wanted.kind, "lead_days": wanted.lead_days, "first_day": first,
            "last_day": last}  # fmt: skip
    figures = asdict(mean)
    del figures["slots"]
    return FastJson({**head, **figures, "data": data})


def worst_first(card: StoredCard) -> tuple[bool, float]:
    """Orders cards: negative skill first, then those of which none is known."""
    return card.skill_ratio is None, card.skill_ratio or 0.0


def _figures(card: StoredCard) -> dict[str, Any]:
    figures = asdict(card)
    del figures["subject_id"]
    return figures


def _card(
    connection: Connection, context: AppContext, subject: Subject, wanted: ScoreWanted
) -> Response:
    yesterday = context.now().astimezone(ZoneInfo(subject.zone)).date() - _DAY
    usual = (yesterday - (_USUAL_DAYS - 1) * _DAY, yesterday)
    first, last = checked_days(wanted.first_day, wanted.last_day, usual, _MOST_DAYS)
    cards = list(
        forecast_cards(connection, subject.ids, first, last, wanted.kind, wanted.lead_days).values()
    )
    return FastJson(
        {
            "customer_id": subject.customer_id,
            "site_id": subject.site_id,
            "code": subject.code,
            "kind": wanted.kind,
            "lead_days": wanted.lead_days,
            "first_day": first,
            "last_day": last,
            "card": _figures(cards[0]) if cards else None,
            "by_lead": bias_by_lead(connection, subject.ids, first, last),
        }
    )
