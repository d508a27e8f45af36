"""Events at the premises: meter exchanges, register resets, power failures, clock settings."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from collector.formats import PayloadFormat
from collector.formats._json import Boot, Counter, Id, Ms, Unreadable, check_gateway, refusal_of
from loadstone.domain.messages import GatewayEvent
from loadstone.domain.refusal import UndecodableError


class _Event(msgspec.Struct):
    v: Literal[1]
    gw: Id
    boot: Boot
    seq: Counter
    t: Ms
    k: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,47}$")]
    m: Id | None = None
    d: dict[str, object] = {}


_decode = msgspec.json.Decoder(_Event).decode


def decode(topic: str, payload: bytes) -> GatewayEvent:
    """Read one event."""
    try:
        event = _decode(payload)
    except Unreadable as error:
        raise UndecodableError(refusal_of(error, payload)) from error
    check_gateway(topic, event.gw)
    return GatewayEvent(
        gateway=event.gw,
        boot=event.boot,
        seq=event.seq,
        ts_ms=event.t,
        kind=event.k,
        channel=event.m,
        details=event.d,
    )


FORMAT = PayloadFormat(name="event-v1", topic_filter="loadstone/v1/gw/+/up/event", decode=decode)
