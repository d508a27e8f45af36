"""Rows of numbers as PostgreSQL's binary COPY stream, made column by column.

Format: PostgreSQL documentation, "COPY", Binary Format. Built with numpy because writing row by row
from Python costs more than the server needs to store the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_SIZES = {"int2": 2, "int4": 4, "int8": 8, "timestamptz": 8, "float8": 8}
PG_EPOCH_MS = 946_684_800_000  # 2000-01-01 UTC, from which the server counts microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyColumn:
    """One column: values, (n,), and where they are NULL, (n,) or None for never.

    A `timestamptz` column takes UTC epoch milliseconds.
    """

    kind: str
    values: NDArray[np.generic]
    null: NDArray[np.bool_] | None = None


def copy_stream(columns: Sequence[CopyColumn]) -> bytes:
    """The whole stream for these columns, all of one length."""
    return _HEADER + _tuples(columns) + _TRAILER


def _tuples(columns: Sequence[CopyColumn]) -> bytes:
    count = len(columns[0].values)
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for at, column in enumerate(columns):
        size = _SIZES[column.kind]
        code = ">f8" if column.kind == "float8" else f">i{size}"
        layout += [(f"l{at}", ">i4"), (f"v{at}", code)]
    rows = np.empty(count, dtype=np.dtype(layout))
    rows["fields"] = len(columns)
    for at, column in enumerate(columns):
        rows[f"v{at}"] = _on_the_wire(column)
        lengths: NDArray[np.int32] | int = _SIZES[column.kind]
        if column.null is not None:
            lengths = np.where(column.null, np.int32(-1), np.int32(_SIZES[column.kind]))
        rows[f"l{at}"] = lengths
    return _without_nulls(rows, columns)


def _on_the_wire(column: CopyColumn) -> NDArray[np.generic]:
    if column.kind == "timestamptz":
        milliseconds: NDArray[np.int64] = column.values.astype(np.int64) - PG_EPOCH_MS
        return milliseconds * 1000
    if column.null is not None and column.values.dtype.kind == "f" and column.kind != "float8":
        return np.where(column.null, 0, column.values).astype(np.int64)
    return column.values


def _without_nulls(rows: NDArray[np.void], columns: Sequence[CopyColumn]) -> bytes:
    if all(column.null is None for column in columns):
        return rows.tobytes()
    width = rows.dtype.itemsize
    keep = np.ones((len(rows), width), dtype=bool)
    fields = rows.dtype.fields
    assert fields is not None  # noqa: S101 - the dtype above is a structured one
    for at, column in enumerate(columns):
        if column.null is not None:
            offset = fields[f"v{at}"][1]
            keep[:, offset : offset + _SIZES[column.kind]] = ~column.null[:, None]
    flat: NDArray[np.uint8] = rows.view(np.uint8).reshape(len(rows), width)
    return flat[keep].tobytes()
