"""Customers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import CustomersWanted
from api.lookup import Reference, the_customer
from api.models.fields import Page
from api.models.registry import Customer
from api.paging import page_of
from loadstone.storage.portfolio import CustomerFilter, list_customers

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
    with context.reading() as connection:
        rows = list_customers(connection, viewer.customer_id, filters, part)
    return FastJson(page_of(rows, wanted.limit, wanted.sort, "customer_id"))


@router.get("/customers/{reference}", response_model=Customer)
def customer(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """One customer by id or code."""
    with context.reading() as connection:
        return FastJson(the_customer(connection, viewer, reference))
