"""Registering meters, and through which gateway they are heard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from api.changes import Changing
from api.context import Context
from api.errors import refused
from api.fast_json import FastJson
from api.identity import SignedIn, Viewer
from api.lookup import Reference, the_equipment, the_meter, the_site
from api.models.registry import Meter, MeterChannels
from api.models.registry_bodies import MeterChange, NewChannel, NewMeter
from api.quality_scope import the_gateway
from api.registry_edits import changed, make, named, retired
from api.roles import Operator
from loadstone.storage.meters import MeterRow
from loadstone.storage.read_only import Connection
from loadstone.storage.registry import connect_meter
from loadstone.storage.registry_changes import (
    channel_taken_by,
    channels_of,
    end_channels,
    lock_row,
)

router = APIRouter(tags=["registry"])
_MOST_LEVELS = 20


def _find(change: Changing, viewer: Viewer) -> Any:  # noqa: ANN401 - a function of two arguments
    now = change.context.now()

    def find(connection: Connection, reference: str) -> MeterRow:
        return the_meter(connection, viewer, reference, now)

    return find


@router.post("/meters", status_code=201, response_model=Meter)
def make_meter(change: Changing, viewer: Operator, body: NewMeter) -> Response:
    """Register a meter of a site; a channel tells which gateway speaks for it."""
    values = body.model_dump()

    def check(connection: Connection) -> None:
        site = str(body.site_id)
        named("site_id", site, lambda: the_site(connection, viewer, site))
        _check_fit(connection, viewer, values, body.site_id, None, change.context.now())

    return make(change, "meter", values, check, _find(change, viewer))


@router.patch("/meters/{reference}", response_model=Meter)
def change_meter(
    change: Changing, viewer: Operator, reference: Reference, body: MeterChange
) -> Response:
    """Change what is sent of a meter. Readings are judged by it from then on."""
    values = body.given()

    def check(connection: Connection, row: MeterRow) -> None:
        whole = {name: getattr(row, name) for name in MeterChange.model_fields} | values
        _check_fit(connection, viewer, whole, row.site_id, row.meter_id, change.context.now())

    return changed(change, "meter", reference, _find(change, viewer), values, check)


@router.delete("/meters/{reference}", response_model=Meter)
def retire_meter(change: Changing, viewer: Operator, reference: Reference) -> Response:
    """Retire a meter: no gateway speaks for it any more. Its history stays and counts."""
    return retired(change, "meter", reference, _find(change, viewer))


def _check_fit(
    connection: Connection,
    viewer: Viewer,
    values: Mapping[str, Any],
    site_id: int,
    meter_id: int | None,
    now: datetime,
) -> None:
    """Refuse transformers by halves, equipment of another site, and a meter below itself."""
    for whole, other in (
        ("ct_primary_a", "ct_secondary_a"),
        ("ct_secondary_a", "ct_primary_a"),
        ("pt_primary_v", "pt_secondary_v"),
        ("pt_secondary_v", "pt_primary_v"),
    ):
        if values[whole] is not None and values[other] is None:
            raise refused(other, None, f"is required with `{whole}`")
    equipment_id = values["equipment_id"]
    if equipment_id is not None:
        equipment = named(
            "equipment_id", equipment_id, lambda: the_equipment(connection, viewer, equipment_id)
        )
        if equipment.site_id != site_id:
            raise refused("equipment_id", equipment_id, "must stand on the meter's site")
    above, levels = values["parent_meter_id"], 0
    while above is not None:
        parent = named(
            "parent_meter_id",
            above,
            lambda above=above: the_meter(connection, viewer, str(above), now),  # type: ignore[misc]
        )
        if parent.site_id != site_id:
            raise refused("parent_meter_id", above, "must be a meter of the same site")
        levels += 1
        if parent.meter_id == meter_id or levels > _MOST_LEVELS:
            raise refused("parent_meter_id", above, "would put the meter below itself")
        above = parent.parent_meter_id


@router.get("/meters/{reference}/channels", response_model=MeterChannels)
def channels(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """Through which gateways a meter was and is heard, the newest first."""
    with context.reading(viewer) as connection:
        meter = the_meter(connection, viewer, reference, context.now())
        return FastJson(_channels(connection, meter))


@router.post("/meters/{reference}/channels", status_code=201, response_model=MeterChannels)
def make_channel(
    change: Changing, viewer: Operator, reference: Reference, body: NewChannel
) -> Response:
    """Let a gateway speak for a meter from an instant on; the gateway before it ends there."""
    now = change.context.now()

    def work(connection: Connection) -> dict[str, Any]:
        meter = named("reference", reference, lambda: the_meter(connection, viewer, reference, now))
        lock_row(connection, "meter", meter.meter_id)
        gateway = named(
            "gateway", body.gateway, lambda: the_gateway(connection, viewer, body.gateway, now)
        )
        if gateway.site_id != meter.site_id:
            raise refused("gateway", body.gateway, "must stand on the meter's site")
        lock_row(connection, "gateway", gateway.gateway_id)
        at = body.valid_from
        other = channel_taken_by(connection, gateway.gateway_id, body.channel, meter.meter_id, at)
        if other is not None:
            raise refused("channel", body.channel, f"is meter {other} on this gateway at that time")
        if at is not None:
            end_channels(connection, meter.meter_id, at)
        elif channels_of(connection, meter.meter_id):
            raise refused("valid_from", None, "is required: the meter was heard before")
        connect_meter(connection, gateway.gateway_id, body.channel, meter.meter_id, at)
        return _channels(connection, meter)

    return change.perform(work, status=201)


def _channels(connection: Connection, meter: MeterRow) -> dict[str, Any]:
    rows = channels_of(connection, meter.meter_id)
    return {"meter_id": meter.meter_id, "code": meter.code, "data": rows}
