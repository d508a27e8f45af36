"""What is said about a saving: the figure, how sure it is, and what speaks against it.

Ratios and percentages say which they are; savings are positive, as people speak. GB/T 28750 has
the other sign (节能量 = 报告期能耗 − 校准能耗, negative when saved): `gbt_savings_kwh` gives that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """Whether an auditor would believe the saving."""

    PROVEN = "proven"
    NOT_PROVEN = "not_proven"


class Doubt(StrEnum):
    """Why a saving is not proven; the pages have a sentence for each."""

    PLACEBO_INCLUDES_ZERO = "placebo_includes_zero"
    FSU_ABOVE_LIMIT = "fsu_above_limit"
    NO_SAVING = "no_saving"
    DATA_INSUFFICIENT = "data_insufficient"


class Option(StrEnum):
    """The option of the IPMVP: B has the measure's own sub-meters, C the whole facility."""

    B = "B"
    C = "C"


class Method(StrEnum):
    """How the baseline was reckoned."""

    DAILY_CHANGE_POINT = "daily_change_point"
    HOURLY_TOWT = "hourly_towt"
    DAILY_CALENDAR = "daily_calendar"
    HOURLY_CALENDAR = "hourly_calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class FitStatistics:
    """Statistics of ASHRAE Guideline 14 of the baseline's fit; ratios, not percentages."""

    rows: int
    parameters: float
    cvrmse_ratio: float
    nmbe_ratio: float
    r2: float
    lag1: float
    effective_rows: float
    fsu_68_ratio: float
    fsu_90_ratio: float
    minimum_provable_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceboInterval:
    """Where the true saving lies with 90 %, judged by years in which nothing was done.

    `own_errors_pct` are the savings found in the meter's own earlier years, where none could be;
    `comparable_errors_pct` those of the comparable customers that the caller brought.
    """

    low_pct: float
    high_pct: float
    low_kwh: float
    high_kwh: float
    spread_pct: float
    own_errors_pct: tuple[float, ...] = ()
    comparable_errors_pct: tuple[float, ...] = ()

    @property
    def includes_zero(self) -> bool:
        """Whether no saving at all is among what may be true."""
        return self.low_pct <= 0 <= self.high_pct


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFinding:
    """One thing that the data lacks or has: a code, the figure found and the limit it missed."""

    code: str
    period: str
    figure: float
    limit: float
    blocks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFlag:
    """A stretch that looks as if something other than the measure had changed the load.

    `kind` is `shutdown`, `level_shift` or `surge`; days are [first_day, end_day);
    `effect_kwh` is what was used above (or, negative, below) the model there.
    """

    kind: str
    period: str
    first_day: date
    end_day: date
    effect_kwh: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonAdjusted:
    """The saving once the drift of comparable customers over the same period is taken off."""

    customers: int
    drift_pct: float
    savings_kwh: float
    savings_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalisedSavings:
    """Saving in a usual year: two models, before and after, under one usual weather."""

    years_of_weather: int
    savings_kwh: float
    savings_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCurve:
    """Day by day what was used and what the baseline says would have been, in the reporting period.

    Days on which either is unknown are left out of all three.
    """

    days: tuple[date, ...]
    actual_kwh: tuple[float, ...]
    baseline_kwh: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsResult:
    """One judgement of one measure: figures in kWh of the reporting rows whose energy is known."""

    method: Method
    option: Option
    baseline_from: date
    baseline_to: date
    reporting_from: date
    reporting_to: date
    observed_kwh: float
    baseline_kwh: float
    non_routine_kwh: float
    savings_kwh: float
    savings_pct: float
    interval: PlaceboInterval
    statistics: FitStatistics
    verdict: Verdict
    doubts: tuple[Doubt, ...]
    findings: tuple[DataFinding, ...]
    events: tuple[EventFlag, ...]
    curve: DailyCurve
    comparison: ComparisonAdjusted | None = None
    normalised: NormalisedSavings | None = None

    @property
    def gbt_savings_kwh(self) -> float:
        """节能量 of GB/T 28750: 报告期能耗 less 校准能耗, negative where saved."""
        return -self.savings_kwh
