"""Customers' own calendars: shutdowns, extra shifts, events, each a span of local days."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.changes import Changing
from api.context import Context
from api.errors import not_found, refused
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn, Viewer
from api.list_parameters import Paging
from api.lookup import Reference, RowId, the_customer, the_site
from api.models.fields import Page
from api.models.production import (
    NewProductionDayBody,
    ProductionCalendar,
    ProductionDay,
    ProductionDayBody,
)
from api.paging import page_of
from api.parameters import IdParameter
from api.production_days import check_entry
from api.published_years import published_years
from api.roles import CalendarKeeper
from loadstone.storage.production_days import (
    NewProductionDay,
    ProductionDayRow,
    change_production_day,
    production_day,
    production_days,
    put_production_day,
    withdraw_production_day,
)
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecast_sites import forecast_sites

router = APIRouter(tags=["forecasts"])


class ProductionWanted(Paging):
    """Whose entries."""

    customer_id: IdParameter | None = None
    site_id: IdParameter | None = None
    withdrawn: bool = False


@router.get("/production-days", response_model=Page[ProductionDay])
def entries(
    context: Context, viewer: SignedIn, wanted: Annotated[ProductionWanted, Query()]
) -> Response:
    """Entries of calendars by id; with `withdrawn` also those that no longer stand."""
    part = wanted.part("production_day_id")
    after = part.after[1] if part.after else 0
    with context.reading(viewer) as connection:
        rows = production_days(
            connection, customer_id=wanted.customer_id, site_id=wanted.site_id,
            withdrawn=wanted.withdrawn,
        )  # fmt: skip
    mine = sorted(rows, key=lambda row: row.production_day_id)
    mine = [row for row in mine if row.production_day_id > after][: part.most]
    page = page_of(mine, wanted.limit, "production_day_id", "production_day_id")
    return FastJson({**page, "data": [_answer(row) for row in page["data"]]})


@router.get("/production-days/{production_day_id}", response_model=ProductionDay)
def entry(context: Context, viewer: SignedIn, production_day_id: RowId) -> Response:
    """One entry, whether it still stands or was withdrawn."""
    with context.reading(viewer) as connection:
        return tagged(_answer(_the_entry(connection, production_day_id)))


@router.get("/customers/{reference}/production-calendar", response_model=ProductionCalendar)
def calendar(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """A customer's entries that stand, and of which years no holiday plan is published yet."""
    with context.reading(viewer) as connection:
        customer = the_customer(connection, viewer, reference)
        rows = production_days(connection, customer_id=customer.customer_id)
        sites = forecast_sites(connection, customer.customer_id)
    today = context.now().date()
    return FastJson(
        {
            "customer_id": customer.customer_id,
            "data": [_answer(row) for row in rows],
            "public": [published_years(site, today).answer() for site in sites],
        }
    )


@router.post("/production-days", status_code=201, response_model=ProductionDay)
def make(change: Changing, viewer: CalendarKeeper, body: NewProductionDayBody) -> Response:
    """Add an entry; forecasts that are issued after it count it."""

    def work(connection: Connection) -> object:
        customer = the_customer(connection, viewer, str(body.customer_id))
        if customer.customer_id != body.customer_id:
            raise not_found("customer", body.customer_id)
        if body.site_id is not None:
            site = the_site(connection, viewer, str(body.site_id))
            if site.customer_id != customer.customer_id:
                raise refused("site_id", body.site_id, "must be a site of `customer_id`")
        elif not sees_whole(viewer, customer.customer_id):
            raise refused("site_id", None, "is required: you see some of the customer's sites only")
        others = production_days(connection, customer_id=customer.customer_id)
        check_entry(body, body.site_id, others)
        wanted = _wanted(body, customer.customer_id, body.site_id)
        at = change.context.now()
        return _read(connection, put_production_day(connection, wanted, viewer.name, at))

    return change.perform(work, status=201)


@router.put("/production-days/{production_day_id}", response_model=ProductionDay)
def replace(
    change: Changing, viewer: CalendarKeeper, production_day_id: RowId, body: ProductionDayBody
) -> Response:
    """Withdraw the entry and make this one in its place, with an id of its own.

    So it stays known what stood in the calendar when a forecast was issued.
    """

    def work(connection: Connection) -> object:
        row = _standing(connection, viewer, production_day_id)
        change.check_match(_answer(row))
        others = production_days(connection, customer_id=row.customer_id)
        beside = [one for one in others if one.production_day_id != production_day_id]
        check_entry(body, row.site_id, beside)
        wanted = _wanted(body, row.customer_id, row.site_id)
        at = change.context.now()
        made = change_production_day(connection, production_day_id, wanted, viewer.name, at)
        if made is None:
            raise not_found("entry that stands", production_day_id)
        return _read(connection, made)

    return change.perform(work)


@router.delete("/production-days/{production_day_id}", response_model=ProductionDay)
def withdraw(change: Changing, viewer: CalendarKeeper, production_day_id: RowId) -> Response:
    """Take an entry out of force; what was forecast by it stays said."""

    def work(connection: Connection) -> object:
        row = _standing(connection, viewer, production_day_id)
        change.check_match(_answer(row))
        if not withdraw_production_day(
            connection, production_day_id, viewer.name, change.context.now()
        ):
            raise not_found("entry that stands", production_day_id)
        return _read(connection, production_day_id)

    return change.perform(work)


def sees_whole(viewer: Viewer, customer_id: int) -> bool:
    """Whether the viewer sees all of the customer, not some of its sites."""
    return viewer.is_staff or (viewer.sees == "customers" and customer_id in viewer.customer_ids)


def _answer(row: ProductionDayRow) -> dict[str, Any]:
    return asdict(row)


def _the_entry(connection: Connection, production_day_id: int) -> ProductionDayRow:
    row = production_day(connection, production_day_id)
    if row is None:
        raise not_found("entry", production_day_id)
    return row


def _standing(connection: Connection, viewer: Viewer, production_day_id: int) -> ProductionDayRow:
    row = _the_entry(connection, production_day_id)
    if row.withdrawn_at is not None:
        raise not_found("entry that stands", production_day_id)
    if row.site_id is None and not sees_whole(viewer, row.customer_id):
        raise not_found("entry", production_day_id)
    return row


def _read(connection: Connection, production_day_id: int) -> dict[str, Any]:
    return _answer(_the_entry(connection, production_day_id))


def _wanted(body: ProductionDayBody, customer_id: int, site_id: int | None) -> NewProductionDay:
    return NewProductionDay(
        customer_id=customer_id, site_id=site_id, name=body.name.strip(), kind=body.kind,
        first_day=body.first_day, last_day=body.last_day, note=body.note or None,
    )  # fmt: skip
