"""A gateway's presence: retained, and published by the broker in its stead when it is lost."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from collector.formats import PayloadFormat
from collector.formats._json import Boot, Ms, Unreadable, refusal_of
from collector.topics import parse_up
from loadstone.domain.messages import Presence
from loadstone.domain.refusal import UndecodableError


class _State(msgspec.Struct):
    v: Literal[1]
    on: bool
    boot: Boot | None = None
    t: Ms | None = None
    why: Annotated[str, msgspec.Meta(max_length=64)] = ""


_decode = msgspec.json.Decoder(_State).decode


def decode(topic: str, payload: bytes) -> Presence:
    """Read one presence message; the gateway is the topic's."""
    spoken_on = parse_up(topic)
    try:
        state = _decode(payload)
    except Unreadable as error:
        raise UndecodableError(refusal_of(error, payload)) from error
    return Presence(
        gateway=spoken_on.gateway if spoken_on else "",
        on=state.on,
        boot=state.boot,
        ts_ms=state.t,
        why=state.why,
    )


FORMAT = PayloadFormat(name="state-v1", topic_filter="loadstone/v1/gw/+/up/state", decode=decode)
