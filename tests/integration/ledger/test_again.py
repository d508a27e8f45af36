"""Judging stored readings again: what is shown, what is applied, and what the line then knows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.again import judge_again
from loadstone.storage.judging import judge_alone
from loadstone.storage.ledger import Author, NewEvent, append_event, lock_meter
from tests.integration.ingest.premises import DAY, Premises, ms, reading

END = DAY + timedelta(hours=4)


def feed(premises: Premises, values: dict[int, float]) -> None:
    readings = [
        reading(ms(DAY + timedelta(minutes=minute)), ep_imp=value)
        for minute, value in values.items()
    ]
    premises.feed([premises.telemetry(readings)])


def line(start: int, end: int, first_kwh: float) -> dict[int, float]:
    return {m: round(first_kwh + 100 * (m - start) / 60, 3) for m in range(start, end)}


def again(premises: Premises, *, apply: bool):
    with premises.connection.transaction():
        limits = lock_meter(premises.connection, premises.meter_id)
        judge_alone(premises.connection)
        found = judge_again(premises.connection, limits, ms(DAY), ms(END), apply=apply)
        if apply:
            event = NewEvent(kind="rejudge", starts_at=DAY, ends_at=END, details={})
            append_event(
                premises.connection, premises.meter_id, event, Author(name="wang", note="rated")
            )
    return found


@pytest.fixture
def doubted(make_premises) -> Premises:
    """A meter whose rated power was registered ten times too low: a jump that was none."""
    premises = make_premises(max_power_kw=150.0)
    feed(premises, line(0, 121, 5000))
    feed(premises, line(121, 200, 5230))
    premises.connection.execute("UPDATE core.meter SET max_power_kw = 3000")
    return premises


def test_nothing_changes_where_the_rules_are_the_same(premises):
    feed(premises, line(0, 121, 5000))
    feed(premises, line(121, 241, 40))
    found = again(premises, apply=False)
    assert found.relabelled == []
    assert [(e.reason, e.offsets) for e in found.epochs_after] == [
        (e.reason, e.offsets) for e in found.epochs_before
    ]


def test_what_would_change_is_shown_and_nothing_is_written(doubted):
    was = doubted.readings()
    found = again(doubted, apply=False)
    assert [e.reason for e in found.epochs_before] == ["first", "jump"]
    assert [e.reason for e in found.epochs_after] == ["first"]
    assert [(r.was, r.now, r.readings) for r in found.relabelled] == [(1, 0, 79)]
    assert doubted.readings() == was


def test_what_is_applied_counts_and_the_running_line_goes_on_from_it(doubted):
    values = {r["ts"]: r["imp_wh"] for r in doubted.readings()}
    again(doubted, apply=True)
    feed(doubted, line(200, 241, 5230 + 100 * 79 / 60))
    assert [e["reason"] for e in doubted.epochs()] == ["first"]
    assert {r["epoch"] for r in doubted.readings()} == {0}
    assert doubted.total_kwh(DAY, END) == pytest.approx(230 + 100 * 119 / 60, abs=2e-3)
    assert {r["ts"]: r["imp_wh"] for r in doubted.readings() if r["ts"] in values} == values
