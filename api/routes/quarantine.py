"""What was refused or flagged, and why."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.changes import Changing
from api.context import Context
from api.errors import not_found, refused
from api.identity import SignedIn
from api.list_parameters import QuarantineWanted
from api.models.fields import Page
from api.models.quarantine import (
    Payload,
    QuarantineDecided,
    QuarantineDecisionBody,
    Refusal,
)
from api.paging import page_of
from api.quarantine_deciding import decide_on
from api.roles import QuarantineKeeper
from loadstone.domain import refusal as domain
from loadstone.storage.quarantine_reads import (
    QuarantineFilter,
    QuarantineRow,
    find_quarantine,
    list_quarantine,
)
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.quarantine import QuarantineWanted as RowsWanted

router = APIRouter(tags=["quarantine"])
PREVIEW_BYTES = 4096
_SHORTEST_NOTE = 3


@router.get("/quarantine")
def quarantine(
    context: Context, viewer: SignedIn, wanted: Annotated[QuarantineWanted, Query()]
) -> Page[Refusal]:
    """Refused and flagged messages and readings, the newest first, each with its reason."""
    filters = QuarantineFilter(severity=wanted.severity, gateway=wanted.gateway, code=wanted.code)
    part = wanted.part("-quarantine_id")
    with context.reading(viewer) as connection:
        rows = list_quarantine(
            connection,
            viewer.customer_id,
            filters,
            before=part.after[1] if part.after else None,
            most=part.most,
            preview_bytes=PREVIEW_BYTES,
        )
    page = page_of(rows, wanted.limit, "-quarantine_id", "quarantine_id")
    return Page(data=[_refusal(row) for row in page["data"]], next_cursor=page["next_cursor"])


@router.post("/quarantine-decisions", response_model=QuarantineDecided)
def decide_rows(
    change: Changing, viewer: QuarantineKeeper, body: QuarantineDecisionBody
) -> Response:
    """Dismiss rows of the queue, have them read a second time, or open dismissed ones again."""
    why = body.note.replace("\x00", "").strip()
    if len(why) < _SHORTEST_NOTE:
        raise refused("note", body.note, "must say why, in three letters or more")

    def work(connection: Connection) -> dict[str, int]:
        decided = decide_on(
            connection, RowsWanted(customer_id=viewer.customer_id), body.ids, body.decision,
            who=viewer.name, at=change.context.now(), why=why, shown={},
        )  # fmt: skip
        return {"decided": decided}

    return change.perform(work)


@router.get("/quarantine/{quarantine_id}")
def one_refusal(
    context: Context,
    viewer: SignedIn,
    quarantine_id: Annotated[int, Path(ge=1, le=2**63 - 1, examples=[99])],
) -> Refusal:
    """One refusal."""
    with context.reading(viewer) as connection:
        row = find_quarantine(
            connection, viewer.customer_id, quarantine_id, preview_bytes=PREVIEW_BYTES
        )
    if row is None:
        raise not_found("refusal", quarantine_id)
    return _refusal(row)


def _refusal(row: QuarantineRow) -> Refusal:
    values = asdict(row)
    preview, size_bytes = values.pop("preview"), values.pop("payload_bytes")
    reason = domain.Refusal(code=row.code, rule=row.rule, field=row.field, value=row.value)
    return Refusal(**values, sentence=reason.sentence(), payload=payload(preview, size_bytes))


def payload(preview: bytes, size_bytes: int) -> Payload:
    """What was sent as far as it is shown: text where it is UTF-8 without a NUL."""
    truncated = size_bytes > len(preview)
    text = _as_text(preview, truncated=truncated)
    encoded = None if text is not None else base64.b64encode(preview).decode()
    return Payload(text=text, base64=encoded, size_bytes=size_bytes, truncated=truncated)


def _as_text(preview: bytes, *, truncated: bool) -> str | None:
    try:
        text = preview.decode()
    except UnicodeDecodeError as error:
        # The cut may have gone through the last character.
        if not truncated or error.end != len(preview) or error.start < len(preview) - 3:
            return None
        text = preview[: error.start].decode()
    return None if "\x00" in text else text
