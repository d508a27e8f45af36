"""A subject's calendar: public holidays of its country, and what its customer declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forecast.calendars.day_kinds import DayKinds, day_kinds
from forecast.calendars.production import EntryKind, ProductionEntry
from forecast.runs.countries import country_of
from loadstone.storage.forecast_subjects import Subject
from loadstone.storage.production_days import ProductionDayRow


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCalendar:
    """The kinds of the days, and what is told of where they come from."""

    kinds: DayKinds
    told: Mapping[str, object]


def own_calendar(
    subject: Subject, entries: Sequence[ProductionDayRow], first_day: date, days: int
) -> OwnCalendar:
    """The calendar of `days` days; entries of one site are not those of its whole customer."""
    mine = tuple(
        ProductionEntry(
            name=one.name, kind=EntryKind(one.kind), start=one.first_day, end=one.last_day
        )
        for one in entries
        if one.customer_id == subject.customer_id
        and (one.site_id is None or one.site_id == subject.site_id)
    )
    country = subject.country or country_of(subject.zone)
    kinds = day_kinds(first_day, days, country, subject.subdivision, mine)
    last_year = date.fromordinal(first_day.toordinal() + days - 1).year
    return OwnCalendar(
        kinds=kinds,
        told={
            "country": country,
            "subdivision": subject.subdivision,
            "published": last_year not in kinds.unpublished_years,
            "unpublished_years": list(kinds.unpublished_years),
            "production_entries": len(mine),
        },
    )
