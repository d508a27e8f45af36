"""The portfolio: what needs somebody first, then every customer in a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.pages.attention import attention_list
from api.pages.frame import PageFrame
from api.pages.opportunity_attention import MOST_LINES, opportunity_attention
from api.pages.overview_rows import CustomerRow, customer_rows, headline
from api.pages.portfolio import read_portfolio
from loadstone.storage.opportunities import OpportunityFilter, biggest_opportunities
from loadstone.storage.screens.forecasts import foreseen_loads

router = APIRouter(include_in_schema=False)
_SHOWN_AT_ONCE = 6
_TIERS = ("A", "B", "C", "N")
SortKey = Literal["customer", "load", "contract", "peak", "energy", "change", "complete", "age"]


@router.get("/")
def overview(
    frame: PageFrame,
    context: Context,
    sort: SortKey = "contract",
    dir: Literal["asc", "desc"] = "desc",
    q: str = Query("", max_length=100),
    tier: Literal["", "A", "B", "C", "N"] = "",
) -> Response:
    """The start page; filter and order are in the address."""
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    with context.reading(frame.reader) as connection:
        now = context.now()
        portfolio = read_portfolio(connection, frame.viewer.customer_id, now)
        fresh = [one.place.site_id for one in portfolio.sites if one.load_kw is not None]
        foreseen_kw = foreseen_loads(connection, fresh, now)
        unanswered = OpportunityFilter(statuses=("new",), gone=False)
        worth = biggest_opportunities(connection, unanswered, most=MOST_LINES)
    rows = customer_rows(frame, portfolio)
    shown = ordered([row for row in rows if row.matches(q, tier)], sort, dir)
    attention = attention_list(frame, portfolio) + opportunity_attention(frame, worth, now)
    links = {key: _sort_link(key, sort, dir, q, tier) for key in SortKey.__args__}  # type: ignore[attr-defined]
    return frame.page(
        "overview.html", section="overview", rows=shown, all_rows=len(rows),
        head=headline(frame, portfolio, foreseen_kw), first=attention[:_SHOWN_AT_ONCE],
        more=attention[_SHOWN_AT_ONCE:], sort=sort, dir=dir, q=q, tier=tier, tiers=_TIERS,
        links=links,
    )  # fmt: skip


def _sort_link(key: str, sort: str, direction: str, q: str, tier: str) -> str:
    """The address that sorts by this column; once more turns the order round."""
    first = "asc" if key == "customer" else "desc"
    other = "asc" if direction == "desc" else "desc"
    wanted = {"sort": key, "dir": other if key == sort else first, "q": q, "tier": tier}
    return "?" + urlencode({name: value for name, value in wanted.items() if value})


def ordered(rows: Sequence[CustomerRow], sort: str, direction: str) -> list[CustomerRow]:
    """By one column; what is not known stands last either way."""
    known = [row for row in rows if row.sort_value(sort) is not None]
    unknown = [row for row in rows if row.sort_value(sort) is None]
    known.sort(key=lambda row: row.sort_value(sort) or 0, reverse=direction == "desc")
    if sort == "customer":
        known = sorted(rows, key=lambda row: row.name.casefold(), reverse=direction == "desc")
        unknown = []
    return known + unknown
