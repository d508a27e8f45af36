"""The shift plans of sites."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from api.changes import Changing
from api.context import Context
from api.errors import refused
from api.etags import tagged
from api.identity import SignedIn
from api.lookup import Reference, the_site
from api.models.shifts import ShiftPlanAnswer, ShiftPlanBody
from api.roles import Operator
from loadstone.domain.shift_plan import Shift, ShiftPlan, ShiftPlanError
from loadstone.storage.portfolio import SiteRow
from loadstone.storage.read_only import Connection
from loadstone.storage.shift_plans import put_shift_plan, shift_plans

router = APIRouter(tags=["registry"])


@router.get("/sites/{reference}/shifts", response_model=ShiftPlanAnswer)
def shifts(context: Context, viewer: SignedIn, reference: Reference) -> Response:
    """The three shifts of the site's day; a site without a plan has 00:00, 08:00 and 16:00."""
    with context.reading(viewer) as connection:
        return tagged(_answer(connection, the_site(connection, viewer, reference)))


@router.put("/sites/{reference}/shifts", response_model=ShiftPlanAnswer)
def put_shifts(
    change: Changing, viewer: Operator, reference: Reference, body: ShiftPlanBody
) -> Response:
    """Put the site's plan; statistics by shift follow it, also for the past."""
    try:
        plan = ShiftPlan(
            shifts=tuple(Shift(start_min=_minutes(s.begins), name=s.name) for s in body.shifts)
        )
    except ShiftPlanError as error:
        raise refused("shifts", error.field, error.rule) from error

    def work(connection: Connection) -> object:
        site = the_site(connection, viewer, reference)
        change.check_match(_answer(connection, site))
        put_shift_plan(connection, site.site_id, plan)
        return _answer(connection, site)

    return change.perform(work)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _answer(connection: Connection, site: SiteRow) -> dict[str, Any]:
    plan = shift_plans(connection, [site.site_id])[site.site_id]
    return {
        "site_id": site.site_id,
        "zone": site.zone,
        "shifts": [
            {"begins": f"{s.start_min // 60:02}:{s.start_min % 60:02}", "name": s.name}
            for s in plan.shifts
        ],
    }
