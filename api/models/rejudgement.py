"""Judging stored readings again: as asked for, and what it changes."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.models.fields import Answer, Instant
from api.parameters import InstantParameter


class RejudgementBody(BaseModel):
    """Which stretch to judge again."""

    model_config = ConfigDict(extra="forbid")

    from_: Annotated[InstantParameter, Field(alias="from")]
    to: InstantParameter
    note: Annotated[str, Field(min_length=3, max_length=2000, description="Why.")]
    apply: Annotated[bool, Field(description="false: only show what would change.")] = False


class RelabelledReadings(Answer):
    """Readings in a row that get another label; negative: not trusted."""

    first_at: Instant
    last_at: Instant
    readings: int
    was: Annotated[int, Field(description="Register epoch.")]
    now: int


class JudgedEpoch(Answer):
    """A register epoch by the rules alone, without corrections."""

    epoch: int
    starts_at: Instant
    reason: str
    offsets_wh: list[int]


class Rejudgement(Answer):
    """What the rules of today make of the stretch."""

    applied: bool
    relabelled: list[RelabelledReadings]
    epochs_before: list[JudgedEpoch]
    epochs_after: list[JudgedEpoch]
