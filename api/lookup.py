"""Finding what a path names in the viewer's scope: by id or by code, else 404."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path

from api.errors import not_found
from api.identity import Viewer
from loadstone.storage.equipment import EquipmentRow, find_equipment
from loadstone.storage.meters import MeterRow, find_meter
from loadstone.storage.portfolio import CustomerRow, SiteRow, find_customer, find_site
from loadstone.storage.read_only import Connection

Reference = Annotated[
    str, Path(description="Id or code; where both fit, the id.", max_length=200, examples=["21"])
]


RowId = Annotated[int, Path(description="Id.", ge=1, le=2**31 - 1, examples=[21])]


def the_customer(connection: Connection, viewer: Viewer, reference: str) -> CustomerRow:
    """The customer, or 404."""
    row = None
    if "\x00" not in reference:
        row = find_customer(connection, viewer.customer_id, reference)
    if row is None:
        raise not_found("customer", reference)
    return row


def the_site(connection: Connection, viewer: Viewer, reference: str) -> SiteRow:
    """The site, or 404."""
    row = None if "\x00" in reference else find_site(connection, viewer.customer_id, reference)
    if row is None:
        raise not_found("site", reference)
    return row


def the_equipment(connection: Connection, viewer: Viewer, equipment_id: int) -> EquipmentRow:
    """The equipment, or 404."""
    row = find_equipment(connection, viewer.customer_id, equipment_id)
    if row is None:
        raise not_found("equipment", equipment_id)
    return row


def the_meter(connection: Connection, viewer: Viewer, reference: str, now: datetime) -> MeterRow:
    """The meter, or 404."""
    row = None
    if "\x00" not in reference:
        row = find_meter(connection, viewer.customer_id, reference, now)
    if row is None:
        raise not_found("meter", reference)
    return row
