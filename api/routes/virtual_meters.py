"""Virtual meters: making them, and their energy and load."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.changes import Changing
from api.context import Context
from api.errors import not_found, refused
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn, Viewer
from api.intervals import metered
from api.list_parameters import Paging
from api.lookup import Reference, the_customer, the_site
from api.models.fields import Page
from api.models.virtual import (
    NewVirtualMeterBody,
    VirtualEnergy,
    VirtualLoad,
    VirtualMeter,
    VirtualMeterBody,
    VirtualTerm,
)
from api.paging import page_of
from api.parameters import EnergyWanted, Stepped
from api.registers import energy_field, unit_of
from api.roles import Operator
from api.virtual_terms import checked_terms
from api.zones import one_zone, zone_errors
from loadstone.storage.read_only import Connection
from loadstone.storage.virtual_meters import (
    NewVirtualMeter,
    VirtualMeterRow,
    find_virtual_meter,
    list_virtual_meters,
    put_virtual_meter,
    terms_of,
    virtual_code_taken,
    virtual_energy_of,
    virtual_load_of,
)

router = APIRouter(tags=["virtual meters"])


@router.get("/virtual-meters")
def virtual_meters(
    context: Context, viewer: SignedIn, wanted: Annotated[Paging, Query()]
) -> Page[VirtualMeter]:
    """Virtual meters by id, each with its terms."""
    part = wanted.part("virtual_meter_id")
    after = part.after[1] if part.after else 0
    with context.reading(viewer) as connection:
        rows = list_virtual_meters(connection, viewer.customer_id, after=after, most=part.most)
        page = page_of(rows, wanted.limit, "virtual_meter_id", "virtual_meter_id")
        answers = [_answer(connection, row) for row in page["data"]]
    return Page(data=answers, next_cursor=page["next_cursor"])


@router.get("/virtual-meters/{reference}", response_model=VirtualMeter)
def virtual_meter(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """One virtual meter by id or code."""
    with context.reading(viewer) as connection:
        row = _the_virtual_meter(connection, viewer, reference)
        return tagged(_answer(connection, row).model_dump(mode="json"))


@router.post("/virtual-meters", status_code=201, response_model=VirtualMeter)
def make(change: Changing, viewer: Operator, body: NewVirtualMeterBody) -> Response:
    """Make a virtual meter of a site's meters, or of a customer's."""

    def work(connection: Connection) -> object:
        if virtual_code_taken(connection, body.code):
            raise refused("code", body.code, "must be new: change an existing one by PUT")
        customer_id, site_id = _scope(connection, viewer, body)
        made = _put(connection, viewer, body.code, customer_id, site_id, body)
        return made.model_dump(mode="json")

    return change.perform(work, status=201)


@router.put("/virtual-meters/{reference}", response_model=VirtualMeter)
def replace(
    change: Changing, viewer: Operator, reference: Reference, body: VirtualMeterBody
) -> Response:
    """Replace the names and all terms of a virtual meter."""

    def work(connection: Connection) -> object:
        row = _the_virtual_meter(connection, viewer, reference)
        change.check_match(_answer(connection, row).model_dump(mode="json"))
        put = _put(connection, viewer, row.code, row.customer_id, row.site_id, body)
        return put.model_dump(mode="json")

    return change.perform(work)


@router.get("/virtual-meters/{reference}/energy", response_model=VirtualEnergy)
def energy(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[EnergyWanted, Query()],
) -> Response:
    """Energy by interval of [from, to): missing where a term is missing, and as good as the worst.

    Validity cuts exactly: the sum is that of the terms' registers, each over its own time.
    """
    register = wanted.register_name
    with context.reading(viewer) as connection:
        row = _the_virtual_meter(connection, viewer, reference)
        zone = one_zone(wanted.tz, row.zone)
        terms = len(terms_of(connection, row.virtual_meter_id))
        span = wanted.grid(context.now(), meters=terms)
        with zone_errors(zone):
            rows = virtual_energy_of(
                connection,
                row.virtual_meter_id,
                span.start,
                span.end,
                wanted.step.sql,
                zone,
                register,
            )
    return FastJson(
        {
            "virtual_meter_id": row.virtual_meter_id,
            "code": row.code,
            "zone": zone,
            "step": wanted.step.name,
            "start_at": span.start,
            "end_at": span.end,
            "register": register,
            "unit": unit_of(register),
            **metered(rows, energy_field(register)),
        }
    )


@router.get("/virtual-meters/{reference}/load", response_model=VirtualLoad)
def load(
    context: Context, viewer: SignedIn, reference: Reference, wanted: Annotated[Stepped, Query()]
) -> Response:
    """Mean power by interval of [from, to), from the energy of the terms."""
    with context.reading(viewer) as connection:
        row = _the_virtual_meter(connection, viewer, reference)
        zone = one_zone(wanted.tz, row.zone)
        terms = len(terms_of(connection, row.virtual_meter_id))
        span = wanted.grid(context.now(), meters=terms)
        with zone_errors(zone):
            rows = virtual_load_of(
                connection, row.virtual_meter_id, span.start, span.end, wanted.step.sql, zone
            )
    points = [asdict(point) for point in rows]
    for point in points:
        del point["meter_id"]
    return FastJson(
        {
            "virtual_meter_id": row.virtual_meter_id,
            "code": row.code,
            "zone": zone,
            "step": wanted.step.name,
            "start_at": span.start,
            "end_at": span.end,
            "data": points,
        }
    )


def _the_virtual_meter(connection: Connection, viewer: Viewer, reference: str) -> VirtualMeterRow:
    row = None
    if "\x00" not in reference:
        row = find_virtual_meter(connection, viewer.customer_id, reference)
    if row is None:
        raise not_found("virtual meter", reference)
    return row


def _answer(connection: Connection, row: VirtualMeterRow) -> VirtualMeter:
    values = asdict(row)
    del values["zone"]
    terms = [VirtualTerm(**asdict(t)) for t in terms_of(connection, row.virtual_meter_id)]
    return VirtualMeter(**values, terms=terms)


def _scope(
    connection: Connection, viewer: Viewer, body: NewVirtualMeterBody
) -> tuple[int, int | None]:
    if (body.site_id is None) == (body.customer_id is None):
        raise refused("site_id", body.site_id, "must be given, or `customer_id`, but not both")
    if body.site_id is not None:
        site = the_site(connection, viewer, str(body.site_id))
        return site.customer_id, site.site_id
    return the_customer(connection, viewer, str(body.customer_id)).customer_id, None


def _put(
    connection: Connection,
    viewer: Viewer,
    code: str,
    customer_id: int,
    site_id: int | None,
    body: VirtualMeterBody,
) -> VirtualMeter:
    wanted = NewVirtualMeter(
        code=code,
        customer_id=customer_id,
        site_id=site_id,
        name_en=body.name_en,
        name_zh=body.name_zh,
        terms=checked_terms(connection, customer_id, site_id, body.terms),
    )
    virtual_meter_id = put_virtual_meter(connection, wanted, viewer.name)
    return _answer(connection, _the_virtual_meter(connection, viewer, str(virtual_meter_id)))
