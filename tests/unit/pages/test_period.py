from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from api.errors import ProblemError
from api.pages.energy_windows import stretches
from api.pages.period import Comparison, Period, PeriodKind, PeriodWanted, year_before

TODAY = date(2026, 11, 18)
ZONE = "Asia/Shanghai"


def period(
    kind: PeriodKind | None = None, *, at: date | None = None, first: date | None = None,
    last: date | None = None, compare: Comparison = "none",
) -> Period:  # fmt: skip
    wanted = PeriodWanted(kind=kind, at=at, first=first, last=last, compare=compare)
    return wanted.of(TODAY, otherwise="month")


def days(found: Period | None) -> tuple[str, str] | None:
    return None if found is None else (str(found.first), str(found.last))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("today", ("2026-11-18", "2026-11-18")),
        ("yesterday", ("2026-11-17", "2026-11-17")),
        ("7d", ("2026-11-12", "2026-11-18")),
        ("month", ("2026-11-01", "2026-11-30")),
        ("year", ("2026-01-01", "2026-12-31")),
        (None, ("2026-11-01", "2026-11-30")),
    ],
)
def test_a_named_period_is_found_in_the_calendar(
    kind: PeriodKind | None, expected: tuple[str, str]
) -> None:
    assert days(period(kind)) == expected


def test_a_step_back_and_one_forth_come_home_again() -> None:
    for kind in ("today", "7d", "month", "year"):
        home = period(kind)  # type: ignore[arg-type]
        before = home.previous()
        assert before is not None
        assert before.next() == home


def test_a_month_before_march_is_a_whole_february() -> None:
    march = period("month", at=date(2026, 3, 9))
    assert days(march.previous()) == ("2026-02-01", "2026-02-28")


def test_nothing_follows_a_period_that_is_not_over() -> None:
    assert period("month").next() is None
    assert period("today").next() is None


def test_the_parameters_of_a_period_lead_to_it_again() -> None:
    cases = [
        period("7d"), period("month", at=date(2026, 2, 3)), period("year", at=date(2024, 2, 29)),
        period(first=date(2026, 2, 3), last=date(2026, 2, 9)), period("today", at=date(2026, 5, 1)),
        period("7d", at=date(2026, 5, 1), compare="year"),
    ]  # fmt: skip
    for one in cases:
        q = one.query()
        again = PeriodWanted(
            kind=q["period"],  # type: ignore[arg-type]
            at=date.fromisoformat(q["at"]) if "at" in q else None,
            first=date.fromisoformat(q["from"]) if "from" in q else None,
            last=date.fromisoformat(q["to"]) if "to" in q else None,
            compare=q.get("compare", "none"),  # type: ignore[arg-type]
        )
        assert again.of(TODAY) == one


def test_the_year_before_a_leap_day_is_the_28th() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    february = period("month", at=date(2025, 2, 1), compare="year")
    assert days(february.reference()) == ("2024-02-01", "2024-02-29")


def test_the_week_before_has_the_same_weekday() -> None:
    assert days(period("today", compare="week").reference()) == ("2026-11-11", "2026-11-11")
    assert period("year", compare="week").reference() is None


def test_a_backward_stretch_and_too_long_a_one_are_refused() -> None:
    with pytest.raises(ProblemError, match="from"):
        period("custom", first=date(2026, 2, 3), last=date(2026, 2, 1))
    with pytest.raises(ProblemError, match="ten years"):
        period("custom", first=date(2001, 2, 3), last=date(2026, 2, 1))


def test_an_unfinished_period_is_compared_with_as_much_of_the_others() -> None:
    now = datetime(2026, 11, 18, 9, 42, tzinfo=UTC)  # 17:42 in Shanghai
    sides = stretches(period("month"), ZONE, now)
    assert sides["now"].end == datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert sides["previous"].start == datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert sides["previous"].end == datetime(2026, 10, 18, 9, tzinfo=UTC)
    assert sides["year"].end == datetime(2025, 11, 18, 9, tzinfo=UTC)


def test_a_longer_period_is_not_compared_beyond_the_shorter_ones_end() -> None:
    now = datetime(2026, 3, 31, 9, 42, tzinfo=UTC)
    march = PeriodWanted(kind="month", at=None, first=None, last=None, compare="none")
    sides = stretches(march.of(date(2026, 3, 31)), ZONE, now)
    assert sides["previous"].end == datetime(2026, 2, 28, 16, tzinfo=UTC)  # February's end


def test_as_much_of_a_day_is_counted_by_the_clock_on_days_of_23_hours() -> None:
    now = datetime(2026, 3, 30, 10, tzinfo=UTC)  # 12:00 in Berlin, the day after the change
    one = PeriodWanted(kind="today", at=None, first=None, last=None, compare="none")
    sides = stretches(one.of(date(2026, 3, 30)), "Europe/Berlin", now)
    assert sides["previous"].start == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert (sides["previous"].end - sides["previous"].start).total_seconds() == 12 * 3600
