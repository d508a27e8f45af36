"""A table as CSV: UTF-8, full digits, instants with `Z`, empty where a value is not known."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_text(text: str) -> str:
    """Text that no spreadsheet reads as a formula: an apostrophe goes before it."""
    return "'" + text if text.startswith(_FORMULA) else text


def csv_file(schema: Any, batches: Iterable[Any]) -> Iterator[bytes]:  # noqa: ANN401 - pyarrow ships no types
    """The file piece by piece: a header, then a line a row."""
    yield _lines([schema.names])
    for batch in batches:
        columns = [[_cell(value) for value in column.to_pylist()] for column in batch.columns]
        yield _lines(zip(*columns, strict=True))


def _cell(value: object) -> object:
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
