"""A month beside the one before and the same one of the year before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from forecast.reports.document import Change, change_pct, figure
from forecast.reports.facts.loads import MonthLoad, month_load
from forecast.reports.facts.months import Month
from forecast.reports.facts.premises import Premises
from forecast.reports.text import Text
from loadstone.storage.read_only import Connection

PREVIOUS: Final = Text("on last month", "环比上月")
YEAR_BEFORE: Final = Text("on last year", "同比去年")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A month that is compared with; all None where it is not known as a whole."""

    energy_kwh: float | None
    peak_kw: float | None
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The two months that a report compares with."""

    previous: Figures
    year_before: Figures
    previous_load: MonthLoad


def earlier_months(
    connection: Connection, premises: Premises, month: Month, as_known_at: datetime
) -> Earlier:
    """Their loads; a month of which a part is not known is compared with nothing."""
    previous = month_load(connection, premises, month.previous, as_known_at)
    year_before = month_load(connection, premises, month.year_before, as_known_at)
    return Earlier(
        previous=_figures(previous), year_before=_figures(year_before), previous_load=previous
    )


def _figures(load: MonthLoad) -> Figures:
    whole = load.is_whole
    return Figures(
        energy_kwh=load.total_kwh if whole else None,
        peak_kw=load.peak_kw if whole else None,
        days=len(load.month.days),
    )


def changes(
    now: float | None, previous: float | None, year_before: float | None
) -> tuple[Change, ...]:
    """Both comparisons of a figure."""
    return tuple(
        Change(name=name, before=figure(before), change_pct=change_pct(now, before))
        for name, before in ((PREVIOUS, previous), (YEAR_BEFORE, year_before))
    )
