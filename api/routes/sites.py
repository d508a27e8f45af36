"""Sites."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.context import Context
from api.identity import SignedIn
from api.lookup import Reference, the_site
from api.models.fields import Page
from api.models.registry import Site
from api.paging import cut_page
from api.parameters import SitesWanted
from loadstone.storage.portfolio import list_sites

router = APIRouter(tags=["registry"])


@router.get("/sites")
def sites(
    context: Context, viewer: SignedIn, wanted: Annotated[SitesWanted, Query()]
) -> Page[Site]:
    """Sites by id."""
    with context.reading() as connection:
        rows = list_sites(
            connection,
            viewer.customer_id,
            customer_id=wanted.customer_id,
            after=wanted.after,
            most=wanted.limit + 1,
        )
    part, cursor = cut_page(rows, wanted.limit, lambda row: str(row.site_id))
    return Page(data=[Site.model_validate(row) for row in part], next_cursor=cursor)


@router.get("/sites/{reference}")
def site(context: Context, viewer: SignedIn, reference: Reference) -> Site:
    """One site by id or code."""
    with context.reading() as connection:
        return Site.model_validate(the_site(connection, viewer, reference))
