"""A table as a workbook: one sheet of rows, one that says what the columns are.

Rows go to a file on disk as they come, never to memory; text is never read as a formula or link.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped] # ships no types

_PIECE_BYTES = 65_536
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


def xlsx_file(schema: Any, batches: Iterable[Any]) -> Iterator[bytes]:  # noqa: ANN401 - pyarrow ships no types
    """The file piece by piece, once all rows are in it."""
    with tempfile.TemporaryDirectory(prefix="loadstone-export-") as folder:
        path = Path(folder) / "table.xlsx"
        with xlsxwriter.Workbook(str(path), {**_OPTIONS, "tmpdir": folder}) as book:
            _write(book, schema, batches)
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                yield piece


def _write(book: Any, schema: Any, batches: Iterable[Any]) -> None:  # noqa: ANN401 - no types
    bold = book.add_format({"bold": True})
    instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet("data")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(schema.names) - 1, 18)
    for place, field in enumerate(schema):
        utc = " (UTC)" if str(field.type).startswith("timestamp") else ""
        sheet.write_string(0, place, field.name + utc, bold)
    at = 1
    for batch in batches:
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            for place, value in enumerate(values):
                _put(sheet, at, place, value, instant)
            at += 1
    _describe(book.add_worksheet("about"), schema, bold)


def _put(sheet: Any, row: int, place: int, value: object, instant: Any) -> None:  # noqa: ANN401 - no types
    if isinstance(value, str):
        sheet.write_string(row, place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value, instant)
    elif value is not None:
        sheet.write_number(row, place, value)


def _describe(sheet: Any, schema: Any, bold: Any) -> None:  # noqa: ANN401 - no types
    sheet.set_column(0, 2, 28)
    row = 0
    for name, text in (schema.metadata or {}).items():
        sheet.write_string(row, 0, name.decode(), bold)
        sheet.write_string(row, 1, text.decode())
        row += 1
    row += 1
    for place, title in enumerate(("column", "unit", "meaning")):
        sheet.write_string(row, place, title, bold)
    for field in schema:
        row += 1
        told = field.metadata or {}
        sheet.write_string(row, 0, field.name)
        sheet.write_string(row, 1, told.get(b"unit", b"").decode())
        sheet.write_string(row, 2, told.get(b"description", b"").decode())
