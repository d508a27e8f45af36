"""Forecasts, score cards and weather as the API speaks of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from api.models.fields import Answer, EndAt, Instant, StartAt, Zone

Kind = Literal["day_ahead", "week_ahead", "today"]
KINDS: tuple[Kind, ...] = ("day_ahead", "week_ahead", "today")
_Kw = Annotated[float, Field(examples=[412.5])]
_Share = Annotated[float | None, Field(examples=[7.4])]
ForecastId = Annotated[int, Field(examples=[3107])]
LeadDays = Annotated[
    int, Field(description="Local days from the issue to the day it is about; 0: the same day.")
]


class Quantiles(Answer):
    """What a value stays below with this chance: p10 in one case of ten."""

    p025: float
    p10: float
    p20: float
    p30: float
    p40: float
    p50: float
    p60: float
    p70: float
    p80: float
    p90: float
    p975: float


class ForecastIssue(Answer):
    """One forecast of one local day, as it was said at `issued_at`; never changed afterwards."""

    forecast_id: ForecastId
    customer_id: int
    site_id: Annotated[int | None, Field(description="null: all sites of the customer together.")]
    kind: Annotated[Kind, Field(examples=["day_ahead"])]
    target_day: Annotated[date, Field(description="The local day that it is about.")]
    issued_at: Annotated[
        Instant, Field(description="Nothing that became known at or after it was used.")
    ]
    reckoned_at: Annotated[Instant, Field(description="When it was reckoned, by the clock.")]
    replayed: Annotated[
        bool, Field(description="Reckoned later as it would have been then: nobody saw it.")
    ]
    lead_days: LeadDays
    zone: Zone
    interval_s: Annotated[int, Field(examples=[900])]
    model: Annotated[
        str, Field(description="`refused` where there is no forecast.", examples=["day_ahead"])
    ]
    reason: Annotated[
        str, Field(description="Why this model, in English.", examples=["tried on 84 days"])
    ]
    reasons: Annotated[list[Any], Field(description="The same as codes with their numbers.")]
    inputs: Annotated[
        dict[str, Any], Field(description="What it was made from, and until when that was known.")
    ]
    weights: Annotated[dict[str, float], Field(description="The experts' shares, if combined.")]
    peak_kw: Annotated[
        Quantiles | None, Field(description="Of the highest interval, from joint paths.")
    ]
    energy_kwh: Annotated[Quantiles | None, Field(description="Of all forecast intervals.")]
    contract_demand_kw: float | None
    exceeds_ratio: Annotated[
        float | None,
        Field(
            description="Chance that an interval goes beyond the contract demand; null without.",
            examples=[0.08],
        ),
    ]


class ForecastSlot(Answer):
    """One interval: mean, and what the load stays below with 2.5 %, 10 %, … 97.5 % chance."""

    start_at: StartAt
    end_at: EndAt
    forecast_id: Annotated[int, Field(description="The issue that it is of, in `issues`.")]
    mean_kw: _Kw
    p025_kw: _Kw
    p10_kw: _Kw
    p20_kw: _Kw
    p30_kw: _Kw
    p40_kw: _Kw
    p50_kw: _Kw
    p60_kw: _Kw
    p70_kw: _Kw
    p80_kw: _Kw
    p90_kw: _Kw
    p975_kw: _Kw


class Forecast(Answer):
    """What is said of [start_at, end_at) by what stood at `as_of`."""

    customer_id: int
    site_id: Annotated[int | None, Field(description="null: all sites of the customer together.")]
    code: str
    zone: Zone
    start_at: Instant
    end_at: Instant
    as_of: Annotated[Instant | None, Field(description="null: as it stands now.")]
    issues: Annotated[
        list[ForecastIssue], Field(description="Whose intervals these are, and refusals.")
    ]
    data: list[ForecastSlot]


class PastForecast(ForecastIssue):
    """One forecast with its curve."""

    data: list[ForecastSlot]


class MonthLanding(Answer):
    """Where a month was said to land at `issued_at`, by 400 simulated courses of its rest."""

    customer_id: int
    site_id: int | None
    code: str
    month: Annotated[date, Field(description="Its first day.", examples=["2026-03-01"])]
    zone: Zone
    issued_at: Instant
    replayed: bool
    model: str
    reason: str
    reasons: list[Any]
    inputs: dict[str, Any]
    so_far_kwh: Annotated[float | None, Field(description="Measured before the issue.")]
    so_far_peak_kw: float | None
    energy_kwh: Quantiles | None
    peak_kw: Annotated[Quantiles | None, Field(description="Never below the peak already set.")]
    contract_demand_kw: float | None
    exceeds_ratio: float | None


class ScoreFigures(Answer):
    """How forecasts of finished days turned out; null where too little was measured."""

    days: Annotated[int, Field(examples=[28])]
    slots: Annotated[int, Field(description="Intervals that were forecast and measured.")]
    wape_pct: Annotated[_Share, Field(description="Sum of errors by sum of loads.")]
    mase_ratio: Annotated[
        float | None, Field(description="Error by the usual change from week to week.")
    ]
    pinball_pct: Annotated[_Share, Field(description="Mean loss over the deciles by the load.")]
    coverage_80_pct: Annotated[_Share, Field(description="Intervals inside p10 to p90: 80 is due.")]
    coverage_95_pct: Annotated[
        _Share, Field(description="Intervals inside p025 to p975: 95 is due.")
    ]
    bias_pct: Annotated[_Share, Field(description="Forecast minus measured, by the load.")]
    special_wape_pct: Annotated[_Share, Field(description="WAPE on and around special days.")]
    peak_error_pct: Annotated[_Share, Field(description="Of the size of the day's peak.")]
    peak_shift_h: Annotated[float | None, Field(description="Of the hour of the day's peak.")]
    skill_ratio: Annotated[
        float | None,
        Field(
            description="1 − error by that of the better of yesterday and last week; below 0 is "
            "worse than naive.",
            examples=[0.34],
        ),
    ]


class BiasByLead(Answer):
    """Forecasts said so many days before."""

    lead_days: LeadDays
    bias_pct: float | None
    wape_pct: float | None
    days: int


class ScoreCard(Answer):
    """The card of a site, or of all sites of a customer together."""

    customer_id: int
    site_id: int | None
    code: str
    kind: Kind
    lead_days: LeadDays
    first_day: date
    last_day: date
    card: Annotated[ScoreFigures | None, Field(description="null: no finished day was forecast.")]
    by_lead: list[BiasByLead]


class SiteScore(ScoreFigures):
    """One site of a portfolio's cards."""

    customer_id: int
    site_id: int
    code: str


class PortfolioScore(Answer):
    """The mean card of all sites that you see, each counting once, and those of the sites."""

    kind: Kind
    lead_days: LeadDays
    first_day: date
    last_day: date
    sites: int
    worse_than_naive: Annotated[int, Field(description="Sites whose skill is negative.")]
    wape_pct: float | None
    mase_ratio: float | None
    pinball_pct: float | None
    coverage_80_pct: float | None
    coverage_95_pct: float | None
    bias_pct: float | None
    special_wape_pct: float | None
    peak_error_pct: float | None
    peak_shift_h: float | None
    skill_ratio: float | None
    data: Annotated[list[SiteScore], Field(description="Worst skill first.")]


class WeatherPoint(Answer):
    """One temperature as it was known at `as_of`."""

    valid_at: Instant
    temperature_c: Annotated[float, Field(examples=[21.4])]
    measured: Annotated[bool, Field(description="Else foreseen.")]
    known_at: Annotated[Instant, Field(description="When it was measured or foreseen.")]
    source: Annotated[str, Field(examples=["open-meteo"])]


class Weather(Answer):
    """Temperatures at a site: measured where they were by then, else as foreseen last."""

    site_id: int
    code: str
    zone: Zone
    start_at: Instant
    end_at: Instant
    as_of: Instant | None
    data: list[WeatherPoint]
