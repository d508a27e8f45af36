"""Opportunities of a portfolio, a customer or a site: ranked by money, filtered in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from api.context import Context
from api.pages.frame import Frame, PageFrame
from api.pages.opportunity_words import money_range, money_text, sentence_of, title_of
from forecast.opportunities.finder import all_rules
from loadstone.storage.keyset import Part
from loadstone.storage.opportunities import (
    OPEN,
    OpportunityFilter,
    OpportunityRow,
    list_opportunities,
)
from loadstone.storage.screens.places import Place, places

router = APIRouter(include_in_schema=False)
_MOST = 300
_Chosen = Literal["open", "all", "new", "accepted", "proposed", "measure", "rejected", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the address asks for."""

    status: _Chosen = "open"
    kind: str = ""
    customer: int | None = None
    site: int | None = None

    def wanted(self) -> OpportunityFilter:
        """As the storage asks; what is gone is shown with all statuses only."""
        statuses = {"open": OPEN, "all": None}.get(self.status, (self.status,))
        return OpportunityFilter(
            customer_id=self.customer, site_id=self.site, code=self.kind or None,
            statuses=statuses, gone=False if self.status == "open" else None,
        )  # fmt: skip

    def href(self) -> str:
        """The list's address with this choice; what is left at its default needs no word."""
        default = asdict(Choice())
        said = {k: str(v) for k, v in asdict(self).items() if v is not None and v != default[k]}
        return "/opportunities" + (f"?{urlencode(said)}" if said else "")


def _choice(
    status: _Chosen = "open",
    kind: Annotated[str, Query(pattern=r"^[a-z_]{0,40}$")] = "",
    customer: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
    site: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> Choice:
    return Choice(status=status, kind=kind, customer=customer, site=site)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityLine:
    """One opportunity as lists show it."""

    row: OpportunityRow
    href: str
    title: str
    text: str
    site: str
    customer: str
    meter: str
    money: str
    span: str
    energy: tuple[str, str]
    gone: str


def line_of(frame: Frame, row: OpportunityRow, now: datetime) -> OpportunityLine:
    """An opportunity in words and numbers."""
    t, f = frame.t, frame.f
    gone = f.instant(row.gone_at, row.zone, now) if row.gone_at else ""
    return OpportunityLine(
        row=row, href=f"/opportunities/{row.opportunity_id}", title=title_of(t, row.code),
        text=sentence_of(t, f, row), site=t.name(row, "site"), customer=t.name(row, "customer"),
        meter=t.name(row, "meter") if row.meter_id else "",
        money=money_text(t, f, row.money, row.currency), span=money_range(t, f, row),
        energy=f.energy(row.energy_kwh) if row.energy_kwh else ("", ""),
        gone=t("opportunity.gone", time=gone) if gone else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What is listed, together."""

    money: list[str]
    energy: tuple[str, str]
    count: int


def sums_of(frame: Frame, rows: Sequence[OpportunityRow]) -> Sums:
    """Money by currency and energy; each row counts what those before it left over."""
    money: dict[str, Decimal] = {}
    for row in rows:
        if row.money is not None and row.currency is not None:
            money[row.currency] = money.get(row.currency, Decimal(0)) + row.money
    return Sums(
        money=[money_text(frame.t, frame.f, value, name) for name, value in sorted(money.items())],
        energy=frame.f.energy(sum(row.energy_kwh for row in rows)),
        count=len(rows),
    )


@router.get("/opportunities")
def opportunities(
    frame: PageFrame, context: Context, chosen: Annotated[Choice, Depends(_choice)]
) -> Response:
    """What is worth most first; the filter is in the address."""
    now = context.now()
    part = Part(most=_MOST, field="money", descending=True)
    only = frame.reader.customer_id
    with context.reading(frame.reader) as connection:
        rows = list_opportunities(connection, only, chosen.wanted(), part)
        seen = places(connection, only)
    return frame.page(
        "opportunities.html", section="opportunities", chosen=chosen,
        lines=[line_of(frame, row, now) for row in rows], sums=sums_of(frame, rows),
        kinds=[(rule.name, title_of(frame.t, rule.name)) for rule in all_rules()],
        statuses=[(s, replace(chosen, status=s).href()) for s in get_args(_Chosen)],
        customers=_customers(frame, seen), place=_place(frame, chosen, seen),
        cleared=Choice().href(), is_narrowed=chosen != Choice(),
    )  # fmt: skip


def _customers(frame: Frame, seen: Sequence[Place]) -> list[tuple[int, str]]:
    names = {place.customer_id: frame.t.name(place, "customer") for place in seen}
    return sorted(names.items(), key=lambda item: item[1])


def _place(frame: Frame, chosen: Choice, seen: Sequence[Place]) -> str:
    """The site that the list is narrowed to, by name."""
    names = {place.site_id: frame.t.name(place, "site") for place in seen}
    return names.get(chosen.site or 0, "")
