"""Public holidays as named occasions that come back every year, and days that weekdays mislead on.

Sources: the `holidays` package by country and subdivision; `chinesecalendar` for what the State
Council published for China, make-up workdays included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import chinese_calendar
import holidays

_SUBDIVISION: Final = {"GB": "ENG"}
_SAME_OCCASION_DAYS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A holiday period, first to last day, both included."""

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDays:
    """What a country's calendar says for a span of years."""

    occasions: tuple[Occasion, ...]
    off: frozenset[date]
    """Public holidays, whatever the weekday."""
    working: frozenset[date]
    """Weekend days that are worked to make up for a holiday."""
    unpublished_years: tuple[int, ...]
    """Years whose official plan is not known yet; only the statutory days are counted there."""


def _named_days(country: str, subdivision: str | None, years: range) -> Mapping[date, str]:
    part = subdivision or _SUBDIVISION.get(country)
    found = holidays.country_holidays(country, subdiv=part, years=years, language="en_US")
    return {day: name.replace(" (observed)", "") for day, name in sorted(found.items())}


def _grouped(days: Mapping[date, str]) -> tuple[Occasion, ...]:
    found: list[Occasion] = []
    latest: dict[str, int] = {}
    for day, name in sorted(days.items()):
        at = latest.get(name)
        if at is not None and (day - found[at].end).days <= _SAME_OCCASION_DAYS:
            found[at] = Occasion(name=name, start=found[at].start, end=day)
            continue
        latest[name] = len(found)
        found.append(Occasion(name=name, start=day, end=day))
    return tuple(found)


@lru_cache(maxsize=256)
def public_days(
    country: str | None, subdivision: str | None, first_year: int, last_year: int
) -> PublicDays:
    """Every occasion of the years; none for a country that no calendar knows."""
    years = range(first_year, last_year + 1)
    if country is None or country not in holidays.list_supported_countries():
        return PublicDays(
            occasions=(), off=frozenset(), working=frozenset(), unpublished_years=tuple(years)
        )
    named = _named_days(country, subdivision, years)
    if country == "CN":
        return _chinese(named, years)
    return PublicDays(
        occasions=_grouped(named),
        off=frozenset(named),
        working=frozenset(),
        unpublished_years=(),
    )


def _chinese(named: Mapping[date, str], years: range) -> PublicDays:
    statutory = {
        day: name.split(";")[0] for day, name in named.items() if not name.startswith("Day off")
    }
    published = {day.year for day in chinese_calendar.holidays}
    official = {day for day in chinese_calendar.holidays if day.year in years}
    fallback = {day for day in named if day.year not in published}
    return PublicDays(
        occasions=tuple(_stretched(one, official) for one in _grouped(statutory)),
        off=frozenset(official | fallback),
        working=frozenset(day for day in chinese_calendar.workdays if day.year in years),
        unpublished_years=tuple(year for year in years if year not in published),
    )


def _stretched(occasion: Occasion, off: set[date]) -> Occasion:
    """The statutory days with the days off that follow; the start stays, for it aligns years."""
    end = occasion.end
    while end + timedelta(days=1) in off:
        end += timedelta(days=1)
    return Occasion(name=occasion.name, start=occasion.start, end=end)
