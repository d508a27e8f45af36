"""Correcting a meter's registers: asked for, shown what it does to the energy, then made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.context import AppContext, Context
from api.identity import Viewer
from api.pages.calendar import day_start, local_day
from api.pages.correction_form import FIELDS, INSTANTS, KINDS, OPTIONAL, PATHS, REASONS, Asked, Kind
from api.pages.crumbs import crumbs_of
from api.pages.form_faults import form_faults, said_rule
from api.pages.frame import Frame, PageFrame
from api.pages.meter import visible_meter
from api.pages.site import visible_place
from api.roles import demand
from api.sessions import CSRF_FIELD, check_csrf
from ingest.again import judge_again
from ledger.correct import correct
from loadstone.domain.corrections import CorrectionRefusedError, Withdrawal
from loadstone.storage.judging import judge_alone
from loadstone.storage.ledger import (
    Author,
    NewEvent,
    append_event,
    find_event,
    list_events,
    lock_meter,
)
from loadstone.storage.quarantine_decisions import Decided, decide
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.energy_effect import energy_by_day
from loadstone.storage.screens.meter import MeterIdentity
from loadstone.storage.screens.places import Place
from loadstone.storage.screens.quarantine import QuarantineWanted, quarantine_ids
from loadstone.storage.series import EpochRow, list_epochs

router = APIRouter(include_in_schema=False)
_MOST_DAYS = 62
_LABELS = {"trust", "distrust", "rejudge"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectDay:
    """A local day's energy without and with the correction, in words."""

    day: str
    before: str
    after: str
    difference: str
    is_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the correction does: the days it touches, and their sums."""

    days: list[EffectDay]
    before: str
    after: str
    difference: str
    is_cut: bool


def _asked(request: Request, zone: str, form: Mapping[str, str]) -> Asked:
    kinds = (*KINDS, "withdraw")
    wish = form.get("kind", "exchange")
    kind: Kind = wish if wish in kinds else "exchange"  # type: ignore[assignment]
    return Asked(kind=kind, values={k: str(v)[:2000] for k, v in form.items()}, zone=zone)


@router.get("/meters/{meter_id}/correct")
def form(
    meter_id: int, request: Request, frame: PageFrame, context: Context,
    kind: Annotated[str, Query(max_length=20)] = "exchange",
) -> Response:  # fmt: skip
    """The form of one kind of correction; what is known already stands in the address."""
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    demand(frame.viewer, "readings.correct")
    with context.reading(frame.reader) as connection:
        meter = visible_meter(connection, frame, meter_id, context.now())
        here = visible_place(connection, frame, meter.site_id)
        epochs = list_epochs(connection, meter_id)
    asked = _asked(request, here.zone, {**request.query_params, "kind": kind})
    return _page(frame, context, meter, here, epochs, asked)


async def sent_form(request: Request) -> dict[str, str]:
    """The fields that were sent; files are not looked at."""
    fields = await request.form(max_files=0, max_fields=60)
    return {str(k): v.replace("\x00", "") for k, v in fields.items() if isinstance(v, str)}


SentForm = Annotated[dict[str, str], Depends(sent_form)]


@router.post("/meters/{meter_id}/correct")
def send(
    meter_id: int, request: Request, frame: PageFrame, context: Context, fields: SentForm
) -> Response:
    """Show what the correction would do; with `step` = apply make it, and go to the registers."""
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    check_csrf(request, fields.get(CSRF_FIELD))
    demand(frame.viewer, "readings.correct")
    step: Literal["preview", "apply"] = "apply" if fields.get("step") == "apply" else "preview"
    with context.reading(frame.reader) as connection:
        meter = visible_meter(connection, frame, meter_id, context.now())
        here = visible_place(connection, frame, meter.site_id)
        epochs = list_epochs(connection, meter_id)
    asked = _asked(request, here.zone, fields)
    try:
        effect = _perform(frame, context, meter, here, asked, apply=step == "apply")
    except ValidationError as error:
        faults = form_faults(frame, error, PATHS)
        return _page(frame, context, meter, here, epochs, asked, faults=faults)
    except CorrectionRefusedError as error:
        field = PATHS.get(error.field, error.field)
        faults = {field if field in FIELDS[asked.kind] else "note": said_rule(frame, error.rule)}
        return _page(frame, context, meter, here, epochs, asked, faults=faults)
    if step == "apply":
        return RedirectResponse(f"/meters/{meter_id}?corrected=1#registers", status_code=303)
    return _page(frame, context, meter, here, epochs, asked, effect=effect)


def _perform(
    frame: Frame, context: AppContext, meter: MeterIdentity, here: Place, asked: Asked, *,
    apply: bool,
) -> Effect:  # fmt: skip
    """Correct in a transaction, which is undone where it is only to be shown."""
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    viewer = frame.viewer
    if asked.kind != "rejudge":
        asked.correction()  # what cannot be is refused before anything is locked
    with context.writing(viewer.actor) as connection:
        start, end, is_cut = _touched(connection, meter, here, asked, context.now())
        labels = asked.kind in _LABELS or _undoes_labels(connection, meter, asked)
        before = energy_by_day(
            connection, meter.meter_id, start, end, here.zone, from_readings=labels
        )
        _change(connection, meter, asked, viewer)
        after = energy_by_day(
            connection, meter.meter_id, start, end, here.zone, from_readings=labels
        )
        if apply:
            _settle(connection, viewer, asked, context.now())
        else:
            connection.rollback()
    return _effect(frame, before, after, here.zone, is_cut=is_cut)


def _change(connection: Connection, meter: MeterIdentity, asked: Asked, viewer: Viewer) -> None:
    author = Author(name=viewer.name, note=asked.values.get("note", "").strip())
    if asked.kind != "rejudge":
        correct(connection, meter.meter_id, asked.correction(), author)
        return
    start, end = asked.instant("from"), asked.instant("to")
    if start is None or end is None or not start < end <= start + timedelta(days=31):
        raise CorrectionRefusedError("to", None, "must be after `from`, by 31 days at most")
    if len(author.note) < 3:
        raise CorrectionRefusedError("note", None, "must say why, in three letters or more")
    limits = lock_meter(connection, meter.meter_id)
    judge_alone(connection)
    ms = [round(at.timestamp() * 1000) for at in (start, end)]
    found = judge_again(connection, limits, ms[0], ms[1], apply=True)
    details = {
        "before": {"epochs": len(found.epochs_before)},
        "after": {"epochs": len(found.epochs_after)},
        "relabelled": sum(run.readings for run in found.relabelled),
    }
    event = NewEvent(kind="rejudge", starts_at=start, ends_at=end, details=details)
    append_event(connection, meter.meter_id, event, author)


def _undoes_labels(connection: Connection, meter: MeterIdentity, asked: Asked) -> bool:
    if asked.kind != "withdraw":
        return False
    correction = asked.correction()
    assert isinstance(correction, Withdrawal)  # noqa: S101 - by its kind
    event = find_event(connection, meter.meter_id, correction.ledger_event_id)
    return event is not None and event.kind in ("trust", "distrust")


def _touched(
    connection: Connection, meter: MeterIdentity, here: Place, asked: Asked, now: datetime
) -> tuple[datetime, datetime, bool]:
    """The local days that the correction can change, at most two months of them."""
    first, last = asked.instant("from") or asked.instant("at"), asked.instant("to")
    if asked.kind in ("epoch", "join"):
        number = asked.values.get("epoch", "")
        epochs = list_epochs(connection, meter.meter_id)
        first = next((e.starts_at for e in epochs if str(e.epoch) == number), None)
    if asked.kind == "withdraw" and asked.values.get("event", "").isdigit():
        number_of = min(int(asked.values["event"]), 2**63 - 1)
        event = find_event(connection, meter.meter_id, number_of)
        first, last = (event.starts_at, event.ends_at) if event else (None, None)
    first = min(first or now, now)
    if last is None:
        last = now if asked.kind in ("ratio", "withdraw") else first + timedelta(days=1)
    day = local_day(first, here.zone) - timedelta(days=1)
    until = local_day(min(last, now), here.zone) + timedelta(days=2)
    is_cut = (until - day).days > _MOST_DAYS
    if is_cut:
        until = day + timedelta(days=_MOST_DAYS)
    return day_start(day, here.zone), day_start(until, here.zone), is_cut


def _settle(connection: Connection, viewer: Viewer, asked: Asked, now: datetime) -> None:
    """The row of quarantine from which somebody came is accepted with it."""
    row = asked.values.get("quarantine", "")
    if not row.isdigit() or len(row) > 18:
        return
    wanted = QuarantineWanted(customer_id=viewer.customer_id, status="open")
    ids = quarantine_ids(connection, wanted, ids=[int(row)], most=1)
    note = asked.values.get("note", "").strip()
    decide(connection, ids, Decided(decision="accepted", who=viewer.name, at=now, note=note))


def _effect(
    frame: Frame, before: Mapping[datetime, float | None], after: Mapping[datetime, float | None],
    zone: str, *, is_cut: bool,
) -> Effect:  # fmt: skip
    f, days = frame.f, []
    for start in sorted(set(before) | set(after)):
        was, becomes = before.get(start), after.get(start)
        days.append(
            EffectDay(
                day=f.day(start.astimezone(ZoneInfo(zone)).date(), weekday=True),
                before=f.number(was, 2), after=f.number(becomes, 2),
                difference=_difference(frame, was, becomes),
                is_changed=was is None or becomes is None or abs(was - becomes) >= 0.005,
            )
        )  # fmt: skip
    was = sum(value for value in before.values() if value is not None)
    becomes = sum(value for value in after.values() if value is not None)
    return Effect(
        days=[day for day in days if day.is_changed] or days[:3], before=f.number(was, 2),
        after=f.number(becomes, 2), difference=_difference(frame, was, becomes), is_cut=is_cut,
    )  # fmt: skip


def _difference(frame: Frame, was: float | None, becomes: float | None) -> str:
    if was is None or becomes is None:
        return frame.f.number(None)
    text = frame.f.number(becomes - was, 2)
    return f"+{text}" if becomes - was >= 0.005 else text


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field as the template writes it; `kind` is time, number, epoch, reason or event."""

    name: str
    label: str
    value: str
    kind: str
    is_optional: bool
    unit: str
    fault: str


def _page(
    frame: Frame, context: AppContext, meter: MeterIdentity, here: Place, epochs: list[EpochRow],
    asked: Asked, *, faults: Mapping[str, str] | None = None, effect: Effect | None = None,
) -> Response:  # fmt: skip
    now, wrong = context.now(), dict(faults or {})
    known = FIELDS[asked.kind]
    undone = ""
    if asked.kind == "withdraw":
        with context.reading(frame.reader) as connection:
            rows = list_events(connection, meter.meter_id, before=None, most=200)
        event = next(
            (row for row in rows if str(row.ledger_event_id) == asked.values.get("event")), None
        )
        if event is not None:
            undone = frame.t.known(f"ledger.{event.kind}", event.kind) + (
                f": {event.note}" if event.note else ""
            )
    return frame.page(
        "meter_correct.html", section="sites", meter=meter, place=here,
        way=crumbs_of(frame, here, down_to="meter"), kind=asked.kind,
        kinds=[(k, f"/meters/{meter.meter_id}/correct?kind={k}") for k in KINDS],
        fields=[_field(frame, asked, name, wrong) for name in known],
        epochs=[
            (e.epoch, frame.f.instant(e.starts_at, here.zone, now),
             frame.t.known(f"reason.{e.reason}", e.reason)) for e in epochs[1:][::-1]
        ],
        reasons=REASONS, note=asked.values.get("note", ""), note_fault=wrong.get("note", ""),
        quarantine=asked.values.get("quarantine", ""), effect=effect, undone=undone,
        other_faults=[text for name, text in wrong.items() if name not in (*known, "note")],
        status=422 if faults else 200,
    )  # fmt: skip


_UNITS = {
    "closing_import": "kWh", "opening_import": "kWh", "closing_export": "kWh",
    "opening_export": "kWh", "offset_import": "kWh", "offset_export": "kWh", "energy": "kWh",
    "ratio_factor": "×",
}  # fmt: skip


def _field(frame: Frame, asked: Asked, name: str, faults: Mapping[str, str]) -> FormField:
    value = asked.values.get(name, "")
    kind = "number"
    if name in INSTANTS:
        kind = "time"
        at = asked.instant(name)
        value = at.astimezone(ZoneInfo(asked.zone)).strftime("%Y-%m-%dT%H:%M:%S") if at else ""
    elif name in ("epoch", "reason", "event"):
        kind = name
    return FormField(
        name=name, label=frame.t(f"correct.field_{name}"), value=value, kind=kind,
        is_optional=(asked.kind, name) in OPTIONAL, unit=_UNITS.get(name, ""),
        fault=faults.get(name, ""),
    )  # fmt: skip
