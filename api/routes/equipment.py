"""Equipment: what meters feed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.changes import Changing
from api.context import Context
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import EquipmentWanted
from api.lookup import RowId, the_equipment, the_site
from api.models.fields import Page
from api.models.registry import Equipment
from api.models.registry_bodies import EquipmentChange, NewEquipment
from api.paging import page_of
from api.registry_edits import changed, make, named, retired
from api.roles import Operator
from loadstone.storage.equipment import EquipmentFilter, list_equipment
from loadstone.storage.read_only import Connection

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
    with context.reading(viewer) as connection:
        rows = list_equipment(connection, viewer.customer_id, filters, part)
    return FastJson(page_of(rows, wanted.limit, wanted.sort, "equipment_id"))


@router.get("/equipment/{equipment_id}", response_model=Equipment)
def equipment(context: Context, viewer: SignedIn, equipment_id: RowId) -> Response:
    """One piece of equipment by id: codes are unique within a site only."""
    with context.reading(viewer) as connection:
        return tagged(the_equipment(connection, viewer, equipment_id))


@router.post("/equipment", status_code=201, response_model=Equipment)
def make_equipment(change: Changing, viewer: Operator, body: NewEquipment) -> Response:
    """Register equipment of a site."""

    def check(connection: Connection) -> None:
        site = str(body.site_id)
        named("site_id", site, lambda: the_site(connection, viewer, site))

    return make(
        change,
        "equipment",
        body.model_dump(),
        check,
        lambda connection, reference: the_equipment(connection, viewer, int(reference)),
    )


@router.patch("/equipment/{equipment_id}", response_model=Equipment)
def change_equipment(
    change: Changing, viewer: Operator, equipment_id: RowId, body: EquipmentChange
) -> Response:
    """Change what is sent of a piece of equipment."""
    return changed(
        change,
        "equipment",
        str(equipment_id),
        lambda connection, reference: the_equipment(connection, viewer, int(reference)),
        body.given(),
    )


@router.delete("/equipment/{equipment_id}", response_model=Equipment)
def retire_equipment(change: Changing, viewer: Operator, equipment_id: RowId) -> Response:
    """Retire equipment that no meter in use measures; its history stays."""
    return retired(
        change,
        "equipment",
        str(equipment_id),
        lambda connection, reference: the_equipment(connection, viewer, int(reference)),
    )
