"""What was decided of a meter's registers, and correcting it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from api.context import Context
from api.errors import refused
from api.fast_json import FastJson
from api.identity import SignedIn
from api.list_parameters import Paging
from api.lookup import Reference, the_meter
from api.models.fields import Page
from api.models.ledger import CorrectionBody, LedgerEvent
from api.paging import page_of
from api.roles import Corrector
from ledger.correct import correct
from loadstone.domain.corrections import CorrectionRefusedError
from loadstone.storage.ledger import Author, list_events

router = APIRouter(tags=["ledger"])


@router.get("/meters/{reference}/ledger", response_model=Page[LedgerEvent])
def events(
    context: Context, viewer: SignedIn, reference: Reference, wanted: Annotated[Paging, Query()]
) -> Response:
    """Decisions on the registers of a meter, the newest first: the rules' and people's."""
    part = wanted.part("-ledger_event_id")
    before = part.after[1] if part.after else None
    with context.reading(viewer) as connection:
        meter = the_meter(connection, viewer, reference, context.now())
        rows = list_events(connection, meter.meter_id, before=before, most=part.most)
    return FastJson(page_of(rows, wanted.limit, "-ledger_event_id", "ledger_event_id"))


@router.post("/meters/{reference}/corrections", status_code=201)
def correction(
    context: Context,
    viewer: Corrector,
    reference: Reference,
    body: CorrectionBody,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="A name for this request: sent again, it is answered and not done again.",
        ),
    ] = None,
) -> LedgerEvent:
    """Correct the registers of a meter. Readings stay as they came; undo it by `withdraw`."""
    author = Author(name=viewer.name, note=body.note, request_key=idempotency_key)
    try:
        with context.writing(viewer.actor) as connection:
            meter = the_meter(connection, viewer, reference, context.now())
            row = correct(connection, meter.meter_id, body.correction(), author)
    except CorrectionRefusedError as error:
        raise refused(error.field, error.value, error.rule) from error
    return LedgerEvent(**asdict(row))
