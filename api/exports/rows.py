"""The rows of a table in batches, meter by meter, so that memory does not grow with the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from api.exports.columns import Table, schema_of
from api.quality_names import quality_flags
from api.registers import energy_field
from loadstone.storage.export_meters import ExportMeter
from loadstone.storage.quality import quality_of
from loadstone.storage.read_only import Connection
from loadstone.storage.series import energy_of, list_readings, load_of

BATCH_ROWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A table of these meters over [start, end); `tz` None takes each site's own zone."""

    table: Table
    meters: Sequence[ExportMeter]
    start: datetime
    end: datetime
    step_name: str
    step_sql: str
    tz: str | None
    register: str
    in_chinese: bool
    as_of: datetime

    @property
    def schema(self) -> Any:  # noqa: ANN401 - pyarrow ships no types
        """The columns, with units and what they mean, and what the table is of."""
        about = {
            "table": self.table,
            "start_at": self.start.isoformat(),
            "end_at": self.end.isoformat(),
            "step": "" if self.table == "readings" else self.step_name,
            "zone": self.tz or ", ".join(sorted({meter.zone for meter in self.meters})),
            "meters": str(len(self.meters)),
            "made_at": self.as_of.isoformat(),
        }
        return schema_of(self.table, self.register).with_metadata(about)


def batches(connection: Connection, wanted: Wanted) -> Iterator[Any]:
    """Record batches of BATCH_ROWS rows at most."""
    schema = wanted.schema
    source = _SOURCES[wanted.table]
    for meter in wanted.meters:
        zone = wanted.tz or meter.zone
        common = {
            "site_code": meter.site_code,
            "meter_code": meter.code,
            "meter_name": meter.name_zh if wanted.in_chinese else meter.name_en,
            "zone": zone,
        }
        for rows in source(connection, wanted, meter, zone):
            yield _batch(rows, common, ZoneInfo(zone), schema)


def _batch(
    rows: Sequence[Any],
    common: dict[str, str],
    zone: ZoneInfo,
    schema: Any,  # noqa: ANN401 - as above
) -> Any:  # noqa: ANN401 - as above
    count = len(rows)
    columns: list[Any] = []
    for field in schema:
        if field.name in common:
            columns.append(pa.array([common[field.name]] * count, field.type))
        elif field.name in _MADE:
            made = _MADE[field.name]
            columns.append(pa.array([made(row, zone) for row in rows], field.type))
        else:
            name = "value" if field.name in _ENERGIES else field.name
            columns.append(pa.array([getattr(row, name) for row in rows], field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


_ENERGIES = {energy_field("imp"), energy_field("q1")}
_MADE: dict[str, Callable[[Any, ZoneInfo], str]] = {
    "start_local": lambda row, zone: row.start_at.astimezone(zone).isoformat(),
    "ts_local": lambda row, zone: row.ts.astimezone(zone).isoformat(),
    "quality_flags": lambda row, _zone: " ".join(quality_flags(row.quality)),
}


def _cut(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(rows), BATCH_ROWS):
        yield rows[begin : begin + BATCH_ROWS]


def _readings(
    connection: Connection, wanted: Wanted, meter: ExportMeter, _zone: str
) -> Iterator[Sequence[Any]]:
    after: datetime | None = None
    while True:
        rows = list_readings(
            connection, meter.meter_id, wanted.start, wanted.end, after=after, most=BATCH_ROWS
        )
        if rows:
            yield rows
        if len(rows) < BATCH_ROWS:
            return
        after = rows[-1].ts


def _load(
    connection: Connection, wanted: Wanted, meter: ExportMeter, zone: str
) -> Iterator[Sequence[Any]]:
    ids = [meter.meter_id]
    yield from _cut(load_of(connection, ids, wanted.start, wanted.end, wanted.step_sql, zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Energy:
    start_at: datetime
    end_at: datetime
    register: str
    value: float | None
    measured_ratio: float
    estimated_ratio: float
    quality: str


def _energy(
    connection: Connection, wanted: Wanted, meter: ExportMeter, zone: str
) -> Iterator[Sequence[Any]]:
    rows = energy_of(
        connection,
        [meter.meter_id],
        wanted.start,
        wanted.end,
        wanted.step_sql,
        zone,
        wanted.register,
    )
    for part in _cut(rows):
        yield [
            _Energy(
                start_at=row.start_at,
                end_at=row.end_at,
                register=wanted.register,
                value=row.value,
                measured_ratio=row.measured_ratio,
                estimated_ratio=row.estimated_ratio,
                quality=row.quality,
            )
            for row in part
        ]


def _quality(
    connection: Connection, wanted: Wanted, meter: ExportMeter, zone: str
) -> Iterator[Sequence[Any]]:
    report = quality_of(
        connection,
        [meter.meter_id],
        wanted.start,
        wanted.end,
        wanted.step_sql,
        zone,
        as_of=wanted.as_of,
    )
    yield from _cut(report.intervals)


_SOURCES: dict[Table, Callable[[Connection, Wanted, ExportMeter, str], Iterator[Sequence[Any]]]] = {
    "readings": _readings,
    "load": _load,
    "energy": _energy,
    "quality": _quality,
}
