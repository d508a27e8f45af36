"""XLSX with numbers as numbers, dates as dates and the workbook's own charts.

Sheets: summary, a sheet a table, the charts with what they are drawn from. Text is never read as a
formula or a link. The same report is the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped] # ships no types

from forecast.reports.document import Chart, Document, Kpi, Section, Statement, Table
from forecast.reports.render import words
from forecast.reports.render.imprint import Imprint, written_instant
from forecast.reports.render.xlsx_charts import put_chart
from forecast.reports.render.xlsx_tables import Formats, put_table
from forecast.reports.text import Language, Text

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDE, _NARROW = 44, 16


@dataclass(slots=True, kw_only=True)
class _Book:
    book: Any
    formats: Formats
    language: Language
    names: set[str] = field(default_factory=set)

    def sheet(self, title: Text) -> Any:  # noqa: ANN401 - no types
        """A sheet of its own name: at most 31 characters, none that names may not have."""
        wished = "".join(one for one in title.into(self.language) if one not in "[]:*?/\\'")[:28]
        name, number = wished, 2
        while name.lower() in self.names:
            name, number = f"{wished} {number}", number + 1
        self.names.add(name.lower())
        return self.book.add_worksheet(name)


def xlsx(document: Document, imprint: Imprint, language: Language) -> bytes:
    """The report as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        known_at = datetime.fromisoformat(document.as_known_at).astimezone(UTC)
        book.set_properties(
            {
                "title": document.title.into(language),
                "subject": document.subject.into(language),
                "author": "Loadstone",
                "created": known_at.replace(tzinfo=None),
            }
        )
        _write(_Book(book=book, formats=Formats(book), language=language), document, imprint)
    return out.getvalue()


def _write(book: _Book, document: Document, imprint: Imprint) -> None:
    _summary(book, document, imprint)
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                sheet = book.sheet(block.title or section.title)
                put_table(sheet, block, book.formats, book.language)
    charts = [b for s in document.sections for b in s.blocks if isinstance(b, Chart)]
    if charts:
        sheet, column = book.sheet(words.CHARTS), 0
        for number, chart in enumerate(charts):
            column = put_chart(
                book.book, sheet, chart, number, column, book.formats, book.language,
                document.zone,
            )  # fmt: skip


def _summary(book: _Book, document: Document, imprint: Imprint) -> None:
    sheet, formats, language = book.sheet(words.SUMMARY), book.formats, book.language
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, 5, _NARROW)
    sheet.write_string(0, 0, document.title.into(language), formats.title)
    sheet.write_string(1, 0, document.subject.into(language), formats.bold)
    sheet.write_string(1, 1, document.period.into(language), formats.bold)
    row = 3
    for said in (document.headline, document.lead):
        for line in said.into(language, "lines").split("\n") if said else ():
            sheet.write_string(row, 0, line)
            row += 1
    row = _kpis(sheet, row + 1, document.kpis, formats, language)
    row = _statements(sheet, row + 1, document.sections, formats, language)
    known_at = datetime.fromisoformat(document.as_known_at)
    facts = [
        *((fact.name, fact.value.into(language)) for fact in document.facts),
        (words.AS_KNOWN, written_instant(known_at, document.zone)),
        (words.REPORT, imprint.name),
        (words.FINGERPRINT, imprint.sha256.hex()),
    ]
    if imprint.made_at is not None:
        facts.insert(-2, (words.MADE, written_instant(imprint.made_at, document.zone)))
    for name, value in facts:
        row += 1
        sheet.write_string(row, 0, name.into(language), formats.bold)
        sheet.write_string(row, 1, value)


def _kpis(
    sheet: Any, row: int, kpis: tuple[Kpi, ...], formats: Formats, language: Language  # noqa: ANN401 - no types
) -> int:  # fmt: skip
    heads = (words.NAME, words.VALUE, words.UNIT, words.COMPARED, words.BEFORE, words.CHANGE)
    for place, head in enumerate(heads):
        sheet.write_string(row, place, head.into(language), formats.head)
    row += 1
    for kpi in kpis:
        sheet.write_string(row, 0, kpi.name.into(language))
        if kpi.value is not None:
            form = formats.number(kpi.digits, estimated=kpi.estimated)
            sheet.write_number(row, 1, kpi.value, form)
        sheet.write_string(row, 2, kpi.unit)
        for change in kpi.changes:
            sheet.write_string(row, 3, change.name.into(language))
            if change.before is not None:
                sheet.write_number(row, 4, change.before, formats.number(kpi.digits))
            if change.change_pct is not None:
                sheet.write_number(row, 5, change.change_pct / 100, formats.percent)
            row += 1
        row += 0 if kpi.changes else 1
    return row


def _statements(
    sheet: Any, row: int, sections: tuple[Section, ...], formats: Formats, language: Language  # noqa: ANN401 - no types
) -> int:  # fmt: skip
    for section in sections:
        said = [block for block in section.blocks if isinstance(block, Statement)]
        if said:
            sheet.write_string(row, 0, section.title.into(language), formats.bold)
            row += 1
        for one in said:
            for line in one.text.into(language, "lines").split("\n"):
                sheet.write_string(row, 0, line)
                row += 1
    return row
