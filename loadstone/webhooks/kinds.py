"""What a webhook can be told of."""

from __future__ import annotations

from typing import Literal, get_args

EventKind = Literal["gateway_silent", "gateway_back", "quarantine", "quality_low", "report_ready"]
KINDS: tuple[EventKind, ...] = get_args(EventKind)
TEST = "test"
