"""Measures and what they saved: proposed, implemented, verified, with what else moved the load."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.changes import Changing
from api.context import Context
from api.errors import not_found
from api.etags import tagged
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import Paging
from api.lookup import Reference, the_customer, the_site
from api.models.fields import Page
from api.models.savings import (
    DeclaredEventBody,
    EventDecisionBody,
    NewSavingMeasureBody,
    NonRoutineEventAnswer,
    SavingMeasure,
    SavingMeasureBody,
    SavingVerification,
    Status,
    VerifiedSavingsList,
)
from api.paging import page_of
from api.parameters import IdParameter
from api.roles import AccountKeeper
from api.saving_changes import check_event_days, judge_now, plan_of, the_measure
from loadstone.storage.non_routine_events import (
    Decision,
    Flag,
    NonRoutineEvent,
    decide_event,
    declare_event,
    events_of_measure,
    non_routine_event,
)
from loadstone.storage.read_only import Connection
from loadstone.storage.saving_measures import change_measure, list_measures, put_measure
from loadstone.storage.saving_verifications import verifications_of, verified_savings

router = APIRouter(tags=["savings"])
BigId = Annotated[int, Path(description="Id.", ge=1, le=2**63 - 1, examples=[4])]
MOST_VERIFICATIONS = 50


class MeasuresWanted(Paging):
    """Which measures."""

    customer_id: IdParameter | None = None
    site_id: IdParameter | None = None
    status: Status | None = None


@router.get("/saving-measures", response_model=Page[SavingMeasure])
def measures(
    context: Context, viewer: SignedIn, wanted: Annotated[MeasuresWanted, Query()]
) -> Response:
    """Measures by id."""
    part = wanted.part("measure_id")
    with context.reading(viewer) as connection:
        rows = list_measures(
            connection, customer_id=wanted.customer_id, site_id=wanted.site_id,
            statuses=(wanted.status,) if wanted.status else None,
            after=part.after[1] if part.after else 0, most=part.most,
        )  # fmt: skip
    page = page_of(rows, wanted.limit, "measure_id", "measure_id")
    return FastJson({**page, "data": [asdict(row) for row in page["data"]]})


@router.get("/saving-measures/{measure_id}", response_model=SavingMeasure)
def one_measure(context: Context, viewer: SignedIn, measure_id: BigId) -> Response:
    """One measure."""
    with context.reading(viewer) as connection:
        return tagged(asdict(the_measure(connection, measure_id)))


@router.post("/saving-measures", status_code=201, response_model=SavingMeasure)
def make(change: Changing, viewer: AccountKeeper, body: NewSavingMeasureBody) -> Response:
    """Propose a measure, or note one that was implemented."""

    def work(connection: Connection) -> object:
        site = the_site(connection, viewer, str(body.site_id))
        if site.site_id != body.site_id:
            raise not_found("site", body.site_id)
        plan = plan_of(connection, site.site_id, body)
        at = change.context.now()
        made = put_measure(connection, site.site_id, plan, who=viewer.name, at=at)
        return asdict(the_measure(connection, made))

    return change.perform(work, status=201)


@router.put("/saving-measures/{measure_id}", response_model=SavingMeasure)
def replace(
    change: Changing, viewer: AccountKeeper, measure_id: BigId, body: SavingMeasureBody
) -> Response:
    """Say anew what the measure is; what was judged of it stays as it was judged."""

    def work(connection: Connection) -> object:
        row = the_measure(connection, measure_id)
        change.check_match(asdict(row))
        plan = plan_of(connection, row.site_id, body)
        change_measure(connection, measure_id, plan, change.context.now())
        return asdict(the_measure(connection, measure_id))

    return change.perform(work)


@router.get("/saving-measures/{measure_id}/verifications", response_model=Page[SavingVerification])
def verifications(context: Context, viewer: SignedIn, measure_id: BigId) -> Response:
    """What was judged of the measure, newest first; the last fifty."""
    with context.reading(viewer) as connection:
        the_measure(connection, measure_id)
        rows = verifications_of(connection, measure_id, MOST_VERIFICATIONS)
    return FastJson({"data": [asdict(row) for row in rows], "next_cursor": None})


@router.post(
    "/saving-measures/{measure_id}/verifications",
    status_code=201,
    response_model=SavingVerification,
)
def verify(change: Changing, viewer: AccountKeeper, measure_id: BigId) -> Response:
    """Judge the measure by what is known now, and keep the judgement."""

    def work(connection: Connection) -> object:
        row = the_measure(connection, measure_id)
        made = judge_now(connection, row, viewer.name, change.context.now())
        found = verifications_of(connection, measure_id, MOST_VERIFICATIONS)
        return asdict(next(one for one in found if one.verification_id == made))

    return change.perform(work, status=201)


@router.get("/saving-measures/{measure_id}/events", response_model=Page[NonRoutineEventAnswer])
def events(context: Context, viewer: SignedIn, measure_id: BigId) -> Response:
    """What else moved the load, by first day: flagged by the last verification, or declared."""
    with context.reading(viewer) as connection:
        the_measure(connection, measure_id)
        rows = events_of_measure(connection, measure_id)
    return FastJson({"data": [asdict(row) for row in rows], "next_cursor": None})


@router.post(
    "/saving-measures/{measure_id}/events", status_code=201, response_model=NonRoutineEventAnswer
)
def declare(
    change: Changing, viewer: AccountKeeper, measure_id: BigId, body: DeclaredEventBody
) -> Response:
    """Tell of an event that you know of; the next verification counts it."""

    def work(connection: Connection) -> object:
        row = the_measure(connection, measure_id)
        period = check_event_days(body.first_day, body.end_day, row)
        flag = Flag(
            kind="declared", period=period, first_day=body.first_day, end_day=body.end_day,
            effect_kwh=None,
        )  # fmt: skip
        at = change.context.now()
        made = declare_event(connection, measure_id, flag, _decision(body), viewer.name, at)
        return asdict(_the_event(connection, made))

    return change.perform(work, status=201)


@router.put("/non-routine-events/{event_id}", response_model=NonRoutineEventAnswer)
def decide(
    change: Changing, viewer: AccountKeeper, event_id: BigId, body: EventDecisionBody
) -> Response:
    """Confirm or dismiss an event; the next verification counts it so."""

    def work(connection: Connection) -> object:
        change.check_match(asdict(_the_event(connection, event_id)))
        at = change.context.now()
        decide_event(connection, event_id, _decision(body), viewer.name, at)
        return asdict(_the_event(connection, event_id))

    return change.perform(work)


@router.get("/customers/{reference}/verified-savings", response_model=VerifiedSavingsList)
def verified(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """What is proven of the customer's measures, each by its newest verification."""
    with context.reading(viewer) as connection:
        customer = the_customer(connection, viewer, reference)
        rows = verified_savings(connection, context.now(), [customer.customer_id])
    told: dict[str, Any] = {"data": [asdict(row) for row in rows]}
    return FastJson(told)


def _decision(body: EventDecisionBody) -> Decision:
    return Decision(
        status=body.status, treatment=body.treatment, adjustment_kwh=body.adjustment_kwh,
        note=body.note,
    )  # fmt: skip


def _the_event(connection: Connection, event_id: int) -> NonRoutineEvent:
    row = non_routine_event(connection, event_id)
    if row is None:
        raise not_found("event", event_id)
    return row
