"""A table as a sheet: its head stays in sight, an estimated number shows its star."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from forecast.reports.document import Cell, Column, Row, Table
from forecast.reports.text import Language, Text

_WIDTHS: Final = {"text": 24, "number": 15, "day": 12, "instant": 18}


class Formats:
    """The workbook's formats, each made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - no types
        self._book = book
        self._known: dict[tuple[str, bool], Any] = {}
        self.bold = book.add_format({"bold": True})
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        self.percent = book.add_format({"num_format": "+0.0%;-0.0%;0.0%"})

    def number(self, digits: int, *, estimated: bool = False, strong: bool = False) -> Any:  # noqa: ANN401 - no types
        """With thousands separators; a star behind what holds an estimate."""
        shown = "#,##0" + ("." + "0" * digits if digits else "")
        return self._made(shown + ('"*"' if estimated else ""), strong=strong)

    def dated(self, shown: str) -> Any:  # noqa: ANN401 - no types
        """For days and instants."""
        return self._made(shown, strong=False)

    def _made(self, shown: str, *, strong: bool) -> Any:  # noqa: ANN401 - no types
        key = (shown, strong)
        if key not in self._known:
            self._known[key] = self._book.add_format({"num_format": shown, "bold": strong})
        return self._known[key]


def put_table(sheet: Any, table: Table, formats: Formats, language: Language) -> None:  # noqa: ANN401 - no types
    """The whole table from the first cell on; its note below."""
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(table.columns):
        unit = f" ({column.unit})" if column.unit else ""
        sheet.set_column(place, place, _WIDTHS[column.kind])
        sheet.write_string(0, place, column.name.into(language) + unit, formats.head)
    for at, row in enumerate(table.rows, start=1):
        for place, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
            put_cell(sheet, at, place, cell, column, row, formats, language)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    if table.note:
        sheet.write_string(len(table.rows) + 2, 0, table.note.into(language))


def put_cell(
    sheet: Any, at: int, place: int, cell: Cell, column: Column, row: Row,  # noqa: ANN401 - no types
    formats: Formats, language: Language,
) -> None:  # fmt: skip
    """One cell as what it is; nothing where nothing is known."""
    bold = formats.bold if row.strong else None
    if cell is None:
        return
    if isinstance(cell, Text):
        sheet.write_string(at, place, cell.into(language), bold)
    elif isinstance(cell, float):
        form = formats.number(column.digits, estimated=place in row.estimated, strong=row.strong)
        sheet.write_number(at, place, cell, form)
    elif column.kind == "day" and cell:
        sheet.write_datetime(at, place, date.fromisoformat(cell), formats.dated("yyyy-mm-dd"))
    elif column.kind == "instant" and cell:
        form = formats.dated("yyyy-mm-dd hh:mm")
        sheet.write_datetime(at, place, datetime.fromisoformat(cell), form)
    else:
        sheet.write_string(at, place, cell, bold)
