"""What gateways told, and what was decided of registers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import EventsWanted
from api.models.events import Event
from api.models.fields import Page
from api.paging import page_of
from loadstone.storage.events import EventFilter, list_source_events

router = APIRouter(tags=["events"])


@router.get("/events", response_model=Page[Event])
def events(
    context: Context, viewer: SignedIn, wanted: Annotated[EventsWanted, Query()]
) -> Response:
    """Events of gateways, or of the ledger by `source=ledger`; the newest first by default."""
    start, end = wanted.bounds()
    filters = EventFilter(
        customer_id=wanted.customer_id,
        site_id=wanted.site_id,
        meter_id=wanted.meter_id,
        gateway=wanted.gateway,
        kind=wanted.kind,
        start=start,
        end=end,
    )
    part = wanted.part(wanted.sort)
    with context.reading(viewer) as connection:
        rows = list_source_events(connection, wanted.source, viewer.customer_id, filters, part)
    return FastJson(page_of(rows, wanted.limit, wanted.sort, "event_id"))
