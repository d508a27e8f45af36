"""Local days as slots, when what is due, and the countries of zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest

from forecast.runs.countries import country_of
from forecast.runs.issue import Issue, IssueKind, local_instant, month_end
from forecast.runs.local_days import local_days
from forecast.runs.schedule import LastRun, Plan, due, missed

BERLIN = "Europe/Berlin"
CHINA = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("day", "intervals"),
    [(date(2026, 3, 28), 96), (date(2026, 3, 29), 92), (date(2026, 10, 25), 100)],
)
def test_a_day_has_as_many_quarter_hours_as_its_clocks_show(day: date, intervals: int) -> None:
    days = local_days(BERLIN, day, 1, 900)
    assert len(days.slots_of(0)) == intervals
    assert days.slots == 96


def test_the_hour_that_is_there_twice_is_its_mean_and_the_missing_one_unknown() -> None:
    autumn = local_days(BERLIN, date(2026, 10, 25), 1, 3600)
    at_s = autumn.begins_s[0] + 3600 * np.arange(25)
    folded = autumn.folded(at_s, np.arange(25, dtype=float))
    # 02:00 is there twice: the third and fourth hour of the day.
    assert folded[0].tolist() == [0, 1, 2.5, *range(4, 25)]
    spring = local_days(BERLIN, date(2026, 3, 29), 1, 3600)
    folded = spring.folded(spring.begins_s[0] + 3600 * np.arange(23), np.ones(23))
    assert np.flatnonzero(np.isnan(folded[0])).tolist() == [2]


def test_values_outside_of_the_days_are_left_out() -> None:
    days = local_days(CHINA, date(2026, 3, 1), 2, 3600)
    at_s = days.begins_s[0] + np.array([-3600, 0, 48 * 3600])
    assert np.nansum(days.folded(at_s, np.array([5.0, 1.0, 7.0]))) == 1.0


def test_intervals_that_do_not_divide_the_hour_are_refused() -> None:
    with pytest.raises(ValueError, match="does not divide the hour"):
        local_days(CHINA, date(2026, 3, 1), 2, 1000)


def issue(kind: IssueKind, at: datetime, zone: str = CHINA) -> Issue:
    return Issue(kind=kind, zone=zone, issued_at=at, interval_s=900, history_days=100)


def test_an_issue_knows_the_slots_of_its_day_that_are_over() -> None:
    morning = issue("day_ahead", datetime(2026, 3, 19, 23, 30, tzinfo=UTC))
    assert (morning.origin_day, morning.origin_slot) == (date(2026, 3, 20), 30)
    assert morning.last_day == date(2026, 3, 21)
    midnight = issue("week_ahead", datetime(2026, 3, 19, 16, tzinfo=UTC))
    assert (midnight.origin_day, midnight.origin_slot) == (date(2026, 3, 19), 96)
    assert midnight.last_day == date(2026, 3, 27)
    between = issue("today", datetime(2026, 3, 20, 4, 7, tzinfo=UTC))
    assert between.known_until == datetime(2026, 3, 20, 4, tzinfo=UTC)
    assert issue("month", datetime(2028, 2, 3, tzinfo=UTC)).last_day == date(2028, 2, 29)


def test_an_issue_is_an_instant_in_utc() -> None:
    with pytest.raises(ValueError, match="in UTC"):
        issue("today", datetime.fromisoformat("2026-03-20T07:30:00+08:00"))


def test_months_end_where_they_end() -> None:
    assert month_end(date(2026, 12, 31)) == date(2026, 12, 31)
    assert month_end(date(2026, 2, 1)) == date(2026, 2, 28)


def test_zones_tell_their_country() -> None:
    assert country_of(CHINA) == "CN"
    assert country_of(BERLIN) == "DE"
    assert country_of("UTC") is None


PLAN = Plan(
    interval_s=900, history_days=400, issue_at=time(7, 30), today_every_s=3600, settle_s=120,
    replay_days=3,
)  # fmt: skip


def wanted(now: datetime, runs: dict[str, LastRun]) -> list[tuple[str, datetime]]:
    def newest(kind: IssueKind, zone: str) -> LastRun | None:
        return runs.get(kind)

    return [(one.kind, one.issued_at) for one in due(now, [CHINA], PLAN, newest)]


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    """An instant by the clocks of China."""
    return local_instant(CHINA, date(2026, 3, day), hour, minute)


def test_the_days_ahead_are_due_from_their_time_on_and_once_only() -> None:
    done = LastRun(issued_at=at(7, 30, 19), finished=True)
    updates = {
        "today": LastRun(issued_at=at(7), finished=True),
        "intraday": LastRun(issued_at=at(7, 15), finished=True),
    }
    runs = dict.fromkeys(("day_ahead", "week_ahead", "month"), done) | updates
    assert wanted(at(7, 31), runs) == []  # its data are waited for
    told = wanted(at(7, 33), runs)
    daily = [one for one in told if one[0] in ("day_ahead", "week_ahead", "month")]
    assert daily == [(kind, at(7, 30)) for kind in ("day_ahead", "week_ahead", "month")]
    assert told[3:] == [("intraday", at(7, 30))]
    now = LastRun(issued_at=at(7, 30), finished=True)
    assert wanted(at(7, 33), dict.fromkeys((*runs, "intraday"), now) | {"today": now}) == []


def test_who_is_late_says_it_with_what_is_known_by_then() -> None:
    told = dict(wanted(at(11, 20), {}))
    assert told["day_ahead"] == at(11, 15)
    assert told["today"] == at(11)
    assert told["intraday"] == at(11, 15)


def test_a_run_that_ended_too_soon_is_gone_on_with() -> None:
    runs = {"day_ahead": LastRun(issued_at=at(7, 45), finished=False)}
    assert dict(wanted(at(11, 20), runs))["day_ahead"] == at(7, 45)


def test_an_hours_forecast_from_scratch_spares_moving_the_old_one() -> None:
    runs = {"today": LastRun(issued_at=at(11), finished=True)}
    assert "intraday" not in dict(wanted(at(11, 4), runs))
    assert dict(wanted(at(11, 20), runs))["intraday"] == at(11, 15)


def test_nothing_of_today_is_said_at_midnight() -> None:
    kinds = [kind for kind, _ in wanted(at(0, 4), {})]
    assert kinds == ["day_ahead", "week_ahead", "month"]


def test_missed_days_are_made_up_for_oldest_first() -> None:
    made = {at(7, 30, 18)}

    def has_run(kind: IssueKind, zone: str, issued_at: datetime) -> bool:
        return issued_at in made

    found = [one.issued_at for one in missed(at(9), [CHINA], PLAN, has_run)]
    assert found == [at(7, 30, 17), at(7, 30, 19)]


def test_each_zone_goes_by_its_own_clocks() -> None:
    def newest(kind: IssueKind, zone: str) -> LastRun | None:
        if kind in ("today", "intraday"):
            return LastRun(issued_at=at(23), finished=True)
        return LastRun(issued_at=at(7, 30) - timedelta(hours=1), finished=True)

    told = [(one.kind, one.zone) for one in due(at(7, 40), [CHINA, BERLIN], PLAN, newest)]
    assert told == [(kind, CHINA) for kind in ("day_ahead", "week_ahead", "month")]
