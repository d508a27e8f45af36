"""The shift plan of a site: seen by all who see the site, changed by who keeps the registry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.context import AppContext, Context
from api.pages.crumbs import Crumb, crumbs_of, site_href
from api.pages.energy_shifts import clock
from api.pages.frame import Frame, PageFrame
from api.pages.site import visible_place
from api.roles import demand
from api.sessions import CSRF_FIELD, check_csrf
from loadstone.domain.shift_plan import Shift, ShiftPlan, ShiftPlanError
from loadstone.storage.screens.places import Place
from loadstone.storage.shift_plans import put_shift_plan, shift_plans

router = APIRouter(include_in_schema=False)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?")
_Start = Annotated[str, Form(max_length=10)]
_Name = Annotated[str, Form(max_length=200)]
_RULES = {"start": "shift.rule_quarter", "name": "shift.rule_name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """One shift as the form shows it."""

    number: int
    label: str
    name: str
    begins: str
    lasts: str


@router.get("/sites/{site_id}/shifts")
def shifts(site_id: int, frame: PageFrame, context: Context, saved: bool = False) -> Response:
    """The plan, with a form for who may change it."""
    place, plan = _read(context, frame, site_id)
    rows = [
        ShiftRow(
            number=at, label=frame.t("shift.number", n=at), name=shift.name or "",
            begins=clock(shift.start_min),
            lasts=frame.f.span(timedelta(minutes=plan.length_min(at))),
        )
        for at, shift in enumerate(plan.shifts, start=1)
    ]  # fmt: skip
    return _page(frame, place, rows, message=frame.t("shift.saved") if saved else "")


@router.post("/sites/{site_id}/shifts")
def save_shifts(
    request: Request, site_id: int, frame: PageFrame, context: Context,
    start_1: _Start, start_2: _Start, start_3: _Start,
    name_1: _Name = "", name_2: _Name = "", name_3: _Name = "",
    token: Annotated[str, Form(alias=CSRF_FIELD)] = "",
) -> Response:  # fmt: skip
    """Put the plan, or show the form again with what is wrong."""
    check_csrf(request, token)
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    demand(frame.viewer, "registry.change")
    place, _ = _read(context, frame, site_id)
    starts, names = (start_1, start_2, start_3), (name_1, name_2, name_3)
    try:
        plan = _plan(starts, names)
    except ShiftPlanError as error:
        return _refused(frame, place, starts, names, error)
    with context.writing(frame.viewer.actor) as connection:
        put_shift_plan(connection, site_id, plan)
    return RedirectResponse(f"{site_href(site_id)}/shifts?saved=1", status_code=303)


def _plan(starts: Sequence[str], names: Sequence[str]) -> ShiftPlan:
    shifts = []
    for number, (start, name) in enumerate(zip(starts, names, strict=True), start=1):
        found = _CLOCK.fullmatch(start.strip())
        if found is None:
            raise ShiftPlanError(f"start_{number}", "must be a time of day")
        minutes = int(found[1]) * 60 + int(found[2])
        shifts.append(Shift(start_min=minutes, name=name.strip() or None))
    return ShiftPlan(shifts=tuple(shifts))


def _read(context: AppContext, frame: Frame, site_id: int) -> tuple[Place, ShiftPlan]:
    with context.reading(frame.reader) as connection:
        place = visible_place(connection, frame, site_id)
        return place, shift_plans(connection, [site_id])[site_id]


def _refused(
    frame: Frame, place: Place, starts: Sequence[str], names: Sequence[str], error: ShiftPlanError
) -> Response:
    kind, _, number = error.field.partition("_")
    order = "round the clock" in error.rule
    rule = frame.t("shift.rule_order" if order else _RULES.get(kind, "shift.rule_quarter"))
    what = frame.t("shift.name" if kind == "name" else "shift.begins")
    field = frame.t("shift.number", n=number) + " · " + what
    rows = [
        ShiftRow(number=at, label=frame.t("shift.number", n=at), name=name, begins=start, lasts="")
        for at, (start, name) in enumerate(zip(starts, names, strict=True), start=1)
    ]
    text = frame.t("shift.refused", field=field, rule=rule)
    return _page(frame, place, rows, refusal=text, wrong=error.field, status=422)


def _page(
    frame: Frame, place: Place, rows: Sequence[ShiftRow], *, message: str = "", refusal: str = "",
    wrong: str = "", status: int = 200,
) -> Response:  # fmt: skip
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    here = Crumb(label=frame.t.name(place, "site"), href=site_href(place.site_id))
    return frame.page(
        "shifts.html", section="energy", status=status, place=place, rows=rows, message=message,
        refusal=refusal, wrong=wrong, way=[*crumbs_of(frame, place), here],
        may_change=frame.viewer.may("registry.change"),
    )  # fmt: skip
