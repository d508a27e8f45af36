"""The audit log, searched: who did what, when, from where, and what it was before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response

from api.context import Context
from api.identity import Viewer
from api.pages.frame import PageFrame
from api.roles import page_permitted
from loadstone.storage.audit import AuditFilter, AuditRow, list_audit

router = APIRouter(include_in_schema=False)
_A_PAGE = 50
_AuditReader = Annotated[Viewer, Depends(page_permitted("audit.read"))]
_Text = Annotated[str, Query(max_length=100)]
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One column of a change."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditView:
    """One entry in words."""

    row: AuditRow
    at: str
    what: str
    changed: list[Changed]


@router.get("/audit")
def audit(
    frame: PageFrame, context: Context, viewer: _AuditReader, user: _Text = "", action: _Text = "",
    subject: _Text = "", address: _Text = "",
    since: Annotated[str, Query(pattern=r"^(20\d\d-\d\d-\d\d)?$")] = "",
    until: Annotated[str, Query(pattern=r"^(20\d\d-\d\d-\d\d)?$")] = "",
    before: Annotated[str, Query(pattern=r"^\d{0,18}$")] = "",
) -> Response:  # fmt: skip
    """Newest first, a page at a time; the filter is in the address."""
    given = {"user": user, "action": action, "subject": subject, "address": address}
    wanted = {name: value.replace("\x00", "").strip() or None for name, value in given.items()}
    last_day = _midnight(until)
    filters = AuditFilter(
        **wanted, start=_midnight(since), end=last_day + timedelta(days=1) if last_day else None
    )
    with context.inside() as connection:
        rows = list_audit(
            connection, filters, before=int(before) if before else None, most=_A_PAGE + 1
        )
    query = {**given, "since": since, "until": until}
    older = None
    if len(rows) > _A_PAGE:
        older = _link({**query, "before": str(rows[_A_PAGE - 1].audit_id)})
    return frame.page(
        "audit.html", section="audit", query=query, older=older,
        newest=_link(query) if before else None,
        rows=[
            AuditView(
                row=row, at=f"{row.at:%Y-%m-%d %H:%M:%S} UTC",
                what=frame.t.known(f"audit.action.{row.action}", row.action),
                changed=_changed(row),
            )
            for row in rows[:_A_PAGE]
        ],
    )  # fmt: skip


def _midnight(day: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time(), _UTC) if day else None
    except ValueError:  # a day that no month has
        return None


def _link(query: dict[str, str]) -> str:
    text = urlencode({name: value for name, value in query.items() if value})
    return "/audit" + (f"?{text}" if text else "")


def _changed(row: AuditRow) -> list[Changed]:
    was, becomes = row.before or {}, row.after or {}
    return [
        Changed(name=name, before=_shown(was, name), after=_shown(becomes, name))
        for name in sorted({*was, *becomes})
    ]


def _shown(values: dict[str, Any], name: str) -> str:
    if name not in values or values[name] is None:
        return ""
    value = values[name]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
