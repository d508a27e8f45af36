"""What may be made of an opportunity, for the API and the page alike."""

from __future__ import annotations

from datetime import datetime

from api.errors import ProblemError, not_found, refused
from api.identity import Viewer
from api.models.opportunities import MeasureFromOpportunity, OpportunityChange
from loadstone.storage.opportunities import (
    OpportunityRow,
    change_opportunity,
    find_opportunity,
)
from loadstone.storage.read_only import Connection
from loadstone.storage.saving_measures import MeasurePlan, put_measure


def the_opportunity(connection: Connection, viewer: Viewer, opportunity_id: int) -> OpportunityRow:
    """The opportunity, or 404."""
    row = find_opportunity(connection, viewer.customer_id, opportunity_id)
    if row is None:
        raise not_found("opportunity", opportunity_id)
    return row


def changed_opportunity(
    connection: Connection, viewer: Viewer, row: OpportunityRow, body: OpportunityChange,
    now: datetime,
) -> OpportunityRow:  # fmt: skip
    """Put what was sent; what became a measure keeps its status until that is settled."""
    given = body.given()
    status = str(given.get("status", row.status))
    if row.status == "measure" and status not in ("measure", "done"):
        raise ProblemError(
            status=409, detail="It became a measure: it can only be done, or stay what it is."
        )
    change_opportunity(
        connection, row.opportunity_id, status=status, owner=_text(given.get("owner", row.owner)),
        note=_text(given.get("note", row.note)), at=now,
    )  # fmt: skip
    return the_opportunity(connection, viewer, row.opportunity_id)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def made_measure(
    connection: Connection, viewer: Viewer, row: OpportunityRow, body: MeasureFromOpportunity,
    now: datetime,
) -> OpportunityRow:  # fmt: skip
    """Make it a measure of its site, with what it promises; 409 where it is one already."""
    if row.measure_id is not None:
        raise ProblemError(status=409, detail=f"It is the measure {row.measure_id} already.")
    if body.planned_on is not None and not 1990 <= body.planned_on.year <= 2199:
        day = body.planned_on.isoformat()
        raise refused("planned_on", day, "must lie in the years 1990 to 2199")
    owner = body.owner or row.owner
    plan = MeasurePlan(
        what=body.what, planned_on=body.planned_on, expected_kwh=max(row.energy_kwh, 0.0),
        owner=owner, note=row.note,
    )  # fmt: skip
    measure_id = put_measure(
        connection, row.site_id, plan, who=viewer.name, at=now, opportunity_id=row.opportunity_id
    )
    change_opportunity(
        connection, row.opportunity_id, status="measure", owner=owner, note=row.note, at=now,
        measure_id=measure_id,
    )  # fmt: skip
    return the_opportunity(connection, viewer, row.opportunity_id)
