"""The topics of protocol `loadstone/v1`, as a gateway knows them."""

from __future__ import annotations

from typing import Literal

SERVER_STATE = "loadstone/v1/srv/state"

Channel = Literal["tele", "birth", "state", "event", "ack"]


def up_topic(gateway: str, channel: Channel) -> str:
    """Return the topic on which a gateway speaks."""
    return f"loadstone/v1/gw/{gateway}/up/{channel}"
