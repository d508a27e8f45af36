"""Customers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.context import Context
from api.identity import SignedIn
from api.lookup import Reference, the_customer
from api.models.fields import Page
from api.models.registry import Customer
from api.paging import cut_page
from api.parameters import Paging
from loadstone.storage.portfolio import list_customers

router = APIRouter(tags=["registry"])


@router.get("/customers")
def customers(
    context: Context, viewer: SignedIn, wanted: Annotated[Paging, Query()]
) -> Page[Customer]:
    """The customers that the viewer may see, by id."""
    with context.reading() as connection:
        rows = list_customers(
            connection, viewer.customer_id, after=wanted.after, most=wanted.limit + 1
        )
    part, cursor = cut_page(rows, wanted.limit, lambda row: str(row.customer_id))
    return Page(data=[Customer.model_validate(row) for row in part], next_cursor=cursor)


@router.get("/customers/{reference}")
def customer(context: Context, viewer: SignedIn, reference: Reference) -> Customer:
    """One customer by id or code."""
    with context.reading() as connection:
        return Customer.model_validate(the_customer(connection, viewer, reference))
