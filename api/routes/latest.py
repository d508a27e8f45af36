"""The newest values, with their age."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.ages import age_s
from api.context import Context
from api.errors import not_found
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import LatestWanted
from api.lookup import Reference, the_meter
from api.models.fields import Page
from api.models.series import Latest
from api.paging import page_of
from api.quality_names import quality_flags
from loadstone.storage.latest import LatestRow, latest_of, list_latest

router = APIRouter(tags=["measurements"])


@router.get("/latest", response_model=Page[Latest])
def latest(
    context: Context, viewer: SignedIn, wanted: Annotated[LatestWanted, Query()]
) -> Response:
    """The newest values of the meters in use, of a site or customer if that is said."""
    part = wanted.part("meter_id")
    with context.reading(viewer) as connection:
        rows = list_latest(
            connection,
            viewer.customer_id,
            site_id=wanted.site_id,
            customer_id=wanted.customer_id,
            after=part.after[1] if part.after else 0,
            most=part.most,
        )
    now = context.now()
    page = page_of(rows, wanted.limit, "meter_id", "meter_id")
    return FastJson({**page, "data": [latest_answer(row, now) for row in page["data"]]})


@router.get("/meters/{reference}/latest", response_model=Latest)
def latest_of_meter(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """The newest values of one meter; all null where it has never been heard of."""
    with context.reading(viewer) as connection:
        found = the_meter(connection, viewer, reference, context.now())
        row = latest_of(connection, viewer.customer_id, found.meter_id)
    if row is None:
        raise not_found("meter", reference)
    return FastJson(latest_answer(row, context.now()))


def latest_answer(row: LatestRow, now: datetime) -> dict[str, Any]:
    """The newest values of a meter as they are answered at this instant."""
    return {
        **asdict(row),
        "age_s": age_s(now, row.ts),
        "quality_flags": quality_flags(row.quality),
    }
