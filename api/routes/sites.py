"""Sites."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.changes import Changing
from api.context import Context
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import SitesWanted
from api.lookup import Reference, the_customer, the_site
from api.models.fields import Page
from api.models.registry import Site
from api.models.registry_bodies import NewSite, SiteChange
from api.paging import page_of
from api.registry_edits import changed, make, named, retired
from api.roles import Operator
from loadstone.storage.portfolio import SiteFilter, list_sites
from loadstone.storage.read_only import Connection

router = APIRouter(tags=["registry"])


@router.get("/sites", response_model=Page[Site])
def sites(context: Context, viewer: SignedIn, wanted: Annotated[SitesWanted, Query()]) -> Response:
    """The sites that the viewer may see."""
    filters = SiteFilter(
        customer_id=wanted.customer_id, zone=wanted.zone, retired=wanted.retired, q=wanted.q
    )
    part = wanted.part(wanted.sort)
    with context.reading(viewer) as connection:
        rows = list_sites(connection, viewer.customer_id, filters, part)
    return FastJson(page_of(rows, wanted.limit, wanted.sort, "site_id"))


@router.get("/sites/{reference}", response_model=Site)
def site(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """One site by id or code."""
    with context.reading(viewer) as connection:
        return tagged(the_site(connection, viewer, reference))


@router.post("/sites", status_code=201, response_model=Site)
def make_site(change: Changing, viewer: Operator, body: NewSite) -> Response:
    """Register premises of a customer."""

    def check(connection: Connection) -> None:
        customer = str(body.customer_id)
        named("customer_id", customer, lambda: the_customer(connection, viewer, customer))

    return make(
        change,
        "site",
        body.model_dump(),
        check,
        lambda connection, reference: the_site(connection, viewer, reference),
    )


@router.patch("/sites/{reference}", response_model=Site)
def change_site(
    change: Changing, viewer: Operator, reference: Reference, body: SiteChange
) -> Response:
    """Change what is sent of a site. Another zone cuts days and months anew, past ones too."""
    return changed(
        change,
        "site",
        reference,
        lambda connection, code: the_site(connection, viewer, code),
        body.given(),
    )


@router.delete("/sites/{reference}", response_model=Site)
def retire_site(change: Changing, viewer: Operator, reference: Reference) -> Response:
    """Retire a site whose meters and gateways are all retired; its history stays."""
    return retired(
        change, "site", reference, lambda connection, code: the_site(connection, viewer, code)
    )
