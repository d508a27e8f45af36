"""Sites."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import SitesWanted
from api.lookup import Reference, the_site
from api.models.fields import Page
from api.models.registry import Site
from api.paging import page_of
from loadstone.storage.portfolio import SiteFilter, list_sites

router = APIRouter(tags=["registry"])


@router.get("/sites", response_model=Page[Site])
def sites(context: Context, viewer: SignedIn, wanted: Annotated[SitesWanted, Query()]) -> Response:
    """The sites that the viewer may see."""
    filters = SiteFilter(
        customer_id=wanted.customer_id, zone=wanted.zone, retired=wanted.retired, q=wanted.q
    )
    part = wanted.part(wanted.sort)
    with context.reading() as connection:
        rows = list_sites(connection, viewer.customer_id, filters, part)
    return FastJson(page_of(rows, wanted.limit, wanted.sort, "site_id"))


@router.get("/sites/{reference}", response_model=Site)
def site(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """One site by id or code."""
    with context.reading() as connection:
        return FastJson(the_site(connection, viewer, reference))
