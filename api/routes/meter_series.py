"""Readings, load and energy of one meter."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.errors import refused
from api.fast_json import FastJson
from api.identity import SignedIn
from api.intervals import metered
from api.lookup import Reference, the_meter
from api.models.series import Energy, Load, Readings
from api.paging import cut_page
from api.parameters import EnergyWanted, ReadingsWanted, Stepped
from api.registers import energy_field, unit_of
from loadstone.storage.series import (
    LoadRow,
    UnknownZoneError,
    energy_of,
    list_readings,
    load_of,
)

router = APIRouter(tags=["measurements"])


@router.get("/meters/{reference}/readings", response_model=Readings)
def readings(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[ReadingsWanted, Query()],
) -> Response:
    """Raw readings of [from, to) as they are stored, in order of time."""
    span = wanted.interval(context.now())
    with context.reading(viewer) as connection:
        meter = the_meter(connection, viewer, reference, context.now())
        rows = list_readings(
            connection,
            meter.meter_id,
            span.start,
            span.end,
            after=wanted.cursor,
            most=wanted.limit + 1,
        )
    part, cursor = cut_page(rows, wanted.limit, lambda row: row.ts.isoformat())
    return FastJson(
        {
            "meter_id": meter.meter_id,
            "code": meter.code,
            "zone": meter.zone,
            "data": part,
            "next_cursor": cursor.replace("+00:00", "Z") if cursor else None,
        }
    )


@router.get("/meters/{reference}/load", response_model=Load)
def load(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[Stepped, Query()],
) -> Response:
    """Mean power by interval of [from, to), from the energy; a gap is null, never 0."""
    span = wanted.grid(context.now())
    with context.reading(viewer) as connection:
        meter = the_meter(connection, viewer, reference, context.now())
        zone = wanted.tz or meter.zone
        try:
            rows = load_of(
                connection, [meter.meter_id], span.start, span.end, wanted.step.sql, zone
            )
        except UnknownZoneError as error:
            raise refused("tz", zone, "must be a time zone that the database knows") from error
    return FastJson(
        {
            "meter_id": meter.meter_id,
            "code": meter.code,
            "zone": zone,
            "step": wanted.step.name,
            "start_at": span.start,
            "end_at": span.end,
            "data": [_load_point(row) for row in rows],
        }
    )


def _load_point(row: LoadRow) -> dict[str, Any]:
    return {
        "start_at": row.start_at,
        "end_at": row.end_at,
        "power_kw": row.power_kw,
        "estimated_kw": row.estimated_kw,
        "power_min_kw": row.power_min_kw,
        "power_max_kw": row.power_max_kw,
        "samples": row.samples,
        "quality": row.quality,
    }


@router.get("/meters/{reference}/energy", response_model=Energy)
def energy(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[EnergyWanted, Query()],
) -> Response:
    """Energy by interval of [from, to), each with its quality, and the total.

    Sums of intervals equal differences of the register, whatever the step.
    """
    span = wanted.grid(context.now())
    register = wanted.register_name
    with context.reading(viewer) as connection:
        meter = the_meter(connection, viewer, reference, context.now())
        zone = wanted.tz or meter.zone
        try:
            rows = energy_of(
                connection, [meter.meter_id], span.start, span.end, wanted.step.sql, zone, register
            )
        except UnknownZoneError as error:
            raise refused("tz", zone, "must be a time zone that the database knows") from error
    return FastJson(
        {
            "meter_id": meter.meter_id,
            "code": meter.code,
            "zone": zone,
            "step": wanted.step.name,
            "start_at": span.start,
            "end_at": span.end,
            "register": register,
            "unit": unit_of(register),
            **metered(rows, energy_field(register)),
        }
    )
