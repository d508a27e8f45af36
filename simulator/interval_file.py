"""Interval data as a file has them: one series of stamps and values, each with its row."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from simulator.replay_errors import IntervalFileError

TIME_COLUMNS = ("ts_utc", "timestamp", "time", "datetime", "date_time", "ts", "start", "end")
SERIES_COLUMNS = ("series_id", "series")
UNIT_COLUMN = "unit"

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall clock, whose zone comes later
_MS = timedelta(milliseconds=1)
_MIDNIGHT_24 = re.compile(r"(?<![\d:+-])24:00(?=$|[:\s])")  # 24:00 is the day's end, not 12:24:00
_HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLayout:
    """Which columns to read and how; None means guess, or nothing to choose from."""

    time_column: str | None = None
    value_column: str = "value"
    series_column: str | None = None
    series: str | None = None
    time_format: str | None = None
    decimal_comma: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IntervalRows:
    """One series in file order; `value` is NaN where missing, `row` counts from 1 below the header.

    `stamp_ms` is epoch milliseconds of the wall clock that the file shows: UTC where `is_utc`.
    """

    row: NDArray[np.int64]
    stamp_ms: NDArray[np.int64]
    is_utc: bool
    value: NDArray[np.float64]
    series: str | None
    unit: str | None


def read_interval_file(path: Path, layout: FileLayout) -> IntervalRows:
    """Read one series of a CSV or Parquet file; raises IntervalFileError."""
    is_parquet = _is_parquet(path)
    names, load = _parquet(path) if is_parquet else _csv(path)
    time = _time_column(layout.time_column, names)
    if layout.value_column not in names:
        raise _no_column("--value-column", layout.value_column, names)
    series_column = _series_column(layout, names)
    wanted = [time, layout.value_column]
    wanted += [
        name for name in (series_column, UNIT_COLUMN) if name in names and name not in wanted
    ]
    table = load(wanted)
    row = np.arange(1, table.num_rows + 1)
    series = None
    if series_column is not None:
        series, chosen = _choose(table[series_column].cast(pa.string()), series_column, layout)
        table, row = table.filter(chosen), row[chosen.to_numpy(zero_copy_only=False)]
    stamps = table[time]
    if stamps.null_count:
        at = int(np.flatnonzero(stamps.is_null().to_numpy())[0])
        raise IntervalFileError(f"row {row[at]} has no time in column {time!r}")
    stamp_ms, is_utc = _stamps(stamps, row, layout.time_format, time)
    value = _values(table[layout.value_column], row, layout)
    unit = _unit(table) if UNIT_COLUMN in wanted else None
    return IntervalRows(
        row=row, stamp_ms=stamp_ms, is_utc=is_utc, value=value, series=series, unit=unit
    )


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _parquet(path: Path) -> tuple[list[str], Callable[[list[str]], Any]]:
    try:
        names = pq.read_schema(path).names
    except pa.ArrowException as error:
        raise IntervalFileError(f"not a readable Parquet file: {error}") from error
    return names, lambda wanted: pq.read_table(path, columns=wanted)


def _csv(path: Path) -> tuple[list[str], Callable[[list[str]], Any]]:
    with pa.input_stream(str(path), compression="detect") as stream:
        head = stream.read(_HEAD_BYTES)
    try:
        first = head.split(b"\n")[0].decode("utf-8-sig").strip("\r")
    except UnicodeDecodeError as error:
        raise IntervalFileError(f"neither Parquet nor CSV in UTF-8: {error}") from error
    delimiter = max(",;\t", key=first.count)
    names = next(csv.reader([first], delimiter=delimiter), [])

    def load(wanted: list[str]) -> Any:  # noqa: ANN401 - pyarrow has no types
        options = pa_csv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, pa.string()),  # read below, where rows have names
            strings_can_be_null=True,
        )
        try:
            parse = pa_csv.ParseOptions(delimiter=delimiter)
            return pa_csv.read_csv(str(path), parse_options=parse, convert_options=options)
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise IntervalFileError(f"not readable as CSV: {error}") from error

    return names, load


def _time_column(given: str | None, names: Sequence[str]) -> str:
    found = given or next((name for name in TIME_COLUMNS if name in names), None)
    if found is None:
        raise IntervalFileError(
            f"say which column holds the time with --time-column; there are {', '.join(names)}"
        )
    if found not in names:
        raise _no_column("--time-column", found, names)
    return found


def _series_column(layout: FileLayout, names: Sequence[str]) -> str | None:
    if layout.series_column is not None and layout.series_column not in names:
        raise _no_column("--series-column", layout.series_column, names)
    found = layout.series_column or next((n for n in SERIES_COLUMNS if n in names), None)
    if found is None and layout.series is not None:
        raise IntervalFileError("--series needs --series-column: no column names the series")
    return found


def _no_column(option: str, name: str, names: Sequence[str]) -> IntervalFileError:
    return IntervalFileError(f"no column {name!r} ({option}); there are {', '.join(names)}")


def _choose(column: Any, name: str, layout: FileLayout) -> tuple[str, Any]:  # noqa: ANN401 - pyarrow
    """The series to read, and a mask of its rows."""
    there = [str(series) for series in pc.unique(column).to_pylist() if series is not None]
    if layout.series is None and len(there) != 1:
        raise IntervalFileError(f"choose one with --series: column {name!r} has {_listed(there)}")
    chosen = there[0] if layout.series is None else layout.series
    if chosen not in there:
        raise IntervalFileError(f"no series {chosen!r}: column {name!r} has {_listed(there)}")
    return chosen, pc.fill_null(pc.equal(column, chosen), fill_value=False)


def _listed(names: Sequence[str], most: int = 30) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "none") + more


def _stamps(
    column: Any,  # noqa: ANN401 - pyarrow has no types
    row: NDArray[np.int64],
    time_format: str | None,
    name: str,
) -> tuple[NDArray[np.int64], bool]:
    kind = column.type
    if pa.types.is_timestamp(kind):
        ms = column.cast(pa.timestamp("ms", tz=kind.tz), safe=False).cast(pa.int64())
        return ms.to_numpy().astype(np.int64), kind.tz is not None
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise IntervalFileError(f"column {name!r} holds {kind}, not times or text")
    stamps = np.empty(len(row), dtype=np.int64)
    zoned: bool | None = None
    for at, text in enumerate(column.to_pylist()):
        moment = _moment(text, time_format, int(row[at]))
        if zoned is not None and zoned != (moment.tzinfo is not None):
            raise IntervalFileError(f"row {row[at]}: {text!r} mixes times with and without a zone")
        zoned = moment.tzinfo is not None
        wall = moment.astimezone(UTC).replace(tzinfo=None) if zoned else moment
        stamps[at] = (wall - _EPOCH) // _MS
    return stamps, bool(zoned)


def _moment(text: str, time_format: str | None, row: int) -> datetime:
    plain, ends_day = _MIDNIGHT_24.subn("00:00", text.strip(), count=1)
    try:
        if time_format is None:
            moment = datetime.fromisoformat(plain)
        else:
            moment = datetime.strptime(plain, time_format)  # noqa: DTZ007 - the zone is an option
    except ValueError as error:
        wanted = time_format or "ISO 8601 (2026-01-31 23:45); give --time-format for another"
        raise IntervalFileError(f"row {row}: time {text!r} is not {wanted}") from error
    return moment + timedelta(days=ends_day)


def _values(column: Any, row: NDArray[np.int64], layout: FileLayout) -> NDArray[np.float64]:  # noqa: ANN401 - pyarrow
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        texts = column.to_pylist()
        value = np.array(
            [_number(text, int(at), layout) for text, at in zip(texts, row, strict=True)]
        )
    else:
        try:
            value = pc.fill_null(column.cast(pa.float64()), float("nan")).to_numpy()
        except pa.ArrowException as error:
            name = layout.value_column
            raise IntervalFileError(f"column {name!r} holds no numbers: {error}") from error
    endless = np.flatnonzero(np.isinf(value))
    if len(endless):
        raise IntervalFileError(f"row {row[endless[0]]}: the value is infinite")
    return np.asarray(value, dtype=np.float64)


def _number(text: str | None, row: int, layout: FileLayout) -> float:
    if text is None:
        return float("nan")
    plain = text.strip().replace(",", ".") if layout.decimal_comma else text.strip()
    try:
        return float(plain)
    except ValueError as error:
        hint = "" if layout.decimal_comma or "," not in text else "; see --decimal-comma"
        raise IntervalFileError(
            f"row {row}: {layout.value_column} {text!r} is not a number{hint}"
        ) from error


def _unit(table: Any) -> str | None:  # noqa: ANN401 - pyarrow has no types
    """The unit that all rows name, if they do."""
    units = pc.unique(table[UNIT_COLUMN].cast(pa.string())).to_pylist()
    return units[0] if len(units) == 1 else None
