"""What a webhook can be told of."""

from __future__ import annotations

from typing import Literal

EventKind = Literal["gateway_silent", "gateway_back", "quarantine", "quality_low", "report_ready"]
TEST = "test"
