"""Deciding on rows of the quarantine queue, one, many, or all that a filter shows."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.context import Context
from api.errors import refused
from api.pages.frame import PageFrame
from api.pages.quarantine import QueueFilter, Since
from api.quarantine_deciding import Wish, decide_on
from api.roles import demand
from api.sessions import CSRF_FIELD, check_csrf
from loadstone.storage.screens.quarantine import Status

router = APIRouter(include_in_schema=False)
RowId = Annotated[int, Form(ge=1, lt=2**63)]


@router.post("/quarantine/decide")
def decide_rows(
    request: Request, frame: PageFrame, context: Context,
    wish: Annotated[Wish, Form()],
    rows: Annotated[list[int] | None, Form(max_length=1000)] = None,
    everything: Annotated[bool, Form()] = False,
    note: Annotated[str, Form(max_length=2000)] = "",
    token: Annotated[str, Form(alias=CSRF_FIELD)] = "",
    status: Annotated[Status, Form()] = "open",
    severity: Annotated[Literal["", "refused", "flagged"], Form()] = "",
    gateway: Annotated[str, Form(max_length=64)] = "",
    rule: Annotated[str, Form(max_length=64)] = "",
    since: Annotated[Since, Form()] = "",
    meter: Annotated[int | None, Form(ge=1, lt=2**31)] = None,
    site: Annotated[int | None, Form(ge=1, lt=2**31)] = None,
) -> Response:  # fmt: skip
    """Decide on the rows that were ticked, or on all that the filter shows; back to the queue."""
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    check_csrf(request, token)
    demand(frame.viewer, "quarantine.decide")
    said = note.replace("\x00", "").strip()
    if len(said) < 3:
        raise refused("note", note, "must say why, in three letters or more")
    chosen = QueueFilter(
        status=status, severity=severity, gateway=gateway, rule=rule, since=since, meter=meter,
        site=site,
    )  # fmt: skip
    now = context.now()
    only = None if everything else [row for row in rows or [] if 0 < row < 2**63]
    with context.writing(frame.viewer.actor) as connection:
        count = decide_on(
            connection, chosen.wanted(frame.viewer.customer_id, now), only, wish,
            who=frame.viewer.name, at=now, why=said, shown=chosen.fields(),
        )  # fmt: skip
    return RedirectResponse(chosen.href(done=str(count), did=wish), status_code=303)
