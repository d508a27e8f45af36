"""The newest values, with their age."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.ages import age_s
from api.context import Context
from api.errors import not_found
from api.identity import SignedIn
from api.lookup import Reference, the_meter
from api.models.fields import Page
from api.models.series import Latest
from api.paging import cut_page
from api.parameters import GatewaysWanted
from api.quality_names import quality_flags
from loadstone.storage.latest import LatestRow, latest_of, list_latest

router = APIRouter(tags=["measurements"])


@router.get("/latest")
def latest(
    context: Context, viewer: SignedIn, wanted: Annotated[GatewaysWanted, Query()]
) -> Page[Latest]:
    """The newest values of the meters in use, of a site or customer if that is said."""
    with context.reading() as connection:
        rows = list_latest(
            connection,
            viewer.customer_id,
            site_id=wanted.site_id,
            customer_id=wanted.customer_id,
            after=wanted.after,
            most=wanted.limit + 1,
        )
    part, cursor = cut_page(rows, wanted.limit, lambda row: str(row.meter_id))
    now = context.now()
    return Page(data=[_latest(row, now) for row in part], next_cursor=cursor)


@router.get("/meters/{reference}/latest")
def latest_of_meter(context: Context, viewer: SignedIn, reference: Reference) -> Latest:
    """The newest values of one meter; all null where it has never been heard of."""
    with context.reading() as connection:
        found = the_meter(connection, viewer, reference, context.now())
        row = latest_of(connection, viewer.customer_id, found.meter_id)
    if row is None:
        raise not_found("meter", reference)
    return _latest(row, context.now())


def _latest(row: LatestRow, now: datetime) -> Latest:
    return Latest(**asdict(row), age_s=age_s(now, row.ts), quality_flags=quality_flags(row.quality))
