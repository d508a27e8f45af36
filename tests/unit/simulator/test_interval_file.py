from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simulator.interval_file import FileLayout, read_interval_file
from simulator.replay_errors import IntervalFileError


def csv_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "data.csv"
    path.write_text(text)
    return path


def ms(*args: int) -> int:
    return int(datetime(*args, tzinfo=UTC).timestamp() * 1000)


def test_a_csv_is_read_with_guessed_columns_and_empty_values_are_missing(tmp_path):
    path = csv_of(tmp_path, "timestamp,value\n2026-01-01 00:00,1.5\n2026-01-01 00:15,\n")
    rows = read_interval_file(path, FileLayout())
    assert rows.stamp_ms.tolist() == [ms(2026, 1, 1), ms(2026, 1, 1, 0, 15)]
    assert not rows.is_utc
    np.testing.assert_array_equal(rows.value, [1.5, np.nan])
    assert rows.row.tolist() == [1, 2]


def test_a_compressed_csv_with_semicolons_decimal_commas_and_own_time_format_is_read(tmp_path):
    path = tmp_path / "data.csv.gz"
    path.write_bytes(gzip.compress("\ufeffZeit;kW\r\n31.12.2025 24:00;1,5\r\n".encode()))
    layout = FileLayout(
        time_column="Zeit", value_column="kW", time_format="%d.%m.%Y %H:%M", decimal_comma=True
    )
    rows = read_interval_file(path, layout)
    assert rows.stamp_ms.tolist() == [ms(2026, 1, 1)]
    assert rows.value.tolist() == [1.5]


def test_twelve_twenty_four_is_not_taken_for_midnight(tmp_path):
    path = csv_of(tmp_path, "time,value\n2026-01-01 12:24:00,1\n2026-01-01T24:00:00,1\n")
    stamps = read_interval_file(path, FileLayout()).stamp_ms.tolist()
    assert stamps == [ms(2026, 1, 1, 12, 24), ms(2026, 1, 2)]


def test_an_offset_makes_times_utc_and_must_be_on_all_rows(tmp_path):
    path = csv_of(tmp_path, "time,value\n2026-01-01T01:00:00+01:00,1\n2026-01-01T00:15:00Z,1\n")
    rows = read_interval_file(path, FileLayout())
    assert rows.is_utc
    assert rows.stamp_ms.tolist() == [ms(2026, 1, 1), ms(2026, 1, 1, 0, 15)]
    mixed = csv_of(tmp_path, "time,value\n2026-01-01T01:00:00Z,1\n2026-01-01T01:15:00,1\n")
    with pytest.raises(IntervalFileError, match=r"row 2: .* mixes times with and without a zone"):
        read_interval_file(mixed, FileLayout())


def test_parquet_keeps_its_zone_and_float32_becomes_float64(tmp_path):
    path = tmp_path / "data.parquet"
    stamp = pa.array([datetime(2026, 1, 1, tzinfo=UTC)], pa.timestamp("us", tz="UTC"))
    value, unit = pa.array([3.17], pa.float32()), pa.array(["kWh"]).dictionary_encode()
    pq.write_table(pa.table({"ts_utc": stamp, "value": value, "unit": unit}), path)
    rows = read_interval_file(path, FileLayout())
    assert rows.is_utc
    assert rows.value.dtype == np.float64
    assert rows.value[0] == float(np.float32(3.17))
    assert (rows.unit, rows.series) == ("kWh", None)


def test_one_of_several_series_must_be_chosen_and_rows_keep_their_numbers(tmp_path):
    path = csv_of(
        tmp_path, "series_id,time,value\na,2026-01-01,1\nÖ b,2026-01-01,2\na,2026-01-02,3\n"
    )
    with pytest.raises(IntervalFileError, match="--series: column 'series_id' has a, Ö b"):
        read_interval_file(path, FileLayout())
    with pytest.raises(IntervalFileError, match="no series 'c'"):
        read_interval_file(path, FileLayout(series="c"))
    rows = read_interval_file(path, FileLayout(series="a"))
    assert (rows.row.tolist(), rows.value.tolist()) == ([1, 3], [1.0, 3.0])


@pytest.mark.parametrize(
    ("text", "layout", "complaint"),
    [
        ("a,b\n1,2\n", FileLayout(), "--time-column; there are a, b"),
        ("time,b\n1,2\n", FileLayout(), r"no column 'value' \(--value-column\); there are time, b"),
        ("time,value\n1.5.2026,2\n", FileLayout(), "row 1: time '1.5.2026' is not ISO 8601"),
        ("time,value\n,2\n", FileLayout(), "row 1 has no time"),
        ("time,value\n2026-01-01,x\n", FileLayout(), "row 1: value 'x' is not a number"),
        ('time,value\n2026-01-01,"1,5"\n', FileLayout(), "see --decimal-comma"),
        ("time,value\n2026-01-01,inf\n", FileLayout(), "row 1: the value is infinite"),
        ("time,value\n2026-01-01,1\n", FileLayout(series="a"), "--series needs --series-column"),
        ("time,value\n2026-01-01,1,7\n", FileLayout(), "not readable as CSV"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_row_and_a_way_out(tmp_path, text, layout, complaint):
    with pytest.raises(IntervalFileError, match=complaint):
        read_interval_file(csv_of(tmp_path, text), layout)


def test_a_file_that_only_begins_like_parquet_is_refused(tmp_path):
    path = tmp_path / "data.parquet"
    path.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(IntervalFileError, match="not a readable Parquet file"):
        read_interval_file(path, FileLayout())
