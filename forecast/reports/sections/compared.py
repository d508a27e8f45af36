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
from loadstone.storage.energy_sums import energy_sum_of
from loadstone.storage.read_only import Connection

PREVIOUS: Final = Text("on last month", "环比上月")
YEAR_BEFORE: Final = Text("on last year", "同比去年")
_KNOWN: Final = 0.999


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A month that is compared with; all None where it is not known as a whole."""

    energy_kwh: float | None
    peak_kw: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The two months that a report compares with; `previous_load` None where not known whole."""

    previous: Figures
    year_before: Figures
    previous_load: MonthLoad | None


def earlier_months(
    connection: Connection, premises: Premises, month: Month, as_known_at: datetime
) -> Earlier:
    """Their loads; a month of which a part is not known is compared with nothing."""
    previous = _whole(connection, premises, month.previous, as_known_at)
    year_before = _whole(connection, premises, month.year_before, as_known_at)
    return Earlier(
        previous=_figures(previous), year_before=_figures(year_before), previous_load=previous
    )


def _whole(
    connection: Connection, premises: Premises, month: Month, as_known_at: datetime
) -> MonthLoad | None:
    """The month if it is known as a whole; looked up by the month first, which costs nothing."""
    if as_known_at < month.end:
        return None
    rows = energy_sum_of(
        connection, premises.mains, month.start, month.end, "1 month", month.zone, "imp"
    )
    if any(row.missing_meters or row.measured_ratio + row.estimated_ratio < _KNOWN for row in rows):
        return None
    load = month_load(connection, premises, month, as_known_at)
    return load if load.is_whole else None


def _figures(load: MonthLoad | None) -> Figures:
    if load is None:
        return Figures(energy_kwh=None, peak_kw=None)
    return Figures(energy_kwh=load.total_kwh, peak_kw=load.peak_kw)


def changes(
    now: float | None, previous: float | None, year_before: float | None
) -> tuple[Change, ...]:
    """Both comparisons of a figure."""
    return tuple(
        Change(name=name, before=figure(before), change_pct=change_pct(now, before))
        for name, before in ((PREVIOUS, previous), (YEAR_BEFORE, year_before))
    )
