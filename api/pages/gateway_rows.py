"""A site's gateways: which speak, which are silent and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from api.pages.frame import Frame
from api.pages.freshness import Age, age_of, gateway_never_spoke, gateway_silent_since
from loadstone.storage.screens.gateways import GatewayView
from loadstone.storage.screens.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRow:
    """One gateway in words."""

    code: str
    model: str
    state: Literal["online", "silent", "never"]
    age: Age
    meters: int


def gateway_rows(
    frame: Frame, gateways: Sequence[GatewayView], place: Place, now: datetime
) -> list[GatewayRow]:
    """The silent ones first."""
    rows = [_row(frame, gateway, place, now) for gateway in gateways]
    return sorted(rows, key=lambda row: (row.state == "online", row.code))


def _row(frame: Frame, gateway: GatewayView, place: Place, now: datetime) -> GatewayRow:
    state: Literal["online", "silent", "never"] = "online"
    if gateway_never_spoke(gateway):
        state = "never"
    elif gateway_silent_since(gateway, now) is not None:
        state = "silent"
    return GatewayRow(
        code=gateway.code,
        model=" ".join(part for part in (gateway.model, gateway.firmware) if part),
        state=state,
        age=age_of(frame, gateway.last_message_at, now, gateway.interval_s, place.zone),
        meters=len(gateway.meter_ids),
    )
