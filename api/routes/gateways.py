"""Gateways and their state."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.ages import age_s
from api.context import Context
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import GatewaysWanted
from api.lookup import Reference
from api.models.fields import Page
from api.models.registry import Gateway
from api.paging import page_of
from api.quality_scope import the_gateway
from loadstone.storage.gateways import GatewayFilter, GatewayRow, list_gateways

router = APIRouter(tags=["gateways"])


@router.get("/gateways", response_model=Page[Gateway])
def gateways(
    context: Context, viewer: SignedIn, wanted: Annotated[GatewaysWanted, Query()]
) -> Response:
    """Gateways, each with its state."""
    now = context.now()
    filters = GatewayFilter(
        site_id=wanted.site_id,
        customer_id=wanted.customer_id,
        online=wanted.online,
        retired=wanted.retired,
        q=wanted.q,
    )
    part = wanted.part(wanted.sort)
    with context.reading(viewer) as connection:
        rows = list_gateways(connection, viewer.customer_id, filters, part, now=now)
    page = page_of(rows, wanted.limit, wanted.sort, "gateway_id")
    return FastJson({**page, "data": [gateway_answer(row, now) for row in page["data"]]})


@router.get("/gateways/{reference}", response_model=Gateway)
def gateway(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """One gateway by code (or id): on or off the line and why, its clock, its lost messages."""
    now = context.now()
    with context.reading(viewer) as connection:
        return tagged(gateway_answer(the_gateway(connection, viewer, reference, now), now))


def gateway_answer(row: GatewayRow, now: datetime) -> dict[str, Any]:
    """A gateway as it is answered at this instant."""
    values = asdict(row)
    counts = {name: values.pop(name) for name in ("received", "repeated", "missing")}
    return {
        **values,
        "last_message_age_s": age_s(now, row.last_message_at),
        "sequence": counts,
    }
