"""Load and energy of a customer: the sum of the main meters of all its sites."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.energy_sums import name_missing, sum_load
from api.fast_json import FastJson
from api.identity import SignedIn
from api.intervals import summed
from api.lookup import Reference, the_customer
from api.models.virtual import CustomerEnergy, CustomerLoad
from api.parameters import EnergyWanted, Stepped
from api.registers import energy_field, unit_of
from api.zones import one_zone, zone_errors
from loadstone.storage.balance import customer_main_meters, customer_zone
from loadstone.storage.energy_sums import energy_sum_of
from loadstone.storage.series import load_of

router = APIRouter(tags=["measurements"])


@router.get("/customers/{reference}/load", response_model=CustomerLoad)
def load(
    context: Context, viewer: SignedIn, reference: Reference, wanted: Annotated[Stepped, Query()]
) -> Response:
    """Sum of the main meters' load; an interval that lacks a meter names it and has no sum."""
    with context.reading(viewer) as connection:
        customer = the_customer(connection, viewer, reference)
        meters = customer_main_meters(connection, customer.customer_id)
        zone = one_zone(wanted.tz, customer_zone(connection, customer.customer_id))
        ids = [meter.meter_id for meter in meters]
        span = wanted.grid(context.now(), meters=len(ids))
        with zone_errors(zone):
            rows = load_of(connection, ids, span.start, span.end, wanted.step.sql, zone)
    return FastJson(
        {
            "customer_id": customer.customer_id,
            "code": customer.code,
            "zone": zone,
            "step": wanted.step.name,
            "start_at": span.start,
            "end_at": span.end,
            "meters": [meter.code for meter in meters],
            "data": sum_load(rows, meters),
        }
    )


@router.get("/customers/{reference}/energy", response_model=CustomerEnergy)
def energy(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[EnergyWanted, Query()],
) -> Response:
    """Sum of the main meters' energy; an interval that lacks a meter names it and has no sum.

    Export has its own register: `register=exp`.
    """
    register = wanted.register_name
    with context.reading(viewer) as connection:
        customer = the_customer(connection, viewer, reference)
        meters = customer_main_meters(connection, customer.customer_id)
        zone = one_zone(wanted.tz, customer_zone(connection, customer.customer_id))
        ids = [meter.meter_id for meter in meters]
        span = wanted.grid(context.now(), meters=len(ids))
        with zone_errors(zone):
            rows = energy_sum_of(
                connection, ids, span.start, span.end, wanted.step.sql, zone, register
            )
    return FastJson(
        {
            "customer_id": customer.customer_id,
            "code": customer.code,
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
