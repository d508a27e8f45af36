"""The stretch of time that a page shows, and the one it is compared with; both live in the URL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Query

from api.errors import refused
from api.pages.calendar import day_start, month_before

PeriodKind = Literal["today", "yesterday", "day", "7d", "month", "year", "custom"]
Comparison = Literal["none", "previous", "week", "year"]
KINDS: tuple[PeriodKind, ...] = ("today", "yesterday", "7d", "month", "year", "custom")
COMPARISONS: tuple[Comparison, ...] = ("none", "previous", "year")
EARLIEST = date(2000, 1, 1)
LONGEST = timedelta(days=3660)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Local days `first` to `last`, both in it; `today` is the site's.

    `compare` says with what it is compared: nothing, as much time right before it, the same
    weekdays a week earlier (for days), or the same dates a year earlier.
    """

    kind: PeriodKind
    first: date
    last: date
    today: date
    compare: Comparison

    @property
    def days(self) -> int:
        """How many calendar days."""
        return (self.last - self.first).days + 1

    @property
    def is_running(self) -> bool:
        """Whether its end is still to come."""
        return self.last >= self.today

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """[start, end) as instants, UTC."""
        return day_start(self.first, zone), day_start(self.last + _DAY, zone)

    def previous(self) -> Period | None:
        """As much time before; None before the calendar begins."""
        first, last = _shifted(self, back=True)
        return self._at(first, last) if first >= EARLIEST else None

    def next(self) -> Period | None:
        """As much time after; None where that has not begun."""
        first, last = _shifted(self, back=False)
        return self._at(first, last) if first <= self.today else None

    def reference(self) -> Period | None:
        """The whole period that it is compared with, or None."""
        if self.compare == "previous":
            return self.previous()
        if self.compare == "week" and self.days <= 7:
            return self._at(self.first - 7 * _DAY, self.last - 7 * _DAY)
        if self.compare == "year":
            first, last = year_before(self.first), year_before(self.last)
            if self.kind == "month":
                last = _month_end(first)
            return self._at(first, last) if first >= EARLIEST else None
        return None

    def query(self) -> dict[str, str]:
        """The parameters that lead here again; relative ones stay relative."""
        wanted: dict[str, str] = {"period": self.kind}
        if self.kind == "custom":
            wanted |= {"from": str(self.first), "to": str(self.last)}
        elif (self.first, self.last) != _named(self.kind, self.today):
            wanted["at"] = str(self.first)
        if self.compare != "none":
            wanted["compare"] = self.compare
        return wanted

    def _at(self, first: date, last: date) -> Period:
        kind = self.kind
        if kind in {"today", "yesterday", "day"}:
            kind = "today" if first == self.today else "day"
            kind = "yesterday" if first == self.today - _DAY else kind
        return replace(self, kind=kind, first=first, last=last)


def year_before(day: date) -> date:
    """The same date a year earlier; 29 February becomes 28."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY


def _named(kind: PeriodKind, at: date) -> tuple[date, date]:
    """First and last day of the period of this kind that holds, or for 7d ends with, `at`."""
    if kind == "yesterday":
        return at - _DAY, at - _DAY
    if kind == "7d":
        return at - 6 * _DAY, at
    if kind == "month":
        first = at.replace(day=1)
        return first, _month_end(first)
    if kind == "year":
        return date(at.year, 1, 1), date(at.year, 12, 31)
    return at, at


def _shifted(period: Period, *, back: bool) -> tuple[date, date]:
    if period.kind == "month":
        first = month_before(period.first) if back else period.last + _DAY
        return first, _month_end(first)
    if period.kind == "year":
        year = period.first.year + (-1 if back else 1)
        return date(year, 1, 1), date(year, 12, 31)
    shift = timedelta(days=-period.days if back else period.days)
    return period.first + shift, period.last + shift


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodWanted:
    """What the URL asks for, before the site's calendar is known."""

    kind: PeriodKind | None
    at: date | None
    first: date | None
    last: date | None
    compare: Comparison

    def of(self, today: date, *, otherwise: PeriodKind = "today") -> Period:
        """The period in this calendar; nothing asked for is `otherwise`, and no future is shown."""
        kind = self.kind or ("custom" if self.first or self.last else otherwise)
        if kind == "custom":
            first, last = self._ends(today)
            kind = "day" if first == last else kind
        else:
            at = min(max(self.at or today, EARLIEST + 10 * _DAY), today)
            if kind == "7d" and self.at:
                at = min(at + 6 * _DAY, today)
            if kind in {"today", "yesterday"} and self.at:
                kind = "day"
            if kind == "day":
                kind = "today" if at == today else "day"
            first, last = _named(kind, at)
        return Period(kind=kind, first=first, last=last, today=today, compare=self.compare)

    def _ends(self, today: date) -> tuple[date, date]:
        first = self.first or self.last or today
        last = self.last or self.first or today
        if first > last:
            raise refused("from", first, "must not lie behind `to`")
        if last - first > LONGEST:
            raise refused("from", first, "must lie within ten years of `to`")
        return max(min(first, today), EARLIEST), max(min(last, today), EARLIEST)


def period_wanted(
    period: PeriodKind | None = None,
    at: date | None = None,
    from_: Annotated[date | None, Query(alias="from")] = None,
    to: date | None = None,
    compare: Comparison = "none",
) -> PeriodWanted:
    """The period's parameters, the same on every page."""
    return PeriodWanted(kind=period, at=at, first=from_, last=to, compare=compare)


PeriodQuery = Annotated[PeriodWanted, Depends(period_wanted)]
