"""A document is the same before the archive and behind it, and its hash says so."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import msgspec
import pytest

from forecast.reports.document import change_pct, digest, figure, from_builtins, to_builtins
from forecast.reports.due import month_of, next_due
from forecast.reports.facts.months import Month
from forecast.reports.text import Text, number
from tests.support.report_documents import full_document


def test_a_document_comes_back_from_json_as_it_was():
    document = full_document()
    back = from_builtins(json.loads(json.dumps(to_builtins(document))))
    assert back == document
    assert digest(back) == digest(document)


def test_whole_numbers_hash_alike_however_json_writes_them():
    document = full_document()
    plain = json.loads(json.dumps(to_builtins(document)).replace("1000.0", "1000"))
    assert digest(from_builtins(plain)) == digest(document)


def test_another_word_is_another_hash():
    document = full_document()
    other = msgspec.structs.replace(document, period=Text("October 2026", "2026年11月"))
    assert digest(other) != digest(document)


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(None, 0, "—"), (1234567.4, 0, "1,234,567"), (-0.04, 1, "0.0"), (-12.35, 1, "\u221212.3")],
)
def test_numbers_are_written_with_a_true_minus_and_none_before_zero(value, digits, written):
    assert number(value, digits) == written


def test_figures_are_rounded_and_never_not_a_number():
    assert figure(1.23456, 3) == 1.235
    assert figure(float("nan")) is None
    assert figure(None) is None
    assert change_pct(90.0, 100.0) == -10.0
    assert change_pct(90.0, 0.0) is None


def test_months_of_a_zone_begin_and_end_at_its_midnights():
    march = Month(first=date(2026, 3, 1), zone="Europe/Berlin")
    assert march.start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert march.end == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert (march.end - march.start).total_seconds() / 900 == 2972
    assert march.previous.first == date(2026, 2, 1)
    assert march.year_before.first == date(2025, 3, 1)
    assert len(march.days) == 31


@pytest.mark.parametrize(
    ("after", "due", "month"),
    [
        ("2026-11-22T06:00Z", "2026-12-01T22:00Z", date(2026, 11, 1)),
        ("2026-12-01T21:59Z", "2026-12-01T22:00Z", date(2026, 11, 1)),
        ("2026-12-01T22:00Z", "2027-01-01T22:00Z", date(2026, 12, 1)),
    ],
)
def test_a_schedule_is_due_on_the_morning_of_its_day_by_its_own_clock(after, due, month):
    found = next_due(2, "Asia/Shanghai", datetime.fromisoformat(after))
    assert found == datetime.fromisoformat(due)
    assert month_of(found, "Asia/Shanghai") == month
