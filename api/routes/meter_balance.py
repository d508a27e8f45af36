"""A meter against its sub-meters."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.fast_json import FastJson
from api.identity import SignedIn
from api.lookup import Reference, the_meter
from api.models.virtual import Balance
from api.parameters import EnergyWanted
from api.registers import energy_field, unit_of
from api.zones import one_zone, zone_errors
from loadstone.storage.balance import BalanceRow, balance_of, child_codes

router = APIRouter(tags=["measurements"])


@router.get("/meters/{reference}/balance", response_model=Balance)
def balance(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[EnergyWanted, Query()],
) -> Response:
    """What flowed in and is not accounted for by any sub-meter, by interval of [from, to)."""
    register = wanted.register_name
    with context.reading(viewer) as connection:
        meter = the_meter(connection, viewer, reference, context.now())
        children = child_codes(connection, meter.meter_id)
        zone = one_zone(wanted.tz, meter.zone)
        span = wanted.grid(context.now(), meters=1 + len(children))
        with zone_errors(zone):
            rows = balance_of(
                connection, meter.meter_id, span.start, span.end, wanted.step.sql, zone, register
            )
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
            "children": children,
            "data": [_interval(row, energy_field(register)) for row in rows],
        }
    )


def _interval(row: BalanceRow, name: str) -> dict[str, Any]:
    return {
        "start_at": row.start_at,
        "end_at": row.end_at,
        name: row.energy_kwh,
        f"children_{name}": row.children_kwh,
        f"unaccounted_{name}": row.unaccounted_kwh,
        "unaccounted_ratio": row.unaccounted_ratio,
        "children": row.children,
        "missing_children": row.missing_children,
        "known_ratio": row.known_ratio,
        "quality": row.quality,
    }
