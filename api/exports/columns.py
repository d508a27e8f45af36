"""What each table holds, column by column: its type, its unit and what it means."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Literal

import pyarrow as pa

from api.registers import energy_field, unit_of
from loadstone.storage.series import Measured

Table = Literal["readings", "load", "energy", "quality"]
_INSTANT = pa.timestamp("ms", tz="UTC")
_UNITS = {
    "kwh": "kWh", "kvarh": "kvarh", "kw": "kW", "kvar": "kvar", "kva": "kVA", "v": "V", "a": "A",
    "hz": "Hz", "s": "s", "ratio": "1",
}  # fmt: skip


def _column(name: str, kind: Any, meaning: str = "", unit: str = "") -> Any:  # noqa: ANN401 - pyarrow ships no types
    known = unit or _UNITS.get(name.rpartition("_")[2], "")
    told = {"unit": known, "description": meaning}
    return pa.field(name, kind, metadata={key: text for key, text in told.items() if text})


_WHOSE = (
    _column("site_code", pa.string()),
    _column("meter_code", pa.string()),
    _column("meter_name", pa.string()),
)
_SPAN = (
    _column("start_at", _INSTANT, "Start of the interval, UTC."),
    _column("end_at", _INSTANT, "End of the interval, which is not part of it, UTC."),
    _column("start_local", pa.string(), "Start in the zone, with its offset from UTC."),
    _column("zone", pa.string(), "Whose calendar cuts the intervals."),
)
_QUALITY = _column("quality", pa.string(), "measured, estimated, corrected or missing.")


def schema_of(table: Table, register: str) -> Any:  # noqa: ANN401 - pyarrow ships no types
    """The columns of a table; `register` decides how energy is called."""
    return {"readings": _readings, "load": _load, "energy": _energy, "quality": _quality}[table](
        register
    )


def _readings(_register: str) -> Any:  # noqa: ANN401 - as above
    values = [_column(field.name, pa.float64()) for field in fields(Measured)]
    return pa.schema(
        [
            *_WHOSE,
            _column("ts", _INSTANT, "When it was measured, UTC."),
            _column("ts_local", pa.string(), "The same in the zone, with its offset from UTC."),
            _column("zone", pa.string()),
            *values,
            _column("epoch", pa.int32(), "Register epoch; -1: registers are not trusted."),
            _column("quality", pa.int32(), "Bits of telemetry v1; 0 is good."),
            _column("quality_flags", pa.string(), "The names of the bits, by blanks."),
            _column("lag_s", pa.int32(), "From its own time to its receipt."),
        ]
    )


def _load(_register: str) -> Any:  # noqa: ANN401 - as above
    return pa.schema(
        [
            *_WHOSE,
            *_SPAN,
            _column("power_kw", pa.float64(), "Mean; empty: nothing was measured."),
            _column("estimated_kw", pa.float64(), "Where nothing was measured."),
            _column("power_min_kw", pa.float64()),
            _column("power_max_kw", pa.float64()),
            _column("samples", pa.int32()),
            _QUALITY,
        ]
    )


def _energy(register: str) -> Any:  # noqa: ANN401 - as above
    return pa.schema(
        [
            *_WHOSE,
            *_SPAN,
            _column("register", pa.string()),
            _column(energy_field(register), pa.float64(), "Empty: not known.", unit_of(register)),
            _column("measured_ratio", pa.float64(), "Share of the time that was measured."),
            _column("estimated_ratio", pa.float64(), "Share of the time that is an estimate."),
            _QUALITY,
        ]
    )


def _quality(_register: str) -> Any:  # noqa: ANN401 - as above
    return pa.schema(
        [
            *_WHOSE,
            *_SPAN,
            _column("completeness_ratio", pa.float64(), "Of the time due; empty: none was due."),
            _column("estimated_ratio", pa.float64()),
            _column("missing_ratio", pa.float64()),
            _column("expected_readings", pa.int64()),
            _column("received_readings", pa.int64()),
            _column("untrusted_readings", pa.int64()),
            _column("lag_max_s", pa.int64()),
        ]
    )
