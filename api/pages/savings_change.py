"""Forms of the savings pages: a measure noted or changed, judged, an event decided."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.context import Context
from api.errors import not_found, refused
from api.models.savings import SavingMeasureBody, Status
from api.pages.crumbs import site_href
from api.pages.frame import Frame, PageFrame
from api.pages.savings import measure_href
from api.pages.site import visible_place
from api.roles import demand
from api.saving_changes import judge_now, plan_of, the_measure
from api.sessions import CSRF_FIELD, check_csrf
from loadstone.storage.non_routine_events import Decision, decide_event, non_routine_event
from loadstone.storage.saving_measures import change_measure, put_measure

router = APIRouter(include_in_schema=False)
_Token = Annotated[str, Form(alias=CSRF_FIELD)]
_Text = Annotated[str, Form(max_length=2000)]


@router.post("/sites/{site_id}/savings")
def note_measure(
    request: Request, site_id: int, frame: PageFrame, context: Context,
    what: Annotated[str, Form(max_length=200)],
    status: Annotated[Status, Form()] = "proposed",
    implemented_on: Annotated[str, Form(max_length=10)] = "",
    expected_kwh: Annotated[str, Form(max_length=20)] = "",
    owner: Annotated[str, Form(max_length=80)] = "",
    measure: Annotated[int | None, Form(ge=1, lt=2**63)] = None,
    token: _Token = "",
) -> Response:  # fmt: skip
    """Note a measure, or change the one that is named; what the form does not show is kept."""
    _check(request, frame, token)
    with context.reading(frame.reader) as connection:
        visible_place(connection, frame, site_id)
    body = _body(what, status, implemented_on, expected_kwh, owner)
    now = context.now()
    with context.writing(frame.reader.actor) as connection:
        if measure is None:
            plan = plan_of(connection, site_id, body)
            made = put_measure(connection, site_id, plan, who=frame.reader.name, at=now)
            return _back(f"{site_href(site_id)}/savings?measure={made}")
        row = the_measure(connection, measure)
        kept = body.model_copy(
            update={
                "option": row.option, "meter_ids": row.meter_ids, "planned_on": row.planned_on,
                "baseline_from": row.baseline_from, "note": row.note,
            }
        )  # fmt: skip
        change_measure(connection, measure, plan_of(connection, row.site_id, kept), now)
        return _back(measure_href(row))


@router.post("/savings/{measure_id}/judge")
def judge(
    request: Request, measure_id: int, frame: PageFrame, context: Context, token: _Token = ""
) -> Response:
    """Judge a measure by what is known now."""
    _check(request, frame, token)
    with context.writing(frame.reader.actor) as connection:
        row = the_measure(connection, _id(measure_id, "measure"))
        judge_now(connection, row, frame.reader.name, context.now())
    return _back(measure_href(row))


@router.post("/savings/events/{event_id}")
def decide(
    request: Request, event_id: int, frame: PageFrame, context: Context,
    wish: Annotated[Literal["exclude", "dismiss"], Form()],
    note: _Text = "", token: _Token = "",
) -> Response:  # fmt: skip
    """Leave an event's days out, or dismiss it."""
    _check(request, frame, token)
    said = note.replace("\x00", "").strip()
    if len(said) < 3:
        raise refused("note", note, "must say why, in three letters or more")
    decision = Decision(
        status="confirmed" if wish == "exclude" else "dismissed",
        treatment="exclude" if wish == "exclude" else None, note=said,
    )  # fmt: skip
    with context.writing(frame.reader.actor) as connection:
        event = non_routine_event(connection, _id(event_id, "event"))
        if event is None:
            raise not_found("event", event_id)
        decide_event(connection, event_id, decision, frame.reader.name, context.now())
        row = the_measure(connection, event.measure_id)
    return _back(measure_href(row))


def _check(request: Request, frame: Frame, token: str) -> None:
    check_csrf(request, token)
    demand(frame.reader, "accounts.change")


def _id(row_id: int, what: str) -> int:
    if not 0 < row_id < 2**63:
        raise not_found(what, row_id)
    return row_id


def _back(href: str) -> Response:
    return RedirectResponse(href, status_code=303)


def _body(
    what: str, status: Status, implemented_on: str, expected_kwh: str, owner: str
) -> SavingMeasureBody:
    """The form as the API's body; 422 where a field cannot be read."""
    clean = what.replace("\x00", "").strip()
    if not clean:
        raise refused("what", what, "must say what the measure is")
    try:
        day = date.fromisoformat(implemented_on) if implemented_on else None
    except ValueError as error:
        raise refused("implemented_on", implemented_on, "must be a date") from error
    try:
        expected = float(expected_kwh.replace(",", "")) if expected_kwh.strip() else None
        return SavingMeasureBody(
            what=clean, status=status, implemented_on=day, expected_kwh=expected,
            owner=owner.replace("\x00", "").strip() or None,
        )  # fmt: skip
    except (ValueError, ValidationError) as error:
        raise refused("expected_kwh", expected_kwh, "must be kWh a year") from error
