"""One site's days as arrays: off, special, and which past days a special day is like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np

from forecast.calendars.occasions import Occasion, PublicDays, public_days
from forecast.calendars.production import EntryKind, ProductionEntry
from forecast.quantiles import BoolArray, IntArray

PAST_OCCASIONS: Final = 3
_NEAR_DAYS: Final = 6
_YEAR_DAYS: Final = 365.25
_SHIFT_DAYS: Final = 40
"""Lunar occasions move by up to a month between years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayKinds:
    """Arrays over the days from `first_day`."""

    first_day: date
    weekday: IntArray
    """0 Monday .. 6 Sunday; 7 where a make-up workday or a declared shift overrules the weekday."""
    off: BoolArray
    holiday: BoolArray
    near: BoolArray
    """Within six days of a holiday, or inside a declared event or shutdown."""
    alike: IntArray
    """[days, 3]: index of the corresponding day of earlier occasions, newest first, -1 for none."""
    country: str | None
    unpublished_years: tuple[int, ...]

    def part(self, days: int) -> DayKinds:
        """The first `days` of them."""
        return DayKinds(
            first_day=self.first_day,
            weekday=self.weekday[:days],
            off=self.off[:days],
            holiday=self.holiday[:days],
            near=self.near[:days],
            alike=self.alike[:days],
            country=self.country,
            unpublished_years=self.unpublished_years,
        )


@lru_cache(maxsize=512)
def day_kinds(
    first_day: date,
    days: int,
    country: str | None = None,
    subdivision: str | None = None,
    production: tuple[ProductionEntry, ...] = (),
) -> DayKinds:
    """The kinds of `days` days from `first_day` at a site; only earlier days are referred to.

    Remembered, for most sites share their calendar: treat the arrays as read-only.
    """
    last = first_day + timedelta(days=days)
    public = public_days(country, subdivision, first_day.year - 1, last.year + 1)
    dates = [first_day + timedelta(days=offset) for offset in range(days)]
    weekday = np.array([7 if day in public.working else day.weekday() for day in dates])
    holiday = np.array([day in public.off for day in dates], dtype=bool)
    off = ((weekday == 5) | (weekday == 6)) | holiday
    near, alike = _alignment(dates, public)
    for entry in production:
        _declare(entry, production, first_day, (weekday, off, holiday, near), alike)
    return DayKinds(
        first_day=first_day,
        weekday=weekday,
        off=off,
        holiday=holiday,
        near=near,
        alike=alike,
        country=country,
        unpublished_years=_unpublished(public, first_day, last),
    )


def _unpublished(public: PublicDays, first: date, last: date) -> tuple[int, ...]:
    return tuple(year for year in public.unpublished_years if first.year <= year <= last.year)


def _distance(occasion: Occasion, day: date) -> int:
    if day < occasion.start:
        return (occasion.start - day).days
    return max((day - occasion.end).days, 0)


def _nearest(occasions: Sequence[Occasion], day: date) -> Occasion:
    return min(occasions, key=lambda one: _distance(one, day))


def _corresponding(now: Occasion, then: Occasion, day: date) -> date:
    """The day of `then` at the place that `day` has in `now`."""
    if day > now.end:
        return then.end + (day - now.end)
    return then.start + (day - now.start)


def _earlier(now: Occasion, past: Sequence[Occasion], years_ago: int) -> Occasion | None:
    for one in past:
        if abs((now.start - one.start).days - _YEAR_DAYS * years_ago) < _SHIFT_DAYS:
            return one
    return None


def _alignment(dates: Sequence[date], public: PublicDays) -> tuple[BoolArray, IntArray]:
    near = np.zeros(len(dates), dtype=bool)
    alike = np.full((len(dates), PAST_OCCASIONS), -1, dtype=np.int64)
    by_name: dict[str, list[Occasion]] = {}
    for one in reversed(public.occasions):
        by_name.setdefault(one.name, []).append(one)
    if not public.occasions:
        return near, alike
    first = dates[0]
    for index, day in enumerate(dates):
        now = _nearest(public.occasions, day)
        if _distance(now, day) > _NEAR_DAYS:
            continue
        near[index] = True
        for back in range(PAST_OCCASIONS):
            then = _earlier(now, by_name[now.name], back + 1)
            if then is not None:
                alike[index, back] = max((_corresponding(now, then, day) - first).days, -1)
    return near, alike


def _declare(
    entry: ProductionEntry,
    production: Sequence[ProductionEntry],
    first_day: date,
    flags: tuple[IntArray, BoolArray, BoolArray, BoolArray],
    alike: IntArray,
) -> None:
    weekday, off, holiday, near = flags
    days = len(off)
    start, end = (entry.start - first_day).days, (entry.end - first_day).days
    past = sorted(
        (other for other in production if other.name == entry.name and other.end < entry.start),
        key=lambda other: other.start,
        reverse=True,
    )[:PAST_OCCASIONS]
    for index in range(max(start, 0), min(end + 1, days)):
        if entry.kind is EntryKind.WORKING:
            weekday[index] = 7 if weekday[index] in (5, 6) else weekday[index]
            off[index] = holiday[index] = False
            continue
        near[index] = True
        off[index] |= entry.kind is EntryKind.SHUTDOWN
        alike[index] = -1
        for back, other in enumerate(past):
            there = (other.start - first_day).days + index - start
            alike[index, back] = there if there <= (other.end - first_day).days else -1
