"""Which kind of day it is: Chinese public holidays and make-up workdays, else the weekday rule."""

from __future__ import annotations

from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache

import chinese_calendar


class DayType(IntEnum):
    """The day types that the load patterns know."""

    WORKDAY = 0
    SATURDAY = 1
    SUNDAY = 2
    HOLIDAY = 3
    SPRING_FESTIVAL = 4


_EPOCH = date(1970, 1, 1)


@lru_cache(maxsize=20_000)
def day_type(day: date) -> DayType:
    """Return the day's type; a make-up workday on a weekend is a workday."""
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:  # the calendar is published year by year
        return _by_weekday(day)
    if not is_off:
        return DayType.WORKDAY
    if name is None:
        return _by_weekday(day)
    return DayType.SPRING_FESTIVAL if name == "Spring Festival" else DayType.HOLIDAY


def day_type_of_number(day_number: int) -> DayType:
    """Return the type of the local day that is `day_number` days after 1970-01-01."""
    return day_type(_EPOCH + timedelta(days=day_number))


@lru_cache(maxsize=20_000)
def is_school_vacation(day_number: int) -> bool:
    """Say whether schools rest: 15 January to 20 February, and 5 July to 31 August."""
    day = _EPOCH + timedelta(days=day_number)
    winter = date(day.year, 1, 15) <= day <= date(day.year, 2, 20)
    return winter or date(day.year, 7, 5) <= day <= date(day.year, 8, 31)


def _by_weekday(day: date) -> DayType:
    weekday = day.weekday()
    if weekday < 5:
        return DayType.WORKDAY
    return DayType.SATURDAY if weekday == 5 else DayType.SUNDAY
