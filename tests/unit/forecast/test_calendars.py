from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from forecast.batch import LoadBatch
from forecast.calendars.day_kinds import day_kinds
from forecast.calendars.production import EntryKind, ProductionEntry
from forecast.ladder import forecast_day
from tests.support.forecast_site import MONDAY, load_kw

START = date(2022, 1, 1)


def at(day: date) -> int:
    return (day - START).days


def test_a_make_up_saturday_is_worked_and_the_bridge_monday_is_not():
    kinds = day_kinds(START, 1200, "CN")
    assert not kinds.off[at(date(2023, 10, 7))]  # Saturday worked for National Day 2023
    assert kinds.weekday[at(date(2023, 10, 7))] == 7
    assert kinds.off[at(date(2023, 10, 6))]


def test_lunar_new_year_is_aligned_with_the_last_one():
    kinds = day_kinds(START, 1200, "CN")
    # first days of the year of the rabbit and of the dragon
    assert kinds.alike[at(date(2024, 2, 10)), 0] == at(date(2023, 1, 22))
    assert kinds.alike[at(date(2024, 2, 8)), 0] == at(date(2023, 1, 20))


def test_christmas_is_aligned_by_date_and_refers_only_to_the_past():
    kinds = day_kinds(START, 1200, "GB")
    assert kinds.alike[at(date(2024, 12, 24)), 0] == at(date(2023, 12, 24))
    assert kinds.alike[at(date(2024, 12, 24)), 1] == at(date(2022, 12, 24))
    assert (kinds.alike < np.arange(1200)[:, None]).all()


def test_a_year_that_is_not_published_is_told():
    assert day_kinds(date(2030, 1, 1), 30, "CN").unpublished_years == (2030,)
    assert day_kinds(START, 30, "CN").unpublished_years == ()


def test_a_country_without_calendar_has_weekends_only():
    kinds = day_kinds(START, 30, None)
    assert not kinds.holiday.any()
    assert kinds.off.sum() == 10


def test_an_entry_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="ends on"):
        ProductionEntry(
            name="x", kind=EntryKind.SHUTDOWN, start=date(2022, 1, 2), end=date(2022, 1, 1)
        )


def told_on(entries: tuple[ProductionEntry, ...], load: np.ndarray) -> np.ndarray:
    batch = LoadBatch(
        first_day=MONDAY, load_kw=load, temperature_c=None,
        calendars=(day_kinds(MONDAY, load.shape[1], None, None, entries),),
        lead_days=1, origin_slot=8, signed=np.array([False]),
    )  # fmt: skip
    return forecast_day(batch).mean_kw[0]


def test_a_declared_shutdown_is_forecast_as_a_day_off():
    load = load_kw(1, 201)  # the last day is a Friday
    day = MONDAY + timedelta(days=200)
    entry = ProductionEntry(name="shutdown", kind=EntryKind.SHUTDOWN, start=day, end=day)
    assert told_on((), load).max() > 90
    assert told_on((entry,), load).max() < 70


def test_a_declared_shift_on_a_saturday_is_forecast_as_a_workday():
    load = load_kw(1, 202)
    day = MONDAY + timedelta(days=201)
    entry = ProductionEntry(name="shift", kind=EntryKind.WORKING, start=day, end=day)
    assert told_on((), load).max() < 60
    assert told_on((entry,), load).max() > 80


def test_an_event_resembles_the_last_one_of_its_name():
    load = load_kw(1, 201)
    for index in (80, 130, 165, 200):
        load[:, index] += 60.0
    entries = tuple(
        ProductionEntry(
            name="fair", kind=EntryKind.EVENT,
            start=MONDAY + timedelta(days=index), end=MONDAY + timedelta(days=index),
        )
        for index in (80, 130, 165, 200)
    )  # fmt: skip
    plain, known = told_on((), load), told_on(entries, load)
    assert np.abs(known - load[0, -1]).mean() < 0.75 * np.abs(plain - load[0, -1]).mean()
