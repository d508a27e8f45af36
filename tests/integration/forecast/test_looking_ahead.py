"""Backtests, scores and falling back; and that nothing from after an issue ever counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

import numpy as np
import psycopg
import pytest

from forecast.runs import gather as gathering
from forecast.runs.backtest import Wanted, backtest
from forecast.runs.cards import cards_of
from forecast.runs.gather import LookAheadError
from forecast.runs.reckon import reckon
from forecast.runs.run import run_issue
from forecast.runs.scoring import score_finished
from loadstone.storage.forecast_scores import DayScore, StoredCard, forecast_cards, put_scores
from loadstone.storage.pool import connect
from loadstone.storage.production_days import NewProductionDay, put_production_day
from loadstone.storage.weather_values import WeatherValue, put_weather
from tests.support.forecast_world import (
    END,
    NOW,
    ZONE,
    World,
    clock,
    issue_at,
    make_world,
    morning,
    put_hours,
)

LAST = date(2026, 3, 20)
"""The last day of the history."""


@pytest.fixture(scope="module")
def world(make_database: Callable[[], str]) -> World:
    return make_world(make_database())


@pytest.fixture
def connection(world: World) -> Iterator[psycopg.Connection]:
    with connect(world.url) as opened:
        yield opened
        opened.rollback()


def wanted(first: date, last: date) -> Wanted:
    return Wanted(
        kind="day_ahead", zone=ZONE, first_day=first, last_day=last, issue_at=time(7, 30),
        interval_s=3600, history_days=120,
    )  # fmt: skip


def figures(card: StoredCard) -> list[float | None]:
    return [
        card.slots, card.wape_pct, card.mase_ratio, card.pinball_pct, card.coverage_80_pct,
        card.coverage_95_pct, card.bias_pct, card.peak_error_pct, card.peak_shift_h,
        card.skill_ratio,
    ]  # fmt: skip


def test_the_backtest_and_the_kept_forecasts_come_to_the_same_card(
    world: World, connection: psycopg.Connection
) -> None:
    subjects = list(world.subjects.values())
    for back in (5, 4, 3):
        run_issue(world.url, issue_at(morning(back)), subjects, clock)
    connection.autocommit = True
    assert score_finished(connection, subjects, ZONE, LAST, 3600, NOW) == 12
    assert score_finished(connection, subjects, ZONE, LAST, 3600, NOW) == 0
    ids = [one.subject_id for one in subjects]
    kept = forecast_cards(connection, ids, LAST - timedelta(days=3), LAST)
    with connection.transaction():
        scores = backtest(connection, subjects, wanted(date(2026, 3, 16), date(2026, 3, 18)), NOW)
    replayed = cards_of(scores)
    assert set(kept) == set(replayed) == set(ids)
    for who in ids:
        assert figures(replayed[who]) == pytest.approx(figures(kept[who]), rel=1e-4, abs=1e-4)
        assert kept[who].days == 3
        assert 0 < (kept[who].wape_pct or 0) < 10


def test_what_is_planted_after_the_issue_changes_no_forecast(
    world: World, connection: psycopg.Connection
) -> None:
    """Absurd loads, measured weather and calendar entries that became known after it."""
    subjects = list(world.subjects.values())
    at = morning(6)
    before = reckon(connection, issue_at(at), subjects, NOW).forecasts
    with connection.transaction(force_rollback=True):
        connection.execute("DELETE FROM core.forecast_load")
        connection.execute(
            "DELETE FROM core.interval_reading WHERE ts >= %s", [at - timedelta(minutes=30)]
        )
        for meter in world.meters.values():
            put_hours(connection, meter, at - timedelta(minutes=30), END, 1000.0)
        put_weather(connection, [
            WeatherValue(
                site_id=one.site_ids[0], valid_at=at - timedelta(hours=hour),
                known_at=at + timedelta(hours=1), source="late", measured=True, temperature_c=60.0,
            )
            for one in subjects if one.site_id for hour in range(1, 200)
        ])  # fmt: skip
        entry = NewProductionDay(
            customer_id=subjects[0].customer_id, site_id=None, name="fire", kind="shutdown",
            first_day=LAST - timedelta(days=9), last_day=LAST,
        )  # fmt: skip
        put_production_day(connection, entry, "ann", at + timedelta(hours=1))
        after = reckon(connection, issue_at(at), subjects, NOW).forecasts
        later = reckon(connection, issue_at(at + timedelta(days=1)), subjects, NOW).forecasts
    for told, again in zip(before, after, strict=True):
        np.testing.assert_array_equal(told.mean_kw, again.mean_kw)
        np.testing.assert_array_equal(told.quantiles_kw, again.quantiles_kw)
        assert told.inputs == again.inputs
    # The same planted values do count for an issue that comes after them.
    assert later[0].inputs["temperature"] is not None


def test_a_leak_into_the_batch_is_caught(
    world: World, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "_cut", lambda load, days, issue: load)
    with pytest.raises(LookAheadError, match="load from after"):
        backtest(
            connection, list(world.subjects.values()),
            wanted(date(2026, 3, 16), date(2026, 3, 16)), NOW,
        )  # fmt: skip


def _score(subject_id: int, day: date, error: float, kind: str = "day_ahead") -> DayScore:
    return DayScore(
        subject_id=subject_id, kind=kind, target_day=day, lead_days=1, forecast_id=0,
        issued_at=END, replayed=False, model="day_ahead", scored_at=NOW, slots=24, special=False,
        measured_sum_kw=1000.0, error_sum_kw=error, bias_sum_kw=0.0, pinball_sum_kw=1.0,
        inside_80=20, inside_95=23, skill_slots=24, skill_error_sum_kw=error,
        naive_day_sum_kw=200.0, naive_week_sum_kw=100.0, week_change_kw=5.0, peak_kw=100.0,
        peak_error_kw=1.0, peak_shift_h=0.0,
    )  # fmt: skip


def test_who_was_worse_than_naive_falls_back_with_the_reason_and_is_still_tried(
    world: World, connection: psycopg.Connection
) -> None:
    subjects = [world.subjects["A1"], world.subjects["B1"]]
    days = [LAST - timedelta(days=back) for back in range(1, 9)]
    with connection.transaction(force_rollback=True):
        connection.execute("DELETE FROM core.forecast_score")
        put_scores(connection, [_score(subjects[0].subject_id, day, 130.0) for day in days])
        put_scores(connection, [_score(subjects[1].subject_id, day, 70.0) for day in days])
        told = reckon(connection, issue_at(morning(1)), subjects, NOW).forecasts
        fallen, good, trial = told
        assert (fallen.kind, fallen.model) == ("day_ahead", "better_naive")
        assert "the naive model did better lately" in fallen.reason
        assert fallen.reasons[-1] == {
            "code": "naive_better", "skill_ratio": -0.3, "days": 8,
        }  # fmt: skip
        assert fallen.calibration["coverage_80_pct"] == pytest.approx(83.3333, abs=1e-3)
        assert (good.kind, good.model) == ("day_ahead", "day_ahead")
        assert (trial.kind, trial.model) == ("trial", "day_ahead")
        assert trial.subject_id == subjects[0].subject_id
        # Once the trials are better than naive again, the model speaks again.
        put_scores(connection, [_score(subjects[0].subject_id, day, 20.0) for day in days])
        again = reckon(connection, issue_at(morning(1)), subjects, NOW).forecasts
        assert [one.model for one in again] == ["day_ahead", "day_ahead"]


def test_a_few_bad_days_are_no_reason_yet(world: World, connection: psycopg.Connection) -> None:
    one = world.subjects["A1"]
    with connection.transaction(force_rollback=True):
        connection.execute("DELETE FROM core.forecast_score")
        days = [LAST - timedelta(days=back) for back in range(1, 7)]
        put_scores(connection, [_score(one.subject_id, day, 130.0) for day in days])
        told = reckon(connection, issue_at(morning(1)), [one], NOW).forecasts
        assert [each.model for each in told] == ["day_ahead"]


def test_trials_are_never_shown(world: World, connection: psycopg.Connection) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute(
            "INSERT INTO core.forecast (subject_id, kind, target_day, issued_at, reckoned_at, "
            "lead_days, zone, starts_at, ends_at, interval_s, model, reason, mean_kw) VALUES "
            "(%s, 'trial', '2026-03-22', now(), now(), 1, 'UTC', now(), now() + '1 day', 3600, 'x',"
            " 'x', '{1}')",
            [world.subjects["A1"].subject_id],
        )
        for relation in ("forecast", "forecast_slot", "forecast_issue"):
            query = f"SELECT count(*) FROM read.{relation} WHERE target_day = '2026-03-22'"
            assert connection.execute(query.encode()).fetchone() == (0,)


def test_a_site_without_measurements_is_refused_with_the_reason(
    world: World, connection: psycopg.Connection
) -> None:
    at = END - timedelta(days=200)
    told = reckon(connection, issue_at(at), [world.subjects["A1"]], NOW).forecasts
    assert [(one.model, one.reason) for one in told] == [("refused", "nothing was ever measured")]
    assert told[0].mean_kw is None
    months = reckon(connection, issue_at(at, "month"), [world.subjects["A1"]], NOW).months
    assert [one.model for one in months] == ["refused"]


@pytest.mark.parametrize("days", [1, 3, 10, 30, 50])
def test_young_meters_get_a_simpler_word_of_every_kind(
    world: World, connection: psycopg.Connection, days: int
) -> None:
    at = END - timedelta(days=70 - days) + timedelta(hours=12)
    subjects = list(world.subjects.values())
    for kind in ("day_ahead", "week_ahead", "today", "month"):
        told = reckon(connection, issue_at(at, kind), subjects, NOW)
        assert (
            len(told.forecasts) == {"day_ahead": 4, "week_ahead": 28, "today": 4, "month": 0}[kind]
        )
        assert len(told.months) == (4 if kind == "month" else 0)
        for one in told.forecasts:
            assert one.model == "usual_profile"
            assert one.mean_kw is not None
            ahead = one.mean_kw[-11:]
            assert np.isfinite(ahead).all()
            assert (ahead > 0).all()
