"""One opportunity: what shows it, what it is worth, what somebody makes of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.context import AppContext, Context
from api.errors import ProblemError
from api.identity import Viewer
from api.models.opportunities import MeasureFromOpportunity, OpportunityChange
from api.opportunity_changes import changed_opportunity, made_measure, the_opportunity
from api.pages.crumbs import Crumb, customer_href, meter_href, site_href
from api.pages.form_faults import form_faults
from api.pages.frame import Frame, PageFrame
from api.pages.meter_facts import Fact
from api.pages.opportunities import line_of
from api.pages.opportunity_chart import evidence_chart
from api.pages.opportunity_words import action_of
from api.roles import demand
from api.sessions import CSRF_FIELD, check_csrf
from loadstone.storage.opportunities import OpportunityRow

router = APIRouter(include_in_schema=False)
_Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_Line = Annotated[str, Form(max_length=2000)]
_Csrf = Annotated[str, Form(alias=CSRF_FIELD)]
_LABELS = {
    "status": "opportunity.status", "owner": "opportunity.owner", "note": "opportunity.note",
    "what": "opportunity.measure_what", "planned_on": "opportunity.measure_day",
}  # fmt: skip
ANSWERS = ("new", "accepted", "proposed", "rejected", "done")


@router.get("/opportunities/{opportunity_id}")
def opportunity(
    frame: PageFrame, context: Context, opportunity_id: _Id, saved: bool = False
) -> Response:
    """What was seen, with its chart, and a form for who may answer."""
    with context.reading(frame.reader) as connection:
        row = the_opportunity(connection, frame.reader, opportunity_id)
    return _page(frame, context, row, message=frame.t("opportunity.saved") if saved else "")


@router.post("/opportunities/{opportunity_id}")
def answer(
    request: Request, frame: PageFrame, context: Context, opportunity_id: _Id,
    status: _Line = "", owner: _Line = "", note: _Line = "", token: _Csrf = "",
) -> Response:  # fmt: skip
    """Put status, owner and note; or show the form again with what is wrong."""
    viewer = _keeper(request, frame, token)
    given = {"owner": owner.strip() or None, "note": note.strip() or None}
    if status and status != "measure":
        given["status"] = status
    with context.writing(viewer.actor) as connection:
        row = the_opportunity(connection, viewer, opportunity_id)
        try:
            body = OpportunityChange.model_validate(given)
            changed_opportunity(connection, viewer, row, body, context.now())
        except ValidationError as error:
            return _refused(frame, context, row, error)
        except ProblemError as error:
            return _page(frame, context, row, refusal=error.detail or "", status=error.status)
    return _back(opportunity_id)


@router.post("/opportunities/{opportunity_id}/measure")
def make_measure(
    request: Request, frame: PageFrame, context: Context, opportunity_id: _Id,
    what: _Line = "", planned_on: _Line = "", token: _Csrf = "",
) -> Response:  # fmt: skip
    """Make it a measure; or show the form again with what is wrong."""
    viewer = _keeper(request, frame, token)
    given = {"what": what.strip(), "planned_on": planned_on.strip() or None}
    with context.writing(viewer.actor) as connection:
        row = the_opportunity(connection, viewer, opportunity_id)
        try:
            body = MeasureFromOpportunity.model_validate(given)
            made_measure(connection, viewer, row, body, context.now())
        except ValidationError as error:
            return _refused(frame, context, row, error)
        except ProblemError as error:
            return _page(frame, context, row, refusal=error.detail or "", status=error.status)
    return _back(opportunity_id)


def _keeper(request: Request, frame: Frame, token: str) -> Viewer:
    check_csrf(request, token)
    demand(frame.reader, "accounts.change")
    return frame.reader


def _back(opportunity_id: int) -> Response:
    return RedirectResponse(f"/opportunities/{opportunity_id}?saved=1", status_code=303)


def _refused(
    frame: Frame, context: AppContext, row: OpportunityRow, error: ValidationError
) -> Response:
    faults = form_faults(frame, error)
    text = "; ".join(f"{frame.t(_LABELS[name])}: {rule}" for name, rule in faults.items())
    return _page(frame, context, row, refusal=frame.t("opportunity.refused", rule=text), status=422)


def _page(
    frame: Frame, context: AppContext, row: OpportunityRow, *, message: str = "",
    refusal: str = "", status: int = 200,
) -> Response:  # fmt: skip
    t, f, now = frame.t, frame.f, context.now()
    line = line_of(frame, row, now)
    return frame.page(
        "opportunity.html", section="opportunities", status=status, row=row, line=line,
        action=action_of(t, row.code), chart=evidence_chart(frame, row), facts=_facts(frame, row),
        way=[
            Crumb(label=t("nav.opportunities"), href="/opportunities"),
            Crumb(label=line.customer, href=customer_href(row.customer_id)),
            Crumb(label=line.site, href=site_href(row.site_id)),
        ],
        meter_href=meter_href(row.meter_id) if row.meter_id else "",
        seen=t("opportunity.since", first=f.instant(row.first_found_at, row.zone, now),
               last=f.instant(row.last_found_at, row.zone, now)),
        answers=ANSWERS if row.status != "measure" else ("measure", "done"),
        may_change=frame.reader.may("accounts.change"), message=message, refusal=refusal,
    )  # fmt: skip


def _facts(frame: Frame, row: OpportunityRow) -> list[Fact]:
    t, f = frame.t, frame.f
    energy = " ".join(f.energy(row.energy_kwh)) if row.energy_kwh else t("opportunity.no_energy")
    facts = [Fact(name=t("opportunity.energy"), value=energy)]
    if row.energy_kwh:
        low, high = (" ".join(f.energy(v)) for v in (row.energy_low_kwh, row.energy_high_kwh))
        facts[0] = Fact(
            name=t("opportunity.energy"),
            value=f"{energy} ({t('opportunity.range', low=low, high=high)})",
        )
    if row.demand_kw:
        facts.append(Fact(name=t("opportunity.demand"), value=f"{f.power(row.demand_kw)} kW"))
    facts += [
        Fact(name=t("opportunity.confidence"), value=t(f"opportunity.level_{row.confidence}")),
        Fact(name=t("opportunity.effort"), value=t(f"opportunity.level_{row.effort}")),
        Fact(name=t("opportunity.status"), value=t(f"opportunity.status_{row.status}")),
        Fact(name=t("opportunity.owner"), value=row.owner or t("opportunity.nobody")),
    ]
    return facts
