"""Completeness, freshness and lag, as answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.models.fields import Answer, EndAt, Instant, StartAt
from api.models.series import Series

_Ratio = float | None


class _Known(Answer):
    completeness_ratio: Annotated[
        _Ratio,
        Field(
            description="Share of the time due whose energy the registers tell, hour by hour; "
            "null: nothing was due.",
            examples=[0.998],
        ),
    ]
    estimated_ratio: Annotated[
        _Ratio, Field(description="Share whose energy is known in sum only, spread over a gap.")
    ]
    missing_ratio: Annotated[_Ratio, Field(description="Share of which nothing is known (yet).")]
    expected_readings: Annotated[
        int, Field(description="By the meters' `interval_s`; more or fewer is no fault as such.")
    ]
    received_readings: int
    untrusted_readings: Annotated[
        int, Field(description="Received, but their registers are not trusted.")
    ]
    lag_max_s: Annotated[
        int | None, Field(description="Longest way of a reading from its own time to its receipt.")
    ]


class QualityInterval(_Known):
    """All meters of the scope in one interval."""

    start_at: StartAt
    end_at: EndAt
    meters: Annotated[int, Field(description="Meters of which something was due.")]
    silent_meters: Annotated[int, Field(description="Of these, without any reading.")]
    incomplete_meters: int
    estimated_meters: int


class MeterQuality(_Known):
    """One meter over all intervals."""

    meter_id: int
    code: str
    site_id: int
    newest_at: Annotated[datetime | None, Field(description="null: never heard of.")]
    age_s: float | None


class QualityTotal(_Known):
    """All meters over all intervals."""

    meters: int


class Quality(Series):
    """Quality of a scope by interval, by meter with the worst first, and in all."""

    scope: Annotated[str, Field(examples=["site:SITE-COLD-1"])]
    total: QualityTotal
    data: list[QualityInterval]
    meters: list[MeterQuality]


class GatewayMessages(Answer):
    """Messages since one start of a gateway, by the numbers it gave them."""

    boot: int
    first_seq: int
    last_seq: int
    expected: Annotated[int, Field(examples=[40214])]
    received: int
    repeated: int
    missing: Annotated[int, Field(description="Skipped, and not arrived since.")]
    updated_at: Instant


class GatewayQuality(Quality):
    """Quality of a gateway: its meters, and its messages by its starts, the newest first."""

    messages: list[GatewayMessages]
