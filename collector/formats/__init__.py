"""Payload formats: one module each, ending in `FORMAT`; add a file to add a format."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from loadstone import plugins
from loadstone.domain.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadFormat:
    """How one kind of message is read.

    `topic_filter` is the MQTT filter to subscribe to; `decode` takes the topic and the bytes, and
    raises `loadstone.domain.refusal.UndecodableError` for bytes that are not what the topic says.
    """

    name: str
    topic_filter: str
    decode: Callable[[str, bytes], Message]


@cache
def payload_formats() -> dict[str, PayloadFormat]:
    """Every format in this package, by name."""
    return plugins.offered(sys.modules[__name__], PayloadFormat, "FORMAT")
