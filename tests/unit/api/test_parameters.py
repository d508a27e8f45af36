"""Times and steps are understood as they are commonly written, and never guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.errors import ProblemError
from api.parameters import Stepped, parse_instant, parse_step

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T12:00:00Z",
        "2026-03-01T20:00:00+08:00",
        "2026-03-01T20:00:00 08:00",
        "2026-03-01 12:00Z",
        "20260301T120000Z",
        "1772366400000",
        " 2026-03-01T12:00:00Z ",
    ],
)
def test_one_instant_is_written_in_many_ways(text):
    assert parse_instant(text) == NOON


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2026-03-01T12:00:00", "offset"),
        ("20260301", "offset"),
        ("2026-02-30T00:00:00Z", "ISO 8601"),
        ("12", "ISO 8601"),
        ("NaN", "ISO 8601"),
        ("9999-12-31T23:59:59-14:00", "2199"),
        ("0001-01-01T00:00:00+14:00", "1970"),
    ],
)
def test_an_instant_that_is_not_sure_is_refused_with_the_rule(text, rule):
    with pytest.raises(ValueError, match=rule):
        parse_instant(text)


@given(some.text())
def test_whatever_is_sent_is_an_instant_in_utc_or_a_value_error(text):
    try:
        instant = parse_instant(text)
    except ValueError:
        return
    assert instant.utcoffset() == NOON.utcoffset()


@pytest.mark.parametrize(
    ("text", "sql"),
    [("15m", "15 minutes"), ("PT1H", "1 hour"), ("1mo", "1 month"), ("P1W", "7 days")],
)
def test_a_step_has_a_short_name_and_an_iso_name(text, sql):
    assert parse_step(text).sql == sql


@pytest.mark.parametrize("text", ["7m", "1M", "", "15 minutes; DROP TABLE x", None])
def test_other_steps_are_refused(text):
    with pytest.raises(ValueError, match="must be one of 1m, 5m"):
        parse_step(text)


def test_the_number_of_intervals_is_limited_and_said():
    wanted = Stepped.model_validate({"from": "2020-01-01T00:00:00Z", "step": "1m"})
    with pytest.raises(ProblemError) as refusal:
        wanted.grid(NOON)
    assert "3242160" in refusal.value.errors[0].rule
    assert "50000" in refusal.value.errors[0].rule


def test_many_meters_leave_fewer_intervals_to_each():
    wanted = Stepped.model_validate({"from": "2025-03-01T12:00:00Z", "step": "15m"})
    with pytest.raises(ProblemError, match=r"35040 intervals of 20 meters .* 25000 are the most"):
        wanted.grid(NOON, meters=20)


def test_a_year_of_quarter_hours_is_not_too_much():
    wanted = Stepped.model_validate({"from": "2025-03-01T12:00:00Z", "step": "15m"})
    assert wanted.grid(NOON).hours == 365 * 24
