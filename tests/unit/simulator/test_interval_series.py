from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.interval_file import IntervalRows
from simulator.interval_series import (
    EnergyRules,
    IntervalSeries,
    cut,
    energy_by_day,
    register_points,
    shift,
    to_series,
)
from simulator.replay_errors import IntervalFileError

STEP_MS = 900_000
BEGIN_MS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)


def series_of(
    values: list[float], places: list[int] | None = None, **rules: object
) -> IntervalSeries:
    count = len(values)
    rows = IntervalRows(
        row=np.arange(1, count + 1),
        stamp_ms=np.zeros(count, dtype=np.int64),
        is_utc=True,
        value=np.array(values),
        series=None,
        unit=None,
    )
    starts = BEGIN_MS + STEP_MS * np.array(range(count) if places is None else places)
    return to_series(rows, starts, STEP_MS, EnergyRules(**({"unit": "kWh"} | rules)))


@pytest.mark.parametrize(
    ("unit", "energy_kwh"),
    [("Wh", 0.008), ("kWh", 8), ("MWh", 8000), ("W", 0.002), ("kW", 2), ("MW", 2000)],
)
def test_energies_and_mean_powers_become_kwh_of_the_interval(unit, energy_kwh):
    series = series_of([4.0], unit=unit, scale=2.0)
    assert series.energy_kwh[0] == pytest.approx(energy_kwh)
    assert series.power_kw[0] == pytest.approx(energy_kwh * 4)


def test_the_register_is_what_flowed_before_each_instant():
    points = register_points(series_of([1.0, 2.0, 0.5]))
    assert ((points.ts_ms - BEGIN_MS) // STEP_MS).tolist() == [0, 1, 2, 3]
    assert points.import_kwh.tolist() == [0.0, 1.0, 3.0, 3.5]
    np.testing.assert_array_equal(points.power_kw, [4.0, 8.0, 2.0, np.nan])


def test_inside_a_hole_there_is_no_reading_and_after_it_the_register_goes_on_declared():
    series = series_of([1.0, float("nan"), 2.0, 3.0], [0, 1, 2, 9])
    points = register_points(series)
    assert series.holes == 2
    assert ((points.ts_ms - BEGIN_MS) // STEP_MS).tolist() == [0, 1, 2, 3, 9, 10]
    assert points.import_kwh.tolist() == [0.0, 1.0, 1.0, 3.0, 3.0, 6.0]
    assert np.isnan(points.power_kw).tolist() == [False, True, False, True, False, True]
    assert points.epoch.tolist() == [0, 0, 1, 1, 2, 2]


def test_a_register_does_not_drift():
    points = register_points(series_of([0.1] * 100_000))
    assert points.import_kwh[-1] == 10_000.0


def test_export_is_refused_with_its_row_or_counted_on_its_own_register():
    with pytest.raises(IntervalFileError, match="row 2 is negative: -2"):
        series_of([1.0, -2.0, 4.0])
    points = register_points(series_of([1.0, -2.0, 4.0], allow_export=True))
    assert points.import_kwh.tolist() == [0.0, 1.0, 1.0, 5.0]
    assert points.export_kwh.tolist() == [0.0, 0.0, 2.0, 2.0]
    assert points.power_kw[1] == -8.0


def test_equal_repetitions_count_once_and_contradicting_ones_as_told():
    assert series_of([1.0, 1.0, 2.0], [0, 0, 1]).energy_kwh.tolist() == [1.0, 2.0]
    with pytest.raises(IntervalFileError, match=r"rows 1 and 3 contradict .* say 1 and 3"):
        series_of([1.0, 1.0, 3.0, 2.0], [0, 0, 0, 1])
    last = series_of([1.0, 1.0, 3.0, 2.0], [0, 0, 0, 1], duplicates="last")
    assert (last.energy_kwh.tolist(), last.repeated) == ([3.0, 2.0], 2)
    total = series_of([1.0, 1.0, 3.0, 2.0], [0, 0, 0, 1], duplicates="sum")
    assert total.energy_kwh.tolist() == [5.0, 2.0]


def test_an_interval_inside_another_is_refused():
    rows = IntervalRows(
        row=np.array([7, 8]), stamp_ms=np.zeros(2, dtype=np.int64), is_utc=True,
        value=np.ones(2), series=None, unit=None,
    )  # fmt: skip
    starts = np.array([BEGIN_MS, BEGIN_MS + 300_000])
    with pytest.raises(IntervalFileError, match="row 8 begins 300 s after row 7"):
        to_series(rows, starts, STEP_MS, EnergyRules(unit="kWh"))
    with pytest.raises(IntervalFileError, match="no row has a value"):
        series_of([float("nan")])


def test_a_cut_keeps_whole_intervals_and_a_shift_moves_them():
    series = series_of([1.0, 2.0, 3.0, 4.0])
    middle = cut(series, BEGIN_MS + 1, BEGIN_MS + 3 * STEP_MS)
    assert middle.energy_kwh.tolist() == [2.0, 3.0]
    assert shift(series, -7).span_ms[0] == BEGIN_MS - 7 * 86_400_000
    with pytest.raises(IntervalFileError, match="nothing between --from and --to"):
        cut(series, BEGIN_MS + 10 * STEP_MS, None)


def test_local_days_of_23_hours_have_92_quarters_and_midnight_divides_an_interval():
    march = int(datetime(2026, 3, 28, 22, 45, tzinfo=UTC).timestamp() * 1000)
    starts = march + STEP_MS * np.arange(95)
    series = IntervalSeries(start_ms=starts, energy_kwh=np.ones(95), step_ms=STEP_MS)
    days, energy = energy_by_day(series, "Europe/Berlin")
    assert energy == pytest.approx([1.0, 92.0, 2.0])
    assert days[1] == datetime(2026, 3, 28, 23, tzinfo=UTC)
    hour = IntervalSeries(
        start_ms=np.array([BEGIN_MS + 18 * 3_600_000]),
        energy_kwh=np.array([8.0]),
        step_ms=3_600_000,
    )
    assert energy_by_day(hour, "Asia/Kolkata")[1] == pytest.approx([4.0, 4.0])


@given(
    st.lists(st.floats(-1e4, 1e4).map(lambda v: round(v, 3)), min_size=1, max_size=60),
    st.lists(st.integers(1, 3), min_size=60, max_size=60),
)
def test_registers_integrate_the_file_and_never_fall(values, steps):
    places = np.cumsum(steps[: len(values)]).tolist()
    series = series_of(values, places, allow_export=True)
    points = register_points(series)
    imported = sum(v for v in values if v > 0)
    assert points.import_kwh[-1] == pytest.approx(imported, abs=1e-5)
    assert points.export_kwh[-1] == pytest.approx(-sum(v for v in values if v < 0), abs=1e-5)
    for register in (points.import_kwh, points.export_kwh):
        assert all(before <= after for before, after in pairwise(register.tolist()))
    assert (np.diff(points.ts_ms) > 0).all()
    assert energy_by_day(series, "Europe/Berlin")[1].sum() == pytest.approx(imported, abs=1e-5)
