"""Data quality: what was refused or flagged, and why, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.pages.frame import Frame, PageFrame
from api.pages.refusals import refusal_text
from loadstone.storage.screens.quarantine import QuarantineView, quarantine_page

router = APIRouter(include_in_schema=False)
_A_PAGE = 50
_LATEST_US = 4_000_000_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRow:
    """One row in words; `payload` is text, with bytes that are none shown as such."""

    view: QuarantineView
    reason: str
    site: str
    last: str
    first: str
    payload: str


@router.get("/quarantine")
def quarantine(
    frame: PageFrame, context: Context,
    severity: Literal["", "refused", "flagged"] = "",
    gateway: str = Query("", max_length=64),
    before: str = Query("", max_length=60, pattern=r"^(\d{1,16}\.\d{1,18})?$"),
) -> Response:  # fmt: skip
    """Newest first, a page at a time; the filter is in the address."""
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    with context.reading() as connection:
        found = quarantine_page(
            connection, customer_id=frame.viewer.customer_id, severity=severity or None,
            gateway=gateway.replace("\x00", "") or None, before=_cursor(before), most=_A_PAGE + 1,
        )  # fmt: skip
    now = context.now()
    rows = [_row(frame, view, now) for view in found[:_A_PAGE]]
    older = None
    if len(found) > _A_PAGE:
        last = found[_A_PAGE - 1]
        seen_us = (last.last_seen_at - _EPOCH) // timedelta(microseconds=1)
        older = _link(severity, gateway, f"{seen_us}.{last.quarantine_id}")
    return frame.page(
        "quarantine.html", section="quality", rows=rows, severity=severity, gateway=gateway,
        older=older, newest=_link(severity, gateway, "") if before else None,
        links={one: _link(one, gateway, "") for one in ("", "refused", "flagged")},
    )  # fmt: skip


def _link(severity: str, gateway: str, before: str) -> str:
    wanted = {"severity": severity, "gateway": gateway, "before": before}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return "/quarantine" + (f"?{query}" if query else "")


def _cursor(before: str) -> tuple[datetime, int] | None:
    """Where the last page ended: microseconds since the epoch and the row's id."""
    if not before:
        return None
    seen_us, _, row = before.partition(".")
    seen = _EPOCH + timedelta(microseconds=min(int(seen_us), _LATEST_US))
    return seen, min(int(row), 2**63 - 1)


def _row(frame: Frame, view: QuarantineView, now: datetime) -> QuarantineRow:
    zone = view.zone or "UTC"
    mark = "" if view.zone else " UTC"
    return QuarantineRow(
        view=view,
        reason=refusal_text(frame, view.code, field=view.field, value=view.value, rule=view.rule),
        site=frame.t.name(view, "site"),
        last=frame.f.instant(view.last_seen_at, zone, now) + mark,
        first=frame.f.instant(view.received_at, zone, now) + mark,
        payload=view.payload.decode("utf-8", errors="backslashreplace").replace("\x00", "␀"),
    )
