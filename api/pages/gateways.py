"""Gateways: which speak, whose clock is wrong, what was lost; each with its channels and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.errors import not_found
from api.pages.crumbs import Crumb, customer_href, site_href
from api.pages.frame import Frame, PageFrame
from api.pages.freshness import Age, age_of, gateway_never_spoke, gateway_silent_since
from api.pages.happenings import happening_rows
from api.pages.meter_facts import Fact
from loadstone.storage.gateway_credentials import credential_state
from loadstone.storage.quality import messages_of
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.gateway_list import (
    Channel,
    GatewayState,
    gateway_channels,
    gateway_states,
    strangers,
)
from loadstone.storage.screens.timeline import Concerned, happenings

router = APIRouter(include_in_schema=False)
State = Literal["online", "silent", "never"]
_LOST_SINCE = timedelta(days=7)
_SKEW_MS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayLine:
    """One gateway in words; `is_skewed` where its clock is more than five seconds off."""

    gateway: GatewayState
    state: State
    where: str
    customer: str
    model: str
    age: Age
    skew: str
    is_skewed: bool
    missing: str
    refused: str


def visible_gateway(
    connection: Connection, frame: Frame, gateway_id: int, now: datetime
) -> GatewayState:
    """The gateway, or 404 where it is not the viewer's or retired."""
    found: list[GatewayState] = []
    if 0 < gateway_id < 2**31:
        found = gateway_states(
            connection, frame.reader.customer_id, now - _LOST_SINCE, gateway_id=gateway_id
        )
    if not found:
        raise not_found("gateway", gateway_id)
    return found[0]


@router.get("/gateways")
def gateways(
    frame: PageFrame, context: Context, state: Literal["", "online", "silent", "never"] = "",
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    """All of the viewer's gateways, those that need somebody first."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        found = gateway_states(connection, frame.reader.customer_id, now - _LOST_SINCE)
        unknown = strangers(connection) if frame.reader.is_staff else []
    lines = [_line(frame, gateway, now) for gateway in found]
    words = q.replace("\x00", "").lower().split()
    shown = [
        line for line in lines if state in ("", line.state)
        and all(word in f"{line.gateway.code} {line.where} {line.customer} {line.model}".lower()
                for word in words)
    ]  # fmt: skip
    shown.sort(key=lambda line: (line.state == "online" and not line.is_skewed, line.gateway.code))
    return frame.page(
        "gateways.html", section="gateways", lines=shown, all_count=len(lines), state=state, q=q,
        counts={one: sum(line.state == one for line in lines)
                for one in ("online", "silent", "never")},
        skewed=sum(line.is_skewed for line in lines),
        missing=sum(line.gateway.missing for line in lines),
        strangers=[(s.gateway_code, s.times, frame.f.span(max(now - s.last_seen_at, timedelta())))
                   for s in unknown],
        may_change=frame.reader.may("gateways.change"),
    )  # fmt: skip


def state_of(gateway: GatewayState, now: datetime) -> State:
    """Whether it speaks, fell silent, or has never been heard of."""
    if gateway_never_spoke(gateway):
        return "never"
    return "silent" if gateway_silent_since(gateway, now) is not None else "online"


def _line(frame: Frame, gateway: GatewayState, now: datetime) -> GatewayLine:
    f = frame.f
    skew = gateway.clock_skew_ms
    return GatewayLine(
        gateway=gateway, state=state_of(gateway, now), where=frame.t.name(gateway, "site"),
        customer=frame.t.name(gateway, "customer"),
        model=" ".join(part for part in (gateway.model, gateway.firmware) if part),
        age=age_of(frame, gateway.last_message_at, now, gateway.interval_s, gateway.zone),
        skew=f.number(None) if skew is None else f"{f.number(skew / 1000, 1)} s",
        is_skewed=gateway.clock_synced is False or (skew is not None and abs(skew) > _SKEW_MS),
        missing=f.number(gateway.missing), refused=f.number(gateway.refused),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLine:
    """A channel in words; without `meter_id` nobody knows which meter it means."""

    channel: str
    meter_id: int | None
    meter: str
    power: str
    energy: str
    age: Age
    refused: int


def channel_lines(
    frame: Frame, channels: Sequence[Channel], gateway: GatewayState, now: datetime
) -> list[ChannelLine]:
    """In the order given."""
    return [
        ChannelLine(
            channel=one.channel, meter_id=one.meter_id,
            meter=f"{frame.t.name(one)} {one.meter_code}" if one.meter_id else "",
            power=frame.f.power(one.power_kw), energy=frame.f.number(one.import_total_kwh, 1),
            age=age_of(frame, one.newest_at, now, gateway.interval_s, gateway.zone),
            refused=one.refused,
        )
        for one in channels
    ]  # fmt: skip


def gateway_way(frame: Frame, gateway: GatewayState) -> list[Crumb]:
    """Gateways › customer › site."""
    return [
        Crumb(label=frame.t("nav.gateways"), href="/gateways"),
        Crumb(label=frame.t.name(gateway, "customer"), href=customer_href(gateway.customer_id)),
        Crumb(label=frame.t.name(gateway, "site"), href=site_href(gateway.site_id)),
    ]


@router.get("/gateways/{gateway_id:int}")
def gateway(
    gateway_id: int, frame: PageFrame, context: Context,
    did: Literal["", "revoked", "registered"] = "",
) -> Response:  # fmt: skip
    """One gateway."""
    return gateway_page(frame, context, gateway_id, did=did)


def gateway_page(
    frame: Frame, context: Context, gateway_id: int, *, did: str = "", password: str = ""
) -> Response:
    """The gateway's page; a new `password` is shown on it this once."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        found = visible_gateway(connection, frame, gateway_id, now)
        channels = gateway_channels(connection, gateway_id, found.code)
        messages = messages_of(connection, gateway_id, 8)
        happened = happenings(
            connection, Concerned(gateway_id=gateway_id), now - timedelta(days=30), now, 40
        )
    may_change = frame.reader.may("gateways.change")
    credentials = None
    if may_change:
        with context.inside() as connection:
            credentials = credential_state(connection, gateway_id)
    line = _line(frame, found, now)
    changed = ""
    if credentials and credentials.changed_at:
        at = frame.f.instant(credentials.changed_at, found.zone, now)
        changed = frame.t("gateway.changed", time=at, who=credentials.changed_by or "")
    return frame.page(
        "gateway.html", section="gateways", gateway=found, line=line, did=did, password=password,
        way=gateway_way(frame, found), facts=_facts(frame, found, now),
        channels=channel_lines(frame, channels, found, now), messages=messages,
        started=[frame.f.instant(m.updated_at, found.zone, now) for m in messages],
        credentials=credentials, changed=changed, may_change=may_change,
        may_register=frame.reader.may("registry.change"),
        happened=happening_rows(frame, happened, now, found.zone),
        headers={"cache-control": "no-store"} if password else None,
    )  # fmt: skip


def _facts(frame: Frame, gateway: GatewayState, now: datetime) -> list[Fact]:
    t, f, none = frame.t, frame.f, frame.f.number(None)

    def at(instant: datetime | None) -> str:
        return f.instant(instant, gateway.zone, now) if instant else none

    skew = gateway.clock_skew_ms
    lost = 100 * gateway.missing / gateway.expected if gateway.expected else None
    return [
        Fact(name=t("gateway.state"), value=t(f"gateway.state_{state_of(gateway, now)}"),
             note=gateway.why or ""),
        Fact(name=t("gateway.last"), value=at(gateway.last_message_at)),
        Fact(name=t("gateway.model"), value=gateway.model or none, note=gateway.firmware or ""),
        Fact(name=t("gateway.skew"),
             value=none if skew is None else f"{f.number(skew / 1000, 1)} s",
             note="" if gateway.clock_synced is not False else t("bit.clock_unsynced")),
        Fact(name=t("gateway.boot"), value=none if gateway.boot is None else str(gateway.boot),
             note=at(gateway.birth_at) if gateway.birth_at else ""),
        Fact(name=t("gateway.lost"), value=f.number(gateway.missing),
             note=t("gateway.lost_of", share=f.percent(lost, 2), n=f.number(gateway.expected))),
        Fact(name=t("gateway.repeated"), value=f.number(gateway.repeated)),
        Fact(name=t("gateway.registered"), value=at(gateway.created_at)),
    ]  # fmt: skip
