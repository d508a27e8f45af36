"""Refusals and problems as answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models.fields import Answer, Instant


class Payload(Answer):
    """The first bytes of what was sent: `text` where they are UTF-8, else `base64`."""

    text: Annotated[str | None, Field(examples=['{"v":1,"gw":"GW-3A7F"}'])]
    base64: str | None
    size_bytes: Annotated[int, Field(description="Of the whole message.", examples=[22])]
    truncated: Annotated[bool, Field(description="Whether there was more than is shown.")]


class Refusal(Answer):
    """A message or reading that was refused or flagged, and why."""

    quarantine_id: Annotated[int, Field(examples=[99])]
    severity: Annotated[
        Literal["refused", "flagged"],
        Field(description="`refused`: not stored; `flagged`: stored, not trusted."),
    ]
    received_at: Instant
    last_seen_at: Instant
    times_seen: Annotated[int, Field(examples=[1])]
    gateway_code: Annotated[str | None, Field(examples=["GW-3A7F"])]
    meter_code: Annotated[str | None, Field(examples=["MTR-001"])]
    meter_id: int | None
    ts: Annotated[datetime | None, Field(description="The reading's own time.")]
    topic: Annotated[str, Field(examples=["loadstone/v1/gw/GW-3A7F/up/tele"])]
    code: Annotated[str, Field(description="Kind of reason.", examples=["out_of_range"])]
    field: Annotated[str | None, Field(examples=["u_an"])]
    value: Annotated[str | None, Field(examples=["9999"])]
    rule: Annotated[str, Field(examples=["must be within 0 and 1.5 x nominal voltage"])]
    sentence: Annotated[
        str, Field(examples=["u_an = 9999: must be within 0 and 1.5 x nominal voltage"])
    ]
    payload: Payload


class QuarantineDecisionBody(BaseModel):
    """What is to become of rows of the queue."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[
        list[Annotated[int, Field(ge=1, le=2**63 - 1)]],
        Field(min_length=1, max_length=1000, examples=[[99]]),
    ]
    decision: Annotated[
        Literal["dismissed", "again", "reopened"],
        Field(description="`again`: read what was refused a second time, by today's registry."),
    ]
    note: Annotated[
        str, Field(min_length=3, max_length=2000, description="Why.", examples=["lab device"])
    ]


class QuarantineDecided(Answer):
    """How many rows were decided; those that are not seen or not open stay as they are."""

    decided: Annotated[int, Field(examples=[1])]


class ProblemField(Answer):
    """One refused parameter."""

    field: Annotated[str, Field(examples=["from"])]
    value: Annotated[str | None, Field(examples=["2026-03-01T00:00:00"])]
    rule: Annotated[str, Field(examples=["must say its offset from UTC"])]


class ProblemDetails(Answer):
    """RFC 9457."""

    type: Annotated[str, Field(examples=["urn:loadstone:problem:invalid-parameter"])]
    title: Annotated[str, Field(examples=["Unprocessable Content"])]
    status: Annotated[int, Field(examples=[422])]
    detail: str
    instance: Annotated[str, Field(examples=["/api/v1/meters/21/load"])]
    errors: list[ProblemField]
