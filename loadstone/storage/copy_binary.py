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
    nulls = [_nulls(column) for column in columns]
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for at, (column, null) in enumerate(zip(columns, nulls, strict=True)):
        layout.append((f"l{at}", ">i4"))
        if null is not _ALL:
            size = _SIZES[column.kind]
            layout.append((f"v{at}", ">f8" if column.kind == "float8" else f">i{size}"))
    rows = np.empty(count, dtype=np.dtype(layout))
    rows["fields"] = len(columns)
    for at, (column, null) in enumerate(zip(columns, nulls, strict=True)):
        size = _SIZES[column.kind]
        if null is _ALL:
            rows[f"l{at}"] = -1
            continue
        rows[f"v{at}"] = _on_the_wire(column, null)
        rows[f"l{at}"] = size if null is None else np.where(null, np.int32(-1), np.int32(size))
    some = [(f"v{at}", null) for at, null in enumerate(nulls) if null is not None]
    return _without_nulls(rows, [(name, null) for name, null in some if null is not _ALL])


# A column that is NULL in every row needs no values, one that is in none no second look.
_ALL = np.ones(0, dtype=bool)


def _nulls(column: CopyColumn) -> NDArray[np.bool_] | None:
    """Where some are NULL, (n,); None for nowhere, `_ALL` for everywhere."""
    if column.null is None or not column.null.any():
        return None
    return _ALL if column.null.all() else column.null


def _on_the_wire(column: CopyColumn, null: NDArray[np.bool_] | None) -> NDArray[np.generic]:
    if column.kind == "timestamptz":
        milliseconds: NDArray[np.int64] = column.values.astype(np.int64) - PG_EPOCH_MS
        return milliseconds * 1000
    if null is not None and column.values.dtype.kind == "f" and column.kind != "float8":
        return np.where(null, 0, column.values).astype(np.int64)
    return column.values


def _without_nulls(rows: NDArray[np.void], nulls: Sequence[tuple[str, NDArray[np.bool_]]]) -> bytes:
    """The rows as bytes, without the values of these columns where they are NULL."""
    if not nulls:
        return rows.tobytes()
    width = rows.dtype.itemsize
    keep = np.ones((len(rows), width), dtype=bool)
    fields = rows.dtype.fields
    assert fields is not None  # noqa: S101 - the dtype above is a structured one
    for name, null in nulls:
        kind, offset = fields[name][:2]
        keep[:, offset : offset + kind.itemsize] = ~null[:, None]
    flat: NDArray[np.uint8] = rows.view(np.uint8).reshape(len(rows), width)
    return flat[keep].tobytes()
