"""Measures, what was judged of them, and other events, as the API speaks of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.models.fields import Answer, Instant

Status = Literal["proposed", "planned", "implemented", "verified", "rejected"]
Option = Literal["B", "C"]
VerdictName = Literal["proven", "not_proven"]

_What = Annotated[str, Field(min_length=1, max_length=200, examples=["Night set-back of chillers"])]
_Status = Annotated[
    Status,
    Field(
        description="`implemented` and `verified` need `implemented_on`; a measure becomes "
        "`verified` by itself when a verification proves its saving.",
        examples=["implemented"],
    ),
]
_Option = Annotated[
    Option,
    Field(
        description="Of the IPMVP: `C` the whole site by its main meters, `B` the measure's own.",
        examples=["C"],
    ),
]
_Meters = Annotated[
    list[int],
    Field(max_length=50, description="The boundary; empty: the main meters of the site."),
]
_Implemented = Annotated[
    date | None,
    Field(description="The local day from which on it saves.", examples=["2026-03-01"]),
]
_BaselineFrom = Annotated[date | None, Field(description="null: from the first day that is known.")]
_Money = Annotated[Decimal | None, Field(description="null: some of it had no price.")]
_Kwh = Annotated[float, Field(description="kWh.", examples=[18250.0])]


class SavingMeasure(Answer):
    """A measure that should save energy, at one site."""

    measure_id: Annotated[int, Field(examples=[4])]
    customer_id: int
    site_id: int
    what: _What
    status: _Status
    option: _Option
    meter_ids: _Meters
    planned_on: date | None
    implemented_on: _Implemented
    baseline_from: _BaselineFrom
    expected_kwh: Annotated[float | None, Field(description="A year.")]
    owner: str | None
    note: str | None
    opportunity_id: Annotated[int | None, Field(description="The finding that it came from.")]
    made_by: str
    made_at: Instant
    changed_at: Instant


class SavingMeasureBody(BaseModel):
    """A measure as it is to be."""

    model_config = ConfigDict(extra="forbid")

    what: _What
    status: _Status = "proposed"
    option: _Option = "C"
    meter_ids: Annotated[
        list[Annotated[int, Field(ge=1, le=2**31 - 1)]],
        Field(max_length=50, description="The boundary; empty: the main meters of the site."),
    ] = []
    planned_on: date | None = None
    implemented_on: _Implemented = None
    baseline_from: _BaselineFrom = None
    expected_kwh: Annotated[float | None, Field(ge=0, le=1e12, description="A year.")] = None
    owner: Annotated[str | None, Field(min_length=1, max_length=80)] = None
    note: Annotated[str | None, Field(min_length=1, max_length=2000)] = None


class NewSavingMeasureBody(SavingMeasureBody):
    """A new measure at a site."""

    site_id: Annotated[int, Field(ge=1, le=2**31 - 1)]


class SavingVerification(Answer):
    """What was judged of a measure, as it was known at an instant."""

    verification_id: Annotated[int, Field(examples=[9])]
    measure_id: int
    site_id: int
    customer_id: int
    known_at: Instant
    made_by: str
    baseline_from: date
    baseline_to: Annotated[date, Field(description="The first day that is not part of it.")]
    reporting_from: date
    reporting_to: Annotated[date, Field(description="The first day that is not part of it.")]
    verdict: Annotated[VerdictName, Field(description="Whether the saving is proven.")]
    saved_kwh: _Kwh
    low_kwh: Annotated[float, Field(description="Low end of the 90 % interval.")]
    high_kwh: Annotated[float, Field(description="High end of the 90 % interval.")]
    saved_money: _Money
    low_money: _Money
    high_money: _Money
    currency: Annotated[str | None, Field(examples=["CNY"])]
    weather_source: Annotated[
        str | None, Field(description="null: no temperatures were known, the calendar alone spoke.")
    ]
    result: Annotated[
        dict[str, Any],
        Field(
            description="The whole judgement: `method`, `statistics` of Guideline 14, `interval`, "
            "`doubts`, `findings` on the data, `events`, `comparison`, `normalised`, and `curve` "
            "by day."
        ),
    ]


class NonRoutineEventAnswer(Answer):
    """Something other than the measure that moved the load on [first_day, end_day)."""

    event_id: Annotated[int, Field(examples=[3])]
    measure_id: int
    site_id: int
    customer_id: int
    kind: Literal["shutdown", "surge", "level_shift", "declared"]
    period: Literal["baseline", "reporting"]
    first_day: date
    end_day: Annotated[date, Field(description="The first day that is not part of it.")]
    effect_kwh: Annotated[
        float | None, Field(description="Used above the model there; negative: below.")
    ]
    status: Literal["flagged", "confirmed", "dismissed"]
    treatment: Annotated[
        Literal["exclude", "adjust"] | None,
        Field(description="`exclude`: its days count for nothing; `adjust`: energy is added."),
    ]
    adjustment_kwh: Annotated[
        float | None, Field(description="Added to the adjusted baseline of the reporting period.")
    ]
    note: str | None
    flagged_at: Instant
    decided_by: str | None
    decided_at: Instant | None


class EventDecisionBody(BaseModel):
    """What is decided of an event, and why."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["confirmed", "dismissed"]
    treatment: Literal["exclude", "adjust"] | None = None
    adjustment_kwh: Annotated[float | None, Field(ge=-1e12, le=1e12)] = None
    note: Annotated[str, Field(min_length=3, max_length=2000, examples=["Flood in the cellar"])]

    @model_validator(mode="after")
    def _whole(self) -> EventDecisionBody:
        if (self.status == "confirmed") != (self.treatment is not None):
            raise ValueError("`treatment` belongs to what is confirmed, and to nothing else")
        if (self.treatment == "adjust") != (self.adjustment_kwh is not None):
            raise ValueError("`adjustment_kwh` belongs to `adjust`, and to nothing else")
        return self


class DeclaredEventBody(EventDecisionBody):
    """An event that somebody knows of."""

    status: Literal["confirmed"] = "confirmed"
    first_day: date
    end_day: Annotated[date, Field(description="The first day that is not part of it.")]


class VerifiedSavingsAnswer(Answer):
    """What is proven of a customer's measures, in one currency."""

    customer_id: int
    currency: str | None
    measures: int
    saved_kwh: _Kwh
    saved_money: _Money


class VerifiedSavingsList(Answer):
    """By currency; empty where nothing is proven."""

    data: list[VerifiedSavingsAnswer]
