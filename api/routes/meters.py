"""Meters and their register history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import MetersWanted
from api.lookup import Reference, the_meter
from api.models.fields import Page
from api.models.registry import Meter
from api.models.series import RegisterEpoch, RegisterHistory, RegisterOffsets
from api.paging import page_of
from loadstone.storage.meters import MeterFilter, list_meters
from loadstone.storage.series import EpochRow, list_epochs

router = APIRouter(tags=["registry"])
_WH_PER_KWH = 1000


@router.get("/meters", response_model=Page[Meter])
def meters(
    context: Context, viewer: SignedIn, wanted: Annotated[MetersWanted, Query()]
) -> Response:
    """Meters, with what they feed and the gateway that speaks for them now."""
    filters = MeterFilter(
        site_id=wanted.site_id,
        customer_id=wanted.customer_id,
        role=wanted.role,
        gateway=wanted.gateway,
        equipment_id=wanted.equipment_id,
        category=wanted.category,
        retired=wanted.retired,
        q=wanted.q,
    )
    part = wanted.part(wanted.sort)
    with context.reading(viewer) as connection:
        rows = list_meters(connection, viewer.customer_id, filters, part, now=context.now())
    return FastJson(page_of(rows, wanted.limit, wanted.sort, "meter_id"))


@router.get("/meters/{reference}", response_model=Meter)
def meter(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """One meter by id or code."""
    with context.reading(viewer) as connection:
        return tagged(the_meter(connection, viewer, reference, context.now()))


@router.get("/meters/{reference}/epochs")
def epochs(context: Context, viewer: SignedIn, reference: Reference) -> RegisterHistory:
    """Where the registers began anew, why, and what is added to make them continuous."""
    with context.reading(viewer) as connection:
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
