"""Which number of its register a meter's gateway had said by when."""

from __future__ import annotations

from loadstone.domain.register_numbers import RegisterNumbers
from loadstone.domain.registers import RegisterPoint


def point(ts_ms: int, number: int | None) -> RegisterPoint:
    return RegisterPoint(ts_ms=ts_ms, values=(0,), declared_epoch=number)


def test_the_highest_number_said_until_then_counts() -> None:
    numbers = RegisterNumbers([(300, 2), (100, 1), (200, 4)])
    assert [numbers.until(ts_ms) for ts_ms in (99, 100, 250, 300)] == [None, 1, 4, 4]


def test_only_readings_that_raise_the_number_are_kept() -> None:
    numbers = RegisterNumbers([(100, 1)])
    late = [point(50, 0), point(60, 0), point(150, 1), point(170, 3), point(160, 2), point(180, 3)]
    assert numbers.raised_by(late) == {50: 0, 160: 2, 170: 3}


def test_a_reading_says_what_was_known_unless_it_says_more() -> None:
    numbers = RegisterNumbers([(100, 1)])
    said = [point(50, None), point(100, None), point(150, 0), point(150, 2)]
    assert [numbers.beside(each).declared_epoch for each in said] == [None, 1, 1, 2]
