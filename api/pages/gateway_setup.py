"""Bringing a gateway in, step by step: registered, let in, heard, its channels known, read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import ValidationError

from api.context import AppContext, Context
from api.gateway_passwords import give_password, take_password
from api.models.registry_bodies import NewGateway, NewMeter
from api.pages.form_faults import form_faults
from api.pages.frame import Frame, PageFrame
from api.pages.gateways import channel_lines, gateway_page, gateway_way, visible_gateway
from api.pages.meter_correct import SentForm
from api.roles import demand
from api.sessions import CSRF_FIELD, check_csrf
from loadstone.storage.gateway_credentials import credential_state
from loadstone.storage.quarantine_decisions import MOST_AT_ONCE, Decided, decide
from loadstone.storage.read_only import Connection
from loadstone.storage.registry import connect_meter
from loadstone.storage.registry_changes import (
    CodeTakenError,
    channel_taken_by,
    end_channels,
    make_row,
)
from loadstone.storage.screens.gateway_list import Channel, GatewayState, gateway_channels
from loadstone.storage.screens.places import place, places
from loadstone.storage.screens.quarantine import QuarantineWanted, quarantine_ids
from loadstone.storage.screens.site import MeterView, meters_of

router = APIRouter(include_in_schema=False)
STEPS = ("registered", "let_in", "heard", "mapped", "read")
# Field of the form → what it is of a channel in the gateway's own announcement.
_NUMBERS = (
    "nominal_voltage_v", "ct_primary_a", "ct_secondary_a", "pt_primary_v", "pt_secondary_v",
    "register_modulus_kwh", "interval_s",
)  # fmt: skip


@router.get("/gateways/new")
def new(
    frame: PageFrame, context: Context, code: Annotated[str, Query(max_length=64)] = "",
    site: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> Response:  # fmt: skip
    """The first step: its code, and where it stands."""
    demand(frame.reader, "gateways.change")
    return _new_page(frame, context, {"code": code, "site_id": str(site or ""), "model": ""}, {})


def _new_page(
    frame: Frame, context: AppContext, values: Mapping[str, str], faults: Mapping[str, str]
) -> Response:
    with context.reading(frame.reader) as connection:
        sites = [
            (str(one.site_id), f"{frame.t.name(one, 'customer')} › {frame.t.name(one, 'site')}")
            for one in places(connection, frame.reader.customer_id)
        ]
    return frame.page(
        "gateway_new.html", section="gateways", sites=sites, values=values,
        faults=defaultdict(str, faults),
        steps=_steps(frame, {}), status=422 if faults else 200,
    )  # fmt: skip


@router.post("/gateways/new")
def register(request: Request, frame: PageFrame, context: Context, fields: SentForm) -> Response:
    """Register the gateway and let it in; its password is on the next page and nowhere else."""
    check_csrf(request, fields.get(CSRF_FIELD))
    demand(frame.reader, "gateways.change")
    values = {name: fields.get(name, "").strip() for name in ("code", "site_id", "model")}
    try:
        body = NewGateway.model_validate({**values, "model": values["model"] or None})
    except ValidationError as error:
        return _new_page(frame, context, values, form_faults(frame, error))
    with context.reading(frame.reader) as connection:
        here = place(connection, body.site_id, frame.reader.customer_id)
    if here is None:
        return _new_page(frame, context, values, {"site_id": frame.t("fault.missing")})
    try:
        with context.writing(frame.reader.actor) as connection:
            gateway_id = make_row(connection, "gateway", body.model_dump())
            password = give_password(connection, gateway_id)
    except CodeTakenError:
        return _new_page(frame, context, values, {"code": frame.t("fault.taken")})
    return _setup_page(frame, context, gateway_id, password=password)


@router.post("/gateways/{gateway_id:int}/credentials")
def credentials(
    gateway_id: int, request: Request, frame: PageFrame, context: Context,
    wish: Annotated[Literal["rotate", "revoke"], Form()],
    token: Annotated[str, Form(alias=CSRF_FIELD)] = "",
) -> Response:  # fmt: skip
    """A new password, shown this once; or none, so that the broker lets it in no more."""
    check_csrf(request, token)
    demand(frame.reader, "gateways.change")
    with context.reading(frame.reader) as connection:
        visible_gateway(connection, frame, gateway_id, context.now())
    with context.writing(frame.reader.actor) as connection:
        if wish == "revoke":
            take_password(connection, gateway_id)
            password = ""
        else:
            password = give_password(connection, gateway_id)
    if wish == "revoke":
        return RedirectResponse(f"/gateways/{gateway_id}?did=revoked", status_code=303)
    return gateway_page(frame, context, gateway_id, password=password)


@router.get("/gateways/{gateway_id:int}/setup")
def setup(
    gateway_id: int, frame: PageFrame, context: Context,
    channel: Annotated[str, Query(max_length=64)] = "",
) -> Response:  # fmt: skip
    """Where the gateway stands, and the next thing to do; `channel` opens the form of its meter."""
    demand(frame.reader, "registry.change")
    return _setup_page(frame, context, gateway_id, channel=channel)


@router.get("/gateways/{gateway_id:int}/pulse")
def pulse(gateway_id: int, frame: PageFrame, context: Context) -> Response:
    """A short text that changes when the page has something new to show."""
    with context.reading(frame.reader) as connection:
        found = visible_gateway(connection, frame, gateway_id, context.now())
        channels = gateway_channels(connection, gateway_id, found.code)
    headers = {"cache-control": "no-store"}
    return JSONResponse({"pulse": _pulse(found, channels)}, headers=headers)


def _pulse(gateway: GatewayState, channels: Sequence[Channel]) -> str:
    heard = gateway.last_message_at is not None or gateway.state_at is not None
    known = ",".join(
        f"{one.channel}:{one.meter_id}:{one.newest_at is not None}" for one in channels
    )
    return f"{heard}|{gateway.birth_at}|{known}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: done, the one to take now, or still to come."""

    text: str
    state: Literal["done", "now", "later"]


def _steps(frame: Frame, done: Mapping[str, bool]) -> list[Step]:
    steps: list[Step] = []
    for key in STEPS:
        is_next = not done.get(key) and all(step.state == "done" for step in steps)
        state: Literal["done", "now", "later"] = "done" if done.get(key) else (
            "now" if is_next else "later"
        )  # fmt: skip
        steps.append(Step(text=frame.t(f"setup.step_{key}"), state=state))
    return steps


def _setup_page(
    frame: Frame, context: AppContext, gateway_id: int, *, channel: str = "", password: str = "",
    values: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    now = context.now()
    with context.reading(frame.reader) as connection:
        found = visible_gateway(connection, frame, gateway_id, now)
        channels = gateway_channels(connection, gateway_id, found.code)
        meters = meters_of(connection, found.site_id)
    with context.inside() as connection:
        has_password = credential_state(connection, gateway_id).has_password
    mapped = [one for one in channels if one.meter_id is not None]
    done = {
        "registered": True, "let_in": has_password,
        "heard": found.last_message_at is not None or found.state_at is not None,
        "mapped": bool(channels) and len(mapped) == len(channels),
        "read": bool(mapped) and all(one.newest_at is not None for one in mapped),
    }  # fmt: skip
    open_one = next((one for one in channels if one.channel == channel), None)
    if open_one is None and channel == "":
        open_one = next((one for one in channels if one.meter_id is None), None)
    form = None
    if open_one is not None and open_one.meter_id is None:
        form = defaultdict(str, values or _announced(found, open_one.channel))
    return frame.page(
        "gateway_setup.html", section="gateways", gateway=found, way=gateway_way(frame, found),
        steps=_steps(frame, done), done=done, password=password,
        channels=channel_lines(frame, channels, found, now), open_channel=open_one, form=form,
        faults=defaultdict(str, faults or {}), meters=_free(meters, mapped), numbers=_NUMBERS,
        pulse=_pulse(found, channels), status=422 if faults else 200,
        headers={"cache-control": "no-store"} if password else None,
    )  # fmt: skip


def _free(meters: Sequence[MeterView], mapped: Sequence[Channel]) -> list[MeterView]:
    """Meters of the site that this gateway does not speak for."""
    spoken = {one.meter_id for one in mapped}
    return [meter for meter in meters if meter.meter_id not in spoken]


def _announced(gateway: GatewayState, channel: str) -> dict[str, str]:
    """What the gateway said of the channel when it came up, as the form's first values."""
    meters = (gateway.birth or {}).get("meters")
    said: Any = {}
    if isinstance(meters, list):
        said = next((m for m in meters if isinstance(m, dict) and m.get("m") == channel), {})
    ct, pt = said.get("ct"), said.get("pt")
    numbers: dict[str, object] = {
        "nominal_voltage_v": said.get("un_v"),
        "ct_primary_a": ct[0] if isinstance(ct, list) and len(ct) == 2 else None,
        "ct_secondary_a": ct[1] if isinstance(ct, list) and len(ct) == 2 else None,
        "pt_primary_v": pt[0] if isinstance(pt, list) and len(pt) == 2 else None,
        "pt_secondary_v": pt[1] if isinstance(pt, list) and len(pt) == 2 else None,
        "register_modulus_kwh": said.get("reg_mod"), "interval_s": said.get("dt_s") or 60,
    }  # fmt: skip
    wiring = said.get("wiring")
    return {
        "code": channel, "name_en": "", "name_zh": "", "serial": str(said.get("serial") or ""),
        "role": "main", "wiring": wiring if wiring in ("3P4W", "3P3W", "1P2W") else "3P4W",
        **{name: f"{v:g}" if isinstance(v, int | float) and v < 1e6 else str(v or "")
           for name, v in numbers.items()},
    }  # fmt: skip


@router.post("/gateways/{gateway_id:int}/meters")
def map_channel(
    gateway_id: int, request: Request, frame: PageFrame, context: Context, fields: SentForm
) -> Response:
    """Say which meter a channel means: a new one, or one of the site; what waited is read again."""
    check_csrf(request, fields.get(CSRF_FIELD))
    demand(frame.reader, "registry.change")
    now, channel = context.now(), fields.get("channel", "")[:64]
    with context.reading(frame.reader) as connection:
        found = visible_gateway(connection, frame, gateway_id, now)
        meters = meters_of(connection, found.site_id)
    if not channel.strip() or not channel.isprintable():
        return _setup_page(frame, context, gateway_id)
    existing = next((m for m in meters if str(m.meter_id) == fields.get("existing")), None)
    body: NewMeter | None = None
    if existing is None:
        try:
            body = _new_meter(found.site_id, fields, meters)
        except ValidationError as error:
            faults = form_faults(frame, error)
            return _setup_page(
                frame, context, gateway_id, channel=channel, values=fields, faults=faults
            )
        for one, other in (("ct_primary_a", "ct_secondary_a"), ("pt_primary_v", "pt_secondary_v")):
            pair = (getattr(body, one), getattr(body, other))
            if (pair[0] is None) != (pair[1] is None):
                faults = {one if pair[0] is None else other: frame.t("fault.missing")}
                return _setup_page(
                    frame, context, gateway_id, channel=channel, values=fields, faults=faults
                )
    try:
        with context.writing(frame.reader.actor) as connection:
            _connect(connection, frame, found, channel, existing, body, now)
    except CodeTakenError:
        faults = {"code": frame.t("fault.taken")}
        return _setup_page(
            frame, context, gateway_id, channel=channel, values=fields, faults=faults
        )
    return RedirectResponse(f"/gateways/{gateway_id}/setup", status_code=303)


def _new_meter(site_id: int, fields: Mapping[str, str], meters: Sequence[MeterView]) -> NewMeter:
    said: dict[str, Any] = {"site_id": site_id}
    names = ("code", "name_en", "name_zh", "serial", "role", "wiring", *_NUMBERS)
    for name in names:
        value = fields.get(name, "").strip()
        if value or name in ("code", "name_en"):
            said[name] = value
    said.setdefault("name_zh", said["name_en"])
    parent = fields.get("parent_meter_id", "")
    if said.get("role") == "sub" and any(str(m.meter_id) == parent for m in meters):
        said["parent_meter_id"] = parent
    return NewMeter(**said)


def _connect(
    connection: Connection, frame: Frame, gateway: GatewayState, channel: str,
    existing: MeterView | None, body: NewMeter | None, now: datetime,
) -> None:  # fmt: skip
    """A new meter is meant since ever; one that another gateway spoke for, from now on."""
    if body is not None:
        meter_id, since = make_row(connection, "meter", body.model_dump()), None
    else:
        assert existing is not None  # noqa: S101 - one of the two
        meter_id, since = existing.meter_id, None if existing.ts is None else now
        if since is not None:
            end_channels(connection, meter_id, since)
    if channel_taken_by(connection, gateway.gateway_id, channel, meter_id, since):
        since = now
    connect_meter(connection, gateway.gateway_id, channel, meter_id, since)
    wanted = QuarantineWanted(
        customer_id=frame.reader.customer_id, status="open", gateway=gateway.code,
        code="unknown_meter", value=channel,
    )  # fmt: skip
    ids = quarantine_ids(connection, wanted, most=MOST_AT_ONCE)
    note = frame.t("setup.registered_note", channel=channel)
    decided = Decided(decision="again", who=frame.reader.name, at=now, note=note)
    decide(connection, ids, decided)
