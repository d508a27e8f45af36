"""Shift plans as the API speaks of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.models.fields import Answer
from loadstone.domain.shift_plan import SHIFTS

Clock = Annotated[
    str,
    Field(
        pattern=r"^([01][0-9]|2[0-3]):(00|15|30|45)$",
        description="When it begins, by the site's clock.",
        examples=["08:00"],
    ),
]
ShiftName = Annotated[
    str | None,
    Field(min_length=1, max_length=40, description="`null`: called by its number."),
]


class ShiftPlanAnswer(Answer):
    """The three shifts of a site's day, each until the next begins."""

    site_id: int
    zone: str
    shifts: list[ShiftAnswer]


class ShiftAnswer(Answer):
    """One shift."""

    begins: Clock
    name: ShiftName


class ShiftBody(BaseModel):
    """One shift as it is to be."""

    model_config = ConfigDict(extra="forbid")

    begins: Clock
    name: ShiftName = None


class ShiftPlanBody(BaseModel):
    """A plan as it is to be: three shifts in order of the clock."""

    model_config = ConfigDict(extra="forbid")

    shifts: Annotated[
        list[ShiftBody],
        Field(
            min_length=SHIFTS,
            max_length=SHIFTS,
            examples=[[{"begins": "00:00"}, {"begins": "08:00"}, {"begins": "16:00"}]],
        ),
    ]


ShiftPlanAnswer.model_rebuild()
