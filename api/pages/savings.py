"""Savings: measures of all sites or of one, what was judged of them, and what else was decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.pages.crumbs import Crumb, crumbs_of, customer_href, site_href
from api.pages.customer import visible_customer
from api.pages.frame import Frame, PageFrame
from api.pages.savings_charts import SavingsCharts
from api.pages.savings_view import event_rows, judgement_view, money_text
from api.pages.site import visible_place
from loadstone.storage.non_routine_events import events_of_measure
from loadstone.storage.saving_measures import MeasureRow, list_measures
from loadstone.storage.saving_verifications import (
    VerificationRow,
    VerifiedSavings,
    newest_verifications,
    verified_savings,
)
from loadstone.storage.screens.places import Place, places

router = APIRouter(include_in_schema=False)
STATUSES = ("proposed", "planned", "implemented", "verified", "rejected")
_Id = Annotated[int | None, Query(ge=1, lt=2**31)]
_MeasureId = Annotated[int | None, Query(ge=1, lt=2**63)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine:
    """A measure as the lists show it."""

    measure_id: int
    href: str
    what: str
    where: str
    status: str
    since: str
    expected: str
    saved: str
    money: str
    verdict: str
    owner: str


@router.get("/savings")
def all_savings(frame: PageFrame, context: Context, customer: _Id = None) -> Response:
    """Measures of all sites that the viewer sees, or of one customer, with what is proven."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        row = visible_customer(connection, frame, customer) if customer else None
        sites = {p.site_id: p for p in places(connection, frame.reader.customer_id)}
        rows = list_measures(connection, customer_id=customer)
        newest = newest_verifications(connection, [one.measure_id for one in rows], now)
        sums = verified_savings(connection, now, [customer] if customer else None)
    way = [Crumb(label=frame.t.name(row), href=customer_href(row.customer_id))] if row else []
    lines = [_line(frame, one, newest.get(one.measure_id), sites.get(one.site_id)) for one in rows]
    return frame.page(
        "savings.html", section="savings", lines=lines, totals=_totals(frame, sums), way=way,
        customer=row,
    )  # fmt: skip


@router.get("/sites/{site_id}/savings")
def site_savings(
    site_id: int, frame: PageFrame, context: Context, measure: _MeasureId = None
) -> Response:
    """One site's measures, and what was judged of the chosen one: its newest that was judged."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        place = visible_place(connection, frame, site_id)
        rows = list_measures(connection, site_id=site_id)
        newest = newest_verifications(connection, [one.measure_id for one in rows], now)
        chosen = _chosen(rows, newest, measure)
        events = events_of_measure(connection, chosen.measure_id) if chosen else []
    told = newest.get(chosen.measure_id) if chosen else None
    view = judgement_view(frame, told, place.zone, now) if told else None
    charts = []
    if view is not None:
        both = SavingsCharts(
            frame=frame, result=view.result, zone=place.zone, code=f"site-{site_id}"
        )
        charts = [both.daily(), both.cumulative()]
    here = Crumb(label=frame.t.name(place, "site"), href=site_href(site_id))
    return frame.page(
        "site_savings.html", section="savings", place=place, way=[*crumbs_of(frame, place), here],
        lines=[_line(frame, one, newest.get(one.measure_id), None) for one in rows], view=view,
        chosen=chosen, chosen_line=_line(frame, chosen, told, None) if chosen else None,
        charts_of=charts, events=event_rows(frame, events), statuses=STATUSES,
        may_change=frame.reader.may("accounts.change"),
    )  # fmt: skip


def _chosen(
    rows: list[MeasureRow], newest: dict[int, VerificationRow], wanted: int | None
) -> MeasureRow | None:
    if wanted is not None:
        return next((one for one in rows if one.measure_id == wanted), None)
    judged = [one for one in rows if one.measure_id in newest]
    found = judged or rows
    return found[-1] if found else None


def measure_href(row: MeasureRow) -> str:
    """The page of a measure at its site."""
    return f"{site_href(row.site_id)}/savings?measure={row.measure_id}"


def _line(
    frame: Frame, row: MeasureRow, told: VerificationRow | None, place: Place | None
) -> MeasureLine:
    t, f = frame.t, frame.f
    return MeasureLine(
        measure_id=row.measure_id, href=measure_href(row), what=row.what,
        where=frame.t.name(place, "site") if place else "",
        status=t(f"savings.measure_status.{row.status}"),
        since=f.day(row.implemented_on, year=True) if row.implemented_on else f.number(None),
        expected=" ".join(f.energy(row.expected_kwh)).strip(),
        saved=" ".join(f.energy(told.saved_kwh if told else None)).strip(),
        money=money_text(frame, told.saved_money, told.currency) if told else f.number(None),
        verdict=t(f"savings.verdict.{told.verdict}") if told else "", owner=row.owner or "",
    )  # fmt: skip


def _totals(frame: Frame, sums: list[VerifiedSavings]) -> list[tuple[str, str, str]]:
    """Money (or a dash), energy, and how many measures, by currency over all customers."""
    by_currency: dict[str | None, list[VerifiedSavings]] = {}
    for one in sums:
        by_currency.setdefault(one.currency, []).append(one)
    rows = []
    for currency, some in by_currency.items():
        amounts = [one.saved_money for one in some if one.saved_money is not None]
        money = money_text(frame, sum(amounts, Decimal()), currency) if amounts and currency else ""
        energy = " ".join(frame.f.energy(sum(one.saved_kwh for one in some)))
        count = frame.t("savings.total_note", n=sum(one.measures for one in some))
        rows.append((money, energy, count))
    return rows
