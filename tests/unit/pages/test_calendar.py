from __future__ import annotations

from datetime import date, timedelta

import pytest

from api.pages.calendar import day_bounds, hour_ticks, month_before


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)]
)
def test_a_local_day_may_have_23_or_25_hours(day: date, hours: int) -> None:
    start, end = day_bounds(day, "Europe/Berlin")
    assert end - start == timedelta(hours=hours)
    ticks = hour_ticks(start, end, "Europe/Berlin", 3)
    assert [text for _, text in ticks] == [f"{h:02}:00" for h in (0, 3, 6, 9, 12, 15, 18, 21, 0)]


def test_ticks_of_a_zone_with_half_hours_stand_at_full_local_hours() -> None:
    start, end = day_bounds(date(2026, 7, 1), "Asia/Kolkata")
    assert hour_ticks(start, end, "Asia/Kolkata", 6)[1][1] == "06:00"


def test_the_month_before_january_is_december() -> None:
    assert month_before(date(2026, 1, 1)) == date(2025, 12, 1)
