"""What happened, line by line in the reader's language: events, decisions, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from api.pages.frame import Frame
from api.pages.refusals import refusal_text
from loadstone.storage.screens.timeline import Happening

_MARKS = {"gateway": "●", "ledger": "◆", "quarantine": "▲"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HappeningRow:
    """One line: when, of what kind (`source`), what, where, and where one reads more."""

    time: str
    source: str
    mark: str
    kind: str
    text: str
    where: str
    href: str


def happening_rows(
    frame: Frame, found: Sequence[Happening], now: datetime, zone: str
) -> list[HappeningRow]:
    """In the order given; instants in each one's own site's zone, else in `zone`."""
    return [_row(frame, one, now, one.zone or zone) for one in found]


def _row(frame: Frame, one: Happening, now: datetime, zone: str) -> HappeningRow:
    where = " · ".join(
        part for part in (frame.t.name(one, "site") if one.site_en else "", one.gateway_code or "",
                          one.meter_code or "") if part
    )  # fmt: skip
    return HappeningRow(
        time=frame.f.instant(one.at, zone, now), source=one.source, mark=_MARKS[one.source],
        kind=frame.t(f"happening.{one.source}"), text=_text(frame, one, now, zone), where=where,
        href=_href(one),
    )  # fmt: skip


def _text(frame: Frame, one: Happening, now: datetime, zone: str) -> str:
    if one.source == "quarantine":
        said = refusal_text(
            frame, one.kind, field=one.details.get("field"), value=one.details.get("value"),
            rule=str(one.details.get("rule") or ""),
        )  # fmt: skip
        return said if one.times == 1 else frame.t("happening.times", text=said, n=one.times)
    if one.source == "gateway":
        return frame.t.known(f"event.{one.kind}", one.kind)
    reason = one.details.get("reason")
    text = frame.t.known(f"ledger.{one.kind}", one.kind)
    if reason:
        text += f" ({frame.t.known(f'reason.{reason}', str(reason))})"
    starts = one.details.get("starts_at")
    if isinstance(starts, str) and starts != "-infinity":
        at = frame.f.instant(datetime.fromisoformat(starts), zone, now)
        text = frame.t("happening.from", text=text, time=at)
    if one.who and one.who != "ingest":
        text = frame.t("happening.by", text=text, who=one.who)
    return f"{text}: {one.note}" if one.note else text


def _href(one: Happening) -> str:
    if one.source == "quarantine":
        wanted = {"status": "all", "gateway": one.gateway_code or "", "rule": one.kind}
        if one.meter_id:
            wanted["meter"] = str(one.meter_id)
        return "/quarantine?" + urlencode({k: v for k, v in wanted.items() if v})
    if one.meter_id:
        return f"/meters/{one.meter_id}" + ("#registers" if one.source == "ledger" else "")
    return ""
