"""The topics of protocol `loadstone/v1`: the gateway's id is a level of the topic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

PREFIX = "loadstone/v1"
SERVER_STATE = f"{PREFIX}/srv/state"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpTopic:
    """A topic on which a gateway speaks: `loadstone/v1/gw/{gateway}/up/{channel}`."""

    gateway: str
    channel: str


@lru_cache(maxsize=10_000)
def parse_up(topic: str) -> UpTopic | None:
    """The gateway and channel of an upward topic; None for any other topic."""
    levels = topic.split("/")
    if len(levels) != 6 or levels[:3] != ["loadstone", "v1", "gw"] or levels[4] != "up":
        return None
    return UpTopic(gateway=levels[3], channel=levels[5])
