"""What-if questions on a forecast as the API speaks of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models.fields import Answer, EndAt, Instant, StartAt, Zone
from api.models.forecast import Quantiles

Clock = Annotated[
    str,
    Field(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$",
        description="By the site's clock.",
        examples=["14:00"],
    ),
]


class WindowBody(BaseModel):
    """Hours of every local day, [begins, ends), across midnight too."""

    model_config = ConfigDict(extra="forbid")

    begins: Clock
    ends: Annotated[Clock, Field(examples=["22:00"])]


class ShiftBody(BaseModel):
    """So much load less in some hours; its energy goes into others, or is not used."""

    model_config = ConfigDict(extra="forbid")

    power_kw: Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False, examples=[80.0])]
    out_of: WindowBody
    into: Annotated[WindowBody | None, Field(description="null: the energy is not used.")] = None


class WhatIfBody(BaseModel):
    """What is to be tried on the forecast of these local days."""

    model_config = ConfigDict(extra="forbid")

    first_day: Annotated[date | None, Field(description="Local; by default tomorrow.")] = None
    last_day: Annotated[date | None, Field(description="Local; by default `first_day`.")] = None
    shift: ShiftBody | None = None
    warmer_k: Annotated[
        float,
        Field(ge=-15, le=15, allow_inf_nan=False, description="Kelvin warmer; − is colder."),
    ] = 0.0


class WhatIfSlot(Answer):
    """One interval before and after."""

    start_at: StartAt
    end_at: EndAt
    mean_kw: float
    p10_kw: float
    p90_kw: float
    changed_mean_kw: float
    changed_p10_kw: float
    changed_p90_kw: float


class WhatIfSide(Answer):
    """The sums of one side."""

    energy_kwh: float
    peak_kw: Annotated[Quantiles, Field(description="Of the highest interval of all days.")]
    exceeds_ratio: Annotated[
        float | None, Field(description="Chance to go beyond the contract demand; null without.")
    ]


class ResponseToWarmth(Answer):
    """What the load answers to temperature: fitted on its own history, beside weekday and season.

    It is no run of the forecast model: that leans on yesterday's load too, and would say less than
    what lasting warmth does.
    """

    method: Literal["fitted"]
    days: Annotated[int, Field(description="Days with load and temperature it was fitted on.")]
    explained_ratio: Annotated[
        float, Field(description="R² within four weeks and kinds of day.", examples=[0.62])
    ]
    cooling_base_c: float
    heating_base_c: float
    cooling_kw_per_k: Annotated[
        list[float], Field(description="By four hours from local midnight; 0: none beyond doubt.")
    ]
    heating_kw_per_k: list[float]


class WhatIf(Answer):
    """The forecast as it stands, and as it would be."""

    site_id: int
    code: str
    zone: Zone
    first_day: date
    last_day: date
    issued_at: Annotated[Instant, Field(description="Of the newest forecast used.")]
    interval_s: int
    contract_demand_kw: float | None
    moved_kwh: Annotated[float, Field(description="Less than asked where less load was expected.")]
    unplaced_kwh: Annotated[
        float, Field(description="Of it, what found no hour of its day to go to.")
    ]
    response: ResponseToWarmth | None
    before: WhatIfSide
    after: WhatIfSide
    data: list[WhatIfSlot]
