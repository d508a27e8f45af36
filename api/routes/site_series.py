"""Load and energy of a site: the sum of its main meters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.energy_sums import name_missing, sum_load
from api.errors import refused
from api.fast_json import FastJson
from api.identity import SignedIn
from api.intervals import summed
from api.lookup import Reference, the_site
from api.models.series import SiteEnergy, SiteLoad
from api.parameters import EnergyWanted, Stepped
from api.registers import energy_field, unit_of
from loadstone.storage.energy_sums import energy_sum_of
from loadstone.storage.series import UnknownZoneError, load_of, main_meters

router = APIRouter(tags=["measurements"])


@router.get("/sites/{reference}/load", response_model=SiteLoad)
def load(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[Stepped, Query()],
) -> Response:
    """Sum of the main meters' load; an interval that lacks a meter names it and has no sum."""
    with context.reading(viewer) as connection:
        site = the_site(connection, viewer, reference)
        meters = main_meters(connection, site.site_id)
        zone = wanted.tz or site.zone
        ids = [meter.meter_id for meter in meters]
        span = wanted.grid(context.now(), meters=len(ids))
        try:
            rows = load_of(connection, ids, span.start, span.end, wanted.step.sql, zone)
        except UnknownZoneError as error:
            raise refused("tz", zone, "must be a time zone that the database knows") from error
    return FastJson(
        {
            "site_id": site.site_id,
            "code": site.code,
            "zone": zone,
            "step": wanted.step.name,
            "start_at": span.start,
            "end_at": span.end,
            "meters": [meter.code for meter in meters],
            "data": sum_load(rows, meters),
        }
    )


@router.get("/sites/{reference}/energy", response_model=SiteEnergy)
def energy(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[EnergyWanted, Query()],
) -> Response:
    """Sum of the main meters' energy; an interval that lacks a meter names it and has no sum."""
    register = wanted.register_name
    with context.reading(viewer) as connection:
        site = the_site(connection, viewer, reference)
        meters = main_meters(connection, site.site_id)
        zone = wanted.tz or site.zone
        ids = [meter.meter_id for meter in meters]
        span = wanted.grid(context.now(), meters=len(ids))
        try:
            rows = energy_sum_of(
                connection, ids, span.start, span.end, wanted.step.sql, zone, register
            )
        except UnknownZoneError as error:
            raise refused("tz", zone, "must be a time zone that the database knows") from error
    return FastJson(
        {
            "site_id": site.site_id,
            "code": site.code,
            "zone": zone,
            "step": wanted.step.name,
            "start_at": span.start,
            "end_at": span.end,
            "register": register,
            "unit": unit_of(register),
            "meters": [meter.code for meter in meters],
            **summed(name_missing(rows, meters), energy_field(register)),
        }
    )
