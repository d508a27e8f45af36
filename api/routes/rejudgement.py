"""Judging a meter's stored readings again by today's rules."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter

from api.context import Context
from api.errors import refused
from api.lookup import Reference, the_meter
from api.models.rejudgement import (
    JudgedEpoch,
    Rejudgement,
    RejudgementBody,
    RelabelledReadings,
)
from api.roles import Corrector
from ingest.again import SecondJudgement, judge_again
from loadstone.domain.registers import Epoch
from loadstone.storage.judging import judge_alone
from loadstone.storage.ledger import Author, NewEvent, append_event, lock_meter

router = APIRouter(tags=["ledger"])


@router.post("/meters/{reference}/rejudgement")
def rejudgement(
    context: Context, viewer: Corrector, reference: Reference, body: RejudgementBody
) -> Rejudgement:
    """Judge the registers of [from, to) again; changes labels and epochs only, if it is applied.

    People's corrections stay laid over whatever comes out.
    """
    if body.from_ >= body.to:
        raise refused("to", body.to.isoformat(), "must be after `from`")
    with context.writing(viewer.actor) as connection:
        meter = the_meter(connection, viewer, reference, context.now())
        limits = lock_meter(connection, meter.meter_id)
        if body.apply:
            judge_alone(connection)
        found = judge_again(connection, limits, _ms(body.from_), _ms(body.to), apply=body.apply)
        answer = _answer(found, applied=body.apply)
        if body.apply:
            event = NewEvent(
                kind="rejudge", starts_at=body.from_, ends_at=body.to, details=_details(answer)
            )
            author = Author(name=viewer.name, note=body.note)
            append_event(connection, meter.meter_id, event, author)
    return answer


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _answer(found: SecondJudgement, *, applied: bool) -> Rejudgement:
    return Rejudgement(
        applied=applied,
        relabelled=[
            RelabelledReadings(
                first_at=_instant(run.from_ms),
                last_at=_instant(run.to_ms),
                readings=run.readings,
                was=run.was,
                now=run.now,
            )
            for run in found.relabelled
        ],
        epochs_before=[_epoch(epoch) for epoch in found.epochs_before],
        epochs_after=[_epoch(epoch) for epoch in found.epochs_after],
    )


def _epoch(epoch: Epoch) -> JudgedEpoch:
    values = asdict(epoch)
    return JudgedEpoch(
        epoch=epoch.number,
        starts_at=_instant(epoch.starts_ms),
        reason=epoch.reason,
        offsets_wh=list(values["offsets"]),
    )


def _details(answer: Rejudgement) -> dict[str, Any]:
    shown = answer.model_dump(mode="json")
    return {
        "before": shown["epochs_before"],
        "after": shown["epochs_after"],
        "relabelled": shown["relabelled"],
    }
