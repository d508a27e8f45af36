"""A finding: what could be saved, how much, how sure that is, how much work, and what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Confidence = Literal["low", "medium", "high"]
Effort = Literal["low", "medium", "high"]
Axis = Literal["day_hour", "week_hour", "instant_s", "month", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSeries:
    """One curve or row of bars; `name` is a code that pages and reports have words for.

    None is not known.
    """

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A chart's data: `axis` says what `x` is, `unit` what the values are (kW, kWh, A, V, %).

    `x` are hours of a day or a week, seconds since the epoch, or places in `labels` (months as
    2026-03, meters' codes, names of periods). `levels` are lines across: a limit, a target.
    """

    axis: Axis
    unit: str
    x: tuple[float, ...]
    series: tuple[EvidenceSeries, ...]
    levels: tuple[EvidenceSeries, ...] = ()
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(len(each.values) != len(self.x) for each in self.series):
            raise ValueError("every series of a chart has a value for each x")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What a year would bring: energy, demand and money, each likely and at least to at most.

    `money` is in the customer's currency; None where no price is known. Energy may be 0: some
    findings are about money alone.
    """

    energy_kwh: float
    energy_low_kwh: float
    energy_high_kwh: float
    demand_kw: float = 0.0
    money: float | None = None
    low_money: float | None = None
    high_money: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One opportunity; `code` is the rule's name, `circuit` the sub-meter's place, None: the site.

    `params` fill the texts `opportunity.<code>.*`: numbers that end in their unit, and codes.
    """

    code: str
    gain: Gain
    confidence: Confidence
    effort: Effort
    evidence: Evidence
    params: Mapping[str, float | str] = field(default_factory=dict)
    circuit: int | None = None
