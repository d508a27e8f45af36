"""Customers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.changes import Changing
from api.context import Context
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import CustomersWanted
from api.lookup import Reference, the_customer
from api.models.fields import Page
from api.models.registry import Customer
from api.models.registry_bodies import CustomerChange, NewCustomer
from api.paging import page_of
from api.registry_edits import changed, make, retired, sees_all, sees_whole_customers
from api.roles import Operator
from loadstone.storage.portfolio import CustomerFilter, list_customers
from loadstone.storage.read_only import Connection

router = APIRouter(tags=["registry"])


@router.get("/customers", response_model=Page[Customer])
def customers(
    context: Context, viewer: SignedIn, wanted: Annotated[CustomersWanted, Query()]
) -> Response:
    """The customers that the viewer may see."""
    filters = CustomerFilter(
        kind=wanted.kind,
        tier=wanted.tier,
        region=wanted.region,
        retired=wanted.retired,
        q=wanted.q,
    )
    part = wanted.part(wanted.sort)
    with context.reading(viewer) as connection:
        rows = list_customers(connection, viewer.customer_id, filters, part)
    return FastJson(page_of(rows, wanted.limit, wanted.sort, "customer_id"))


@router.get("/customers/{reference}", response_model=Customer)
def customer(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """One customer by id or code."""
    with context.reading(viewer) as connection:
        return tagged(the_customer(connection, viewer, reference))


@router.post("/customers", status_code=201, response_model=Customer)
def make_customer(change: Changing, viewer: Operator, body: NewCustomer) -> Response:
    """Register a customer. For those who see all customers."""

    def check(_connection: Connection) -> None:
        sees_all(viewer)

    return make(
        change,
        "customer",
        body.model_dump(),
        check,
        lambda connection, reference: the_customer(connection, viewer, reference),
    )


@router.patch("/customers/{reference}", response_model=Customer)
def change_customer(
    change: Changing, viewer: Operator, reference: Reference, body: CustomerChange
) -> Response:
    """Change what is sent of a customer. For those who see all its sites."""
    sees_whole_customers(viewer)
    return changed(
        change,
        "customer",
        reference,
        lambda connection, code: the_customer(connection, viewer, code),
        body.given(),
    )


@router.delete("/customers/{reference}", response_model=Customer)
def retire_customer(change: Changing, viewer: Operator, reference: Reference) -> Response:
    """Retire a customer whose sites are all retired; its history stays."""
    sees_whole_customers(viewer)
    return retired(
        change,
        "customer",
        reference,
        lambda connection, code: the_customer(connection, viewer, code),
    )
