"""Equipment: what meters feed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import EquipmentWanted
from api.lookup import RowId, the_equipment
from api.models.fields import Page
from api.models.registry import Equipment
from api.paging import page_of
from loadstone.storage.equipment import EquipmentFilter, list_equipment

router = APIRouter(tags=["registry"])


@router.get("/equipment", response_model=Page[Equipment])
def equipment_list(
    context: Context, viewer: SignedIn, wanted: Annotated[EquipmentWanted, Query()]
) -> Response:
    """The equipment that the viewer may see."""
    filters = EquipmentFilter(
        site_id=wanted.site_id,
        customer_id=wanted.customer_id,
        category=wanted.category,
        retired=wanted.retired,
        q=wanted.q,
    )
    part = wanted.part(wanted.sort)
    with context.reading() as connection:
        rows = list_equipment(connection, viewer.customer_id, filters, part)
    return FastJson(page_of(rows, wanted.limit, wanted.sort, "equipment_id"))


@router.get("/equipment/{equipment_id}", response_model=Equipment)
def equipment(context: Context, viewer: SignedIn, equipment_id: RowId) -> Response:
    """One piece of equipment by id: codes are unique within a site only."""
    with context.reading() as connection:
        return FastJson(the_equipment(connection, viewer, equipment_id))
