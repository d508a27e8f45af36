"""Events as answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from api.models.fields import Answer, Instant


class Event(Answer):
    """What a gateway told, or what was decided of a meter's registers."""

    event_id: Annotated[int, Field(description="Unique within its source.", examples=[4211])]
    source: Literal["gateway", "ledger"]
    kind: Annotated[str, Field(examples=["power_failure"])]
    at: Annotated[Instant, Field(description="When it happened, or from when it holds.")]
    recorded_at: Annotated[Instant, Field(description="When it was received or decided.")]
    customer_id: Annotated[int, Field(examples=[7])]
    site_id: Annotated[int, Field(examples=[11])]
    gateway_code: Annotated[str | None, Field(examples=["GW-3A7F"])]
    meter_id: Annotated[int | None, Field(examples=[21])]
    meter_code: Annotated[str | None, Field(examples=["MTR-001"])]
    details: Annotated[dict[str, Any], Field(description="As told.", examples=[{"phase": "a"}])]
    decided_by: Annotated[str | None, Field(description="`ingest` or a user; ledger only.")]
