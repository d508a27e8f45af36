"""The audit log, for administrators and auditors."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.context import Context
from api.fast_json import FastJson
from api.list_parameters import Paging, TextParameter
from api.models.fields import Page
from api.models.identity import AuditEntry
from api.paging import page_of
from api.parameters import InstantParameter
from api.roles import AuditReader
from loadstone.storage.audit import AuditFilter, list_audit

router = APIRouter(tags=["audit"])


class AuditWanted(Paging):
    """Which entries."""

    user: TextParameter | None = Field(None, description="Name of who did it.")
    action: TextParameter | None = Field(
        None, description="What was done, or its beginning: `user` fits `user.change`."
    )
    kind: TextParameter | None = Field(None, description="Kind of thing it was done to.")
    subject: TextParameter | None = Field(None, description="Code or name of that thing.")
    address: TextParameter | None = Field(None, description="Where it was done from.")
    from_: InstantParameter | None = Field(None, alias="from", description="First instant.")
    to: InstantParameter | None = Field(None, description="First instant that is not part of it.")


@router.get("/audit", response_model=Page[AuditEntry])
def audit(
    context: Context, viewer: AuditReader, wanted: Annotated[AuditWanted, Query()]
) -> Response:
    """Who did what, the newest first: logins, exports, and every change with before and after."""
    part = wanted.part("-audit_id")
    filters = AuditFilter(
        user=wanted.user,
        action=wanted.action,
        kind=wanted.kind,
        subject=wanted.subject,
        address=wanted.address,
        start=wanted.from_,
        end=wanted.to,
    )
    before = part.after[1] if part.after else None
    with context.inside() as connection:
        rows = list_audit(connection, filters, before=before, most=part.most)
    return FastJson(page_of(rows, wanted.limit, "-audit_id", "audit_id"))
