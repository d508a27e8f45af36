"""Meters and their register history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.context import Context
from api.identity import SignedIn
from api.lookup import Reference, the_meter
from api.models.fields import Page
from api.models.registry import Meter
from api.models.series import RegisterEpoch, RegisterHistory, RegisterOffsets
from api.paging import cut_page
from api.parameters import MetersWanted
from loadstone.storage.portfolio import MeterFilter, list_meters
from loadstone.storage.series import EpochRow, list_epochs

router = APIRouter(tags=["registry"])
_WH_PER_KWH = 1000


@router.get("/meters")
def meters(
    context: Context, viewer: SignedIn, wanted: Annotated[MetersWanted, Query()]
) -> Page[Meter]:
    """Meters by id."""
    filters = MeterFilter(
        site_id=wanted.site_id,
        customer_id=wanted.customer_id,
        role=wanted.role,
        gateway=wanted.gateway,
    )
    with context.reading() as connection:
        rows = list_meters(
            connection,
            viewer.customer_id,
            filters,
            now=context.now(),
            after=wanted.after,
            most=wanted.limit + 1,
        )
    part, cursor = cut_page(rows, wanted.limit, lambda row: str(row.meter_id))
    return Page(data=[Meter.model_validate(row) for row in part], next_cursor=cursor)


@router.get("/meters/{reference}")
def meter(context: Context, viewer: SignedIn, reference: Reference) -> Meter:
    """One meter by id or code."""
    with context.reading() as connection:
        return Meter.model_validate(the_meter(connection, viewer, reference, context.now()))


@router.get("/meters/{reference}/epochs")
def epochs(context: Context, viewer: SignedIn, reference: Reference) -> RegisterHistory:
    """Where the registers began anew, why, and what is added to make them continuous."""
    with context.reading() as connection:
        found = the_meter(connection, viewer, reference, context.now())
        rows = list_epochs(connection, found.meter_id)
    return RegisterHistory(
        meter_id=found.meter_id,
        code=found.code,
        zone=found.zone,
        data=[_epoch(row) for row in rows],
    )


def _epoch(row: EpochRow) -> RegisterEpoch:
    names = list(RegisterOffsets.model_fields)
    offsets = {name: offset / _WH_PER_KWH for name, offset in zip(names, row.offsets, strict=True)}
    return RegisterEpoch.model_validate(
        {
            "epoch": row.epoch,
            "starts_at": row.starts_at,
            "reason": row.reason,
            "declared_epoch": row.declared_epoch,
            "offsets": offsets,
            "decided_at": row.decided_at,
            "corrected_by": row.corrected_by,
        }
    )
