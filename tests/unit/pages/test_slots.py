from __future__ import annotations

from api.pages.slots import Hole, holes, on_grid, total
from api.pages.sparkline import sparkline
from loadstone.storage.screens.overview import Curve

GRID = range(0, 8 * 900, 900)


def curve(*slots: int) -> Curve:
    starts = [slot * 900 for slot in slots]
    return Curve(meter_id=1, starts_s=starts, powers_kw=[float(slot) for slot in slots])


def test_a_silent_quarter_hour_of_a_quick_meter_is_missing() -> None:
    assert on_grid(curve(0, 1, 4), GRID, 60) == [0.0, 1.0, None, None, 4.0, None, None, None]


def test_a_slow_meter_is_not_silent_between_two_readings() -> None:
    assert on_grid(curve(0, 2, 4), GRID, 1800)[:5] == [0.0, 0.0, 2.0, 2.0, 4.0]


def test_a_sum_is_unknown_where_one_of_its_parts_is() -> None:
    assert total([[1.0, 2.0, None], [1.0, None, None]]) == [2.0, None, None]
    assert total([]) == []


def test_holes_end_where_data_come_back_and_stay_open_until_now() -> None:
    values = [1.0, None, None, 1.0, 1.0, None, None, None]
    assert holes(values, GRID, 7 * 900 + 60) == [
        Hole(start_s=900, end_s=2700, open_end=False),
        Hole(start_s=4500, end_s=6360, open_end=True),
    ]


def test_a_quarter_hour_that_just_began_is_not_missed_yet() -> None:
    assert holes([1.0, 1.0, None, None], range(0, 3600, 900), 1900) == []


def test_a_day_that_is_over_has_no_open_hole() -> None:
    found = holes([1.0, None, None, None], range(0, 3600, 900), 100_000)
    assert found == [Hole(start_s=900, end_s=3600, open_end=False)]


def test_a_sparkline_leaves_its_holes_out() -> None:
    line = sparkline([1.0, 2.0, None, None, 3.0, 4.0], skip=1)
    assert len(line.runs) == 2
    assert len(line.gaps) == 1
    assert (line.low_kw, line.high_kw) == (1.0, 4.0)


def test_a_sparkline_of_nothing_has_no_line() -> None:
    line = sparkline([None, None, None])
    assert line.runs == []
    assert line.low_kw is None
