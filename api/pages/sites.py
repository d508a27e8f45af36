"""All sites that the viewer may see, with their load now."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.pages.attention import percent_of
from api.pages.frame import Frame, PageFrame
from api.pages.freshness import Age, age_of
from api.pages.overview_rows import level_of
from api.pages.site_figures import load_now
from loadstone.storage.screens.overview import LatestLoad, latest_loads
from loadstone.storage.screens.places import Place, places

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """One site in words."""

    place: Place
    name: str
    city: str
    load: str
    is_current: bool
    contract_pct: float | None
    contract: str
    level: str
    age: Age


@router.get("/sites")
def sites(
    frame: PageFrame, context: Context, customer: int | None = Query(None, ge=1, lt=2**31)
) -> Response:
    """The list by customer; `customer` shows one customer's."""
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    now = context.now()
    with context.reading(frame.reader) as connection:
        found = places(connection, frame.viewer.customer_id)
        found = [p for p in found if customer in {None, p.customer_id}]
        mains = [meter for p in found for meter in p.main_ids]
        latest = {row.meter_id: row for row in latest_loads(connection, mains)}
    grouped = [
        (frame.t.name(of_one[0], "customer"), [_row(frame, p, latest, context) for p in of_one])
        for of_one in (list(g) for _, g in groupby(found, key=lambda p: p.customer_id))
    ]
    chosen = grouped[0][0] if customer is not None and grouped else None
    return frame.page(
        "sites.html", section="sites", groups=grouped, chosen=chosen, count=len(found), now=now
    )


def _row(
    frame: Frame, place: Place, latest: dict[int, LatestLoad], context: Context
) -> SiteRow:  # fmt: skip
    now = context.now()
    rows = [latest.get(meter) for meter in place.main_ids]
    pairs = [(row.ts, row.power_kw) if row else (None, None) for row in rows]
    load = load_now(pairs, place.interval_s, now)
    percent = percent_of(load.power_kw if load.is_current else None, place.contract_demand_kw)
    return SiteRow(
        place=place, name=frame.t.name(place, "site"), city=frame.t.name(place, "city"),
        load=frame.f.power(load.power_kw), is_current=load.is_current, contract_pct=percent,
        contract=frame.f.percent(percent), level=level_of(percent),
        age=age_of(frame, load.at, now, place.interval_s, place.zone),
    )  # fmt: skip
