from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from simulator.interval_clock import StampRules, interval_starts
from simulator.interval_file import IntervalRows
from simulator.replay_errors import IntervalFileError

QUARTER_MS = 900_000


def rows_of(*stamps: str, is_utc: bool = False) -> IntervalRows:
    moments = [datetime.fromisoformat(stamp).replace(tzinfo=UTC) for stamp in stamps]
    return IntervalRows(
        row=np.arange(1, len(stamps) + 1),
        stamp_ms=np.array([int(m.timestamp() * 1000) for m in moments], dtype=np.int64),
        is_utc=is_utc,
        value=np.ones(len(stamps)),
        series=None,
        unit=None,
    )


def every(minutes: int, first: str, last: str) -> list[str]:
    at, end, stamps = datetime.fromisoformat(first), datetime.fromisoformat(last), []
    while at <= end:
        stamps.append(at.isoformat())
        at += timedelta(minutes=minutes)
    return stamps


def utc(starts: np.ndarray) -> list[str]:
    return [datetime.fromtimestamp(s / 1000, UTC).strftime("%d %H:%M") for s in starts.tolist()]


def test_an_end_stamp_at_midnight_belongs_to_the_day_before():
    rows = rows_of("2026-01-01 23:45", "2026-01-02 00:00", "2026-01-02 00:15")
    starts, step_ms = interval_starts(rows, StampRules(label="end"))
    assert step_ms == QUARTER_MS
    assert utc(starts) == ["01 23:30", "01 23:45", "02 00:00"]


def test_the_hour_that_comes_twice_is_told_apart_by_occurrence():
    stamps = [
        *every(15, "2026-10-25 01:45", "2026-10-25 02:45"),
        *every(15, "2026-10-25 02:00", "2026-10-25 03:15"),
    ]
    starts, _ = interval_starts(rows_of(*stamps), StampRules(zone="Europe/Berlin"))
    assert utc(starts)[0] == "24 23:45"
    assert set(np.diff(starts).tolist()) == {QUARTER_MS}


def test_end_stamps_of_the_hour_that_comes_twice_make_a_day_of_25_hours():
    stamps = [
        *every(60, "2026-10-25 01:00", "2026-10-25 02:00"),
        *every(60, "2026-10-25 02:00", "2026-10-26 00:00"),
    ]
    rules = StampRules(label="end", zone="Europe/Berlin")
    starts, step_ms = interval_starts(rows_of(*stamps), rules)
    assert (len(starts), step_ms) == (25, 3_600_000)
    assert set(np.diff(starts).tolist()) == {3_600_000}


@pytest.mark.parametrize("label_of_the_skip", ["02:00", "03:00"])
def test_the_end_at_which_the_clocks_leap_may_be_written_either_way(label_of_the_skip):
    stamps = ["2026-03-29 01:45", f"2026-03-29 {label_of_the_skip}", "2026-03-29 03:15"]
    rules = StampRules(label="end", zone="Europe/Berlin")
    starts, _ = interval_starts(rows_of(*stamps), rules)
    assert utc(starts) == ["29 00:30", "29 00:45", "29 01:00"]


def test_a_time_that_the_clocks_skip_is_refused_with_the_way_out():
    rows = rows_of("2026-03-29 01:45", "2026-03-29 02:15")
    with pytest.raises(IntervalFileError, match=r"row 2 .* skip\. .* Etc/GMT-1 .* --site-zone"):
        interval_starts(rows, StampRules(zone="Europe/Berlin"))
    starts, _ = interval_starts(rows, StampRules(zone="Etc/GMT-1"))
    assert utc(starts) == ["29 00:45", "29 01:15"]


STEPS_BACK = [
    *every(15, "2018-01-01 00:15", "2018-01-01 23:45"), "2018-01-01 00:00",
    *every(15, "2018-01-02 00:15", "2018-01-02 23:45"), "2018-01-02 00:00",
]  # fmt: skip


def test_a_day_end_stamped_on_the_same_day_is_refused_or_counted_in_file_order():
    rows = rows_of(*STEPS_BACK)
    with pytest.raises(IntervalFileError, match=r"row 96 .* time steps back\. Use --order file"):
        interval_starts(rows, StampRules(label="end"))
    rules = StampRules(label="end", order="file", zone="Asia/Seoul")
    starts, _ = interval_starts(rows, rules)
    assert utc(starts[:1]) == ["31 15:00"]
    assert set(np.diff(starts).tolist()) == {QUARTER_MS}


def test_file_order_is_refused_where_rows_are_missing_or_begin_on_the_wrong_day():
    rules = StampRules(label="end", order="file")
    with pytest.raises(IntervalFileError, match=r"row 50 .* rows are missing or doubled"):
        interval_starts(rows_of(*STEPS_BACK[:49], *STEPS_BACK[50:]), rules)
    with pytest.raises(IntervalFileError, match=r"row 1 .* a day away"):
        interval_starts(rows_of(*STEPS_BACK[95:]), rules)


def test_unsorted_rows_are_taken_when_told_to_sort():
    rows = rows_of("2026-01-01 00:30", "2026-01-01 00:15", "2026-01-01 00:00")
    starts, step_ms = interval_starts(rows, StampRules(order="time"))
    assert utc(starts) == ["01 00:30", "01 00:15", "01 00:00"]
    assert step_ms == QUARTER_MS


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (rows_of(), "no rows"),
        (rows_of("2026-01-01"), "--step"),
        (rows_of("2026-01-01", "2026-01-02"), "shorter than a day"),
        (rows_of("2026-01-01 00:00:00.000", "2026-01-01 00:00:00.500"), "whole seconds"),
    ],
)
def test_a_step_that_cannot_be_is_refused(rows, complaint):
    with pytest.raises(IntervalFileError, match=complaint):
        interval_starts(rows, StampRules())
