"""The quarantine queue: what was refused or flagged, why, and what somebody decided of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from api.context import Context
from api.pages.frame import Frame, PageFrame
from api.pages.refusals import refusal_text, rule_text
from loadstone.storage.screens.quarantine import (
    QuarantineGroup,
    QuarantineView,
    QuarantineWanted,
    Status,
    quarantine_groups,
    quarantine_page,
)

router = APIRouter(include_in_schema=False)
_A_PAGE = 50
_LATEST_US = 4_000_000_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Since = Literal["", "1h", "24h", "7d", "30d"]
_SINCE: dict[str, timedelta] = {
    "1h": timedelta(hours=1), "24h": timedelta(days=1), "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}  # fmt: skip
STATUSES: tuple[Status, ...] = ("open", "waiting", "decided", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What the address asks for."""

    status: Status = "open"
    severity: Literal["", "refused", "flagged"] = ""
    gateway: str = ""
    rule: str = ""
    since: Since = ""
    meter: int | None = None
    site: int | None = None

    def wanted(self, customer_id: int | None, now: datetime) -> QuarantineWanted:
        """As the storage asks, in the viewer's scope."""
        return QuarantineWanted(
            customer_id=customer_id, status=self.status, severity=self.severity or None,
            gateway=self.gateway.replace("\x00", "") or None, meter_id=self.meter,
            site_id=self.site, code=self.rule.replace("\x00", "") or None,
            start=now - _SINCE[self.since] if self.since else None,
        )  # fmt: skip

    def href(self, **more: str) -> str:
        """The queue's address with this filter; what is left at its default needs no word."""
        default = asdict(QueueFilter())
        said = {k: str(v) for k, v in asdict(self).items() if v is not None and v != default[k]}
        query = urlencode({**said, **{k: v for k, v in more.items() if v}})
        return "/quarantine" + (f"?{query}" if query else "")

    def fields(self) -> dict[str, str]:
        """As hidden fields of a form."""
        return {k: str(v) for k, v in asdict(self).items() if v not in (None, "")}


def queue_filter(
    status: Status = "open",
    severity: Literal["", "refused", "flagged"] = "",
    gateway: Annotated[str, Query(max_length=64)] = "",
    rule: Annotated[str, Query(max_length=64)] = "",
    since: Since = "",
    meter: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
    site: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> QueueFilter:
    """The filter's parameters."""
    return QueueFilter(
        status=status, severity=severity, gateway=gateway, rule=rule, since=since, meter=meter,
        site=site,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRow:
    """One row in words; `payload` is text, with bytes that are none shown as such."""

    view: QuarantineView
    reason: str
    rule: str
    site: str
    last: str
    first: str
    payload: str
    is_open: bool
    decision: str
    mend_href: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A gateway and a rule with how much of it there is."""

    group: QuarantineGroup
    rule: str
    last: str
    href: str


@router.get("/quarantine")
def quarantine(
    frame: PageFrame, context: Context, chosen: Annotated[QueueFilter, Depends(queue_filter)],
    before: Annotated[str, Query(max_length=60, pattern=r"^(\d{1,16}\.\d{1,18})?$")] = "",
    done: Annotated[int | None, Query(ge=0, lt=2**31)] = None,
    did: Literal["", "dismissed", "again", "reopened"] = "",
) -> Response:  # fmt: skip
    """Newest first, a page at a time; the filter is in the address."""
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    now = context.now()
    wanted = chosen.wanted(frame.viewer.customer_id, now)
    with context.reading(frame.reader) as connection:
        found = quarantine_page(connection, wanted, before=_cursor(before), most=_A_PAGE + 1)
        groups = quarantine_groups(connection, replace(wanted, gateway=None, code=None))
    rows = [_row(frame, view, now) for view in found[:_A_PAGE]]
    older = None
    if len(found) > _A_PAGE:
        last = found[_A_PAGE - 1]
        seen_us = (last.last_seen_at - _EPOCH) // timedelta(microseconds=1)
        older = chosen.href(before=f"{seen_us}.{last.quarantine_id}")
    fitting = [g for g in groups if _fits(g, chosen)]
    return frame.page(
        "quarantine.html", section="quarantine", rows=rows, chosen=chosen, older=older,
        newest=chosen.href() if before else None, total=sum(g.rows for g in fitting),
        groups=[_group(frame, group, chosen, now) for group in groups[:12]],
        gateways=sorted({g.gateway_code for g in groups if g.gateway_code} | {chosen.gateway}),
        rules=sorted({g.code for g in groups} | ({chosen.rule} if chosen.rule else set())),
        statuses=[(s, replace(chosen, status=s).href()) for s in STATUSES],
        severities=[
            (s, replace(chosen, severity=s).href()) for s in ("", "refused", "flagged")
        ],
        sinces=("", *_SINCE), may_decide=frame.viewer.may("quarantine.decide"), done=done, did=did,
        cleared=QueueFilter().href(),
    )  # fmt: skip


def _fits(group: QuarantineGroup, chosen: QueueFilter) -> bool:
    return (not chosen.gateway or group.gateway_code == chosen.gateway) and (
        not chosen.rule or group.code == chosen.rule
    )


def _cursor(before: str) -> tuple[datetime, int] | None:
    """Where the last page ended: microseconds since the epoch and the row's id."""
    if not before:
        return None
    seen_us, _, row = before.partition(".")
    seen = _EPOCH + timedelta(microseconds=min(int(seen_us), _LATEST_US))
    return seen, min(int(row), 2**63 - 1)


def rule_name(frame: Frame, code: str) -> str:
    """A rule's name in a list."""
    return frame.t.known(f"refusal_short.{code}", code)


def _group(frame: Frame, group: QuarantineGroup, chosen: QueueFilter, now: datetime) -> GroupRow:
    narrowed = replace(chosen, gateway=group.gateway_code or "", rule=group.code)
    return GroupRow(
        group=group, rule=rule_name(frame, group.code),
        last=frame.t("age.ago", span=frame.f.span(max(now - group.last_seen_at, timedelta()))),
        href=narrowed.href(),
    )  # fmt: skip


def _row(frame: Frame, view: QuarantineView, now: datetime) -> QuarantineRow:
    zone = view.zone or "UTC"
    mark = "" if view.zone else " UTC"
    href, mend = _mend(frame, view)
    return QuarantineRow(
        view=view,
        reason=refusal_text(frame, view.code, field=view.field, value=view.value, rule=view.rule),
        rule=rule_text(frame, view.rule),
        site=frame.t.name(view, "site"),
        last=frame.f.instant(view.last_seen_at, zone, now) + mark,
        first=frame.f.instant(view.received_at, zone, now) + mark,
        payload=view.payload.decode("utf-8", errors="backslashreplace").replace("\x00", "␀"),
        is_open=view.decision in (None, "refused_again"),
        decision=_decision(frame, view, now, zone),
        mend_href=href, mend=mend,
    )  # fmt: skip


def _decision(frame: Frame, view: QuarantineView, now: datetime, zone: str) -> str:
    if view.decision is None or view.decided_at is None:
        return ""
    return frame.t(
        f"decision.{view.decision}", who=view.decided_by or "",
        time=frame.f.instant(view.decided_at, zone, now),
    )  # fmt: skip


def _mend(frame: Frame, view: QuarantineView) -> tuple[str, str]:
    """Where the cause is mended, and what that is called; empty where nobody can but the sender."""
    if frame.viewer is None or view.decision not in (None, "refused_again"):
        return "", ""
    if view.code == "unknown_meter" and view.gateway_id and frame.viewer.may("registry.change"):
        query = urlencode({"channel": view.value or ""})
        return f"/gateways/{view.gateway_id}/setup?{query}", frame.t("quality.mend_meter")
    if view.code == "unknown_gateway" and frame.viewer.may("gateways.change"):
        query = urlencode({"code": view.gateway_code or ""})
        return f"/gateways/new?{query}", frame.t("quality.mend_gateway")
    flagged = view.severity == "flagged" and view.meter_id and view.ts
    if flagged and view.ts and frame.viewer.may("readings.correct"):
        query = urlencode(
            {"kind": "trust", "from": view.ts.isoformat(),
             "to": (view.ts + timedelta(hours=1)).isoformat(), "quarantine": view.quarantine_id}
        )  # fmt: skip
        return f"/meters/{view.meter_id}/correct?{query}", frame.t("quality.mend_trust")
    return "", ""
