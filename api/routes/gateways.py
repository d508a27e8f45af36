"""Gateways and their state."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.ages import age_s
from api.context import Context
from api.errors import not_found
from api.identity import SignedIn
from api.lookup import Reference
from api.models.fields import Page
from api.models.registry import Gateway, GatewaySequence
from api.paging import cut_page
from api.parameters import GatewaysWanted
from loadstone.storage.gateways import GatewayRow, find_gateway, list_gateways

router = APIRouter(tags=["gateways"])


@router.get("/gateways")
def gateways(
    context: Context, viewer: SignedIn, wanted: Annotated[GatewaysWanted, Query()]
) -> Page[Gateway]:
    """Gateways by id, each with its state."""
    now = context.now()
    with context.reading() as connection:
        rows = list_gateways(
            connection,
            viewer.customer_id,
            site_id=wanted.site_id,
            customer_id=wanted.customer_id,
            now=now,
            after=wanted.after,
            most=wanted.limit + 1,
        )
    part, cursor = cut_page(rows, wanted.limit, lambda row: str(row.gateway_id))
    return Page(data=[_gateway(row, now) for row in part], next_cursor=cursor)


@router.get("/gateways/{reference}")
def gateway(context: Context, viewer: SignedIn, reference: Reference) -> Gateway:
    """One gateway by code (or id): on or off the line and why, its clock, its lost messages."""
    now = context.now()
    row = None
    if "\x00" not in reference:
        with context.reading() as connection:
            row = find_gateway(connection, viewer.customer_id, reference, now)
    if row is None:
        raise not_found("gateway", reference)
    return _gateway(row, now)


def _gateway(row: GatewayRow, now: datetime) -> Gateway:
    values = asdict(row)
    counts = {name: values.pop(name) for name in ("received", "repeated", "missing")}
    return Gateway(
        **values,
        last_message_age_s=age_s(now, row.last_message_at),
        sequence=GatewaySequence(**counts),
    )
