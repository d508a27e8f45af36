"""What a gateway says of itself when it comes up: retained, kept as sent."""

from __future__ import annotations

from typing import Literal

import msgspec

from collector.formats import PayloadFormat
from collector.formats._json import Boot, Id, Unreadable, check_gateway, refusal_of
from loadstone.domain.messages import Birth
from loadstone.domain.refusal import UndecodableError


class _Birth(msgspec.Struct):
    v: Literal[1]
    gw: Id
    boot: Boot
    model: str | None = None
    fw: str | None = None


_decode = msgspec.json.Decoder(_Birth).decode


def decode(topic: str, payload: bytes) -> Birth:
    """Read one birth message."""
    try:
        birth = _decode(payload)
    except Unreadable as error:
        raise UndecodableError(refusal_of(error, payload)) from error
    check_gateway(topic, birth.gw)
    return Birth(
        gateway=birth.gw, boot=birth.boot, model=birth.model, firmware=birth.fw, document=payload
    )


FORMAT = PayloadFormat(name="birth-v1", topic_filter="loadstone/v1/gw/+/up/birth", decode=decode)
