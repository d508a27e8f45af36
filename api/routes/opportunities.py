"""Opportunities: what could be saved, ranked by money, and what is made of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.changes import Changing
from api.context import Context
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn
from api.models.fields import Page
from api.models.opportunities import (
    MeasureFromOpportunity,
    OpportunitiesWanted,
    OpportunityAnswer,
    OpportunityChange,
)
from api.opportunity_changes import changed_opportunity, made_measure, the_opportunity
from api.paging import page_of
from api.roles import AccountKeeper
from loadstone.storage.opportunities import OpportunityFilter, OpportunityRow, list_opportunities
from loadstone.storage.read_only import Connection

router = APIRouter(tags=["savings"])
OpportunityId = Annotated[int, Path(description="Id.", ge=1, le=2**63 - 1, examples=[3])]


@router.get("/opportunities", response_model=Page[OpportunityAnswer])
def opportunities(
    context: Context, viewer: SignedIn, wanted: Annotated[OpportunitiesWanted, Query()]
) -> Response:
    """What could be saved where, what is worth most first."""
    filters = OpportunityFilter(
        customer_id=wanted.customer_id, site_id=wanted.site_id, code=wanted.code,
        statuses=None if wanted.status is None else (wanted.status,), gone=wanted.gone,
    )  # fmt: skip
    part = wanted.part(wanted.sort)
    with context.reading(viewer) as connection:
        rows = list_opportunities(connection, viewer.customer_id, filters, part)
    return FastJson(page_of(rows, wanted.limit, wanted.sort, "opportunity_id"))


@router.get("/opportunities/{opportunity_id}", response_model=OpportunityAnswer)
def opportunity(context: Context, viewer: SignedIn, opportunity_id: OpportunityId) -> Response:
    """One opportunity with its evidence."""
    with context.reading(viewer) as connection:
        return tagged(the_opportunity(connection, viewer, opportunity_id))


@router.patch("/opportunities/{opportunity_id}", response_model=OpportunityAnswer)
def change_one(
    change: Changing, viewer: AccountKeeper, opportunity_id: OpportunityId, body: OpportunityChange
) -> Response:
    """Change its status, its owner or its note; what is not sent stays."""

    def work(connection: Connection) -> OpportunityRow:
        row = the_opportunity(connection, viewer, opportunity_id)
        change.check_match(row)
        return changed_opportunity(connection, viewer, row, body, change.context.now())

    return change.perform(work)


@router.post(
    "/opportunities/{opportunity_id}/measure", status_code=201, response_model=OpportunityAnswer
)
def make_measure(
    change: Changing, viewer: AccountKeeper, opportunity_id: OpportunityId,
    body: MeasureFromOpportunity,
) -> Response:  # fmt: skip
    """Make it a measure of its site, whose savings are verified once it is implemented."""

    def work(connection: Connection) -> OpportunityRow:
        row = the_opportunity(connection, viewer, opportunity_id)
        change.check_match(row)
        return made_measure(connection, viewer, row, body, change.context.now())

    return change.perform(work, status=201)
