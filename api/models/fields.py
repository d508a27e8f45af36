"""Fields that many answers share, described once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Row = TypeVar("Row")
Tier = Literal["A", "B", "C", "N"]
IntervalQuality = Literal["measured", "estimated", "corrected", "missing"]
RegisterName = Literal["imp", "exp", "q1", "q2", "q3", "q4", "rimp", "rexp"]

NameEn = Annotated[str, Field(description="Name in English.", examples=["Harbour cold store"])]
NameZh = Annotated[str, Field(description="Name in Chinese.", examples=["港口冷库"])]
Zone = Annotated[str, Field(description="IANA time zone.", examples=["Asia/Shanghai"])]
Instant = Annotated[datetime, Field(description="UTC.", examples=["2026-03-01T00:00:00Z"])]
StartAt = Annotated[
    datetime, Field(description="Start of the interval, UTC.", examples=["2026-03-01T00:00:00Z"])
]
EndAt = Annotated[
    datetime,
    Field(description="End of the interval, which is not part of it, UTC."),
]
MeasuredRatio = Annotated[
    float, Field(description="Share of the interval's time that was measured.", examples=[1.0])
]
EstimatedRatio = Annotated[
    float,
    Field(description="Share of the interval's time whose energy is an estimate.", examples=[0.0]),
]
Quality = Annotated[
    IntervalQuality,
    Field(
        description="`measured`; `estimated`: known in sum, spread over a gap; `corrected`; "
        "`missing`: not known.",
        examples=["measured"],
    ),
]
QualityFlags = Annotated[
    list[str],
    Field(
        description="What is known against the reading, by the bits of telemetry v1; empty: good.",
        examples=[["clock_unsynced", "backfill"]],
    ),
]


class Answer(BaseModel):
    """Made from rows of the same names; a field that is not described here cannot slip out."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


class Page(Answer, Generic[Row]):
    """A part of a list."""

    data: list[Row]
    next_cursor: Annotated[
        str | None,
        Field(description="Send as `cursor` for the next part; null at the end.", examples=["100"]),
    ]
