"""From a document to files: HTML, PDF, XLSX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from forecast.reports.document import Document
from forecast.reports.render.html import html
from forecast.reports.render.imprint import Imprint
from forecast.reports.render.pdf import pdf
from forecast.reports.render.xlsx import xlsx
from forecast.reports.report import Format
from forecast.reports.text import Language

MEDIA_TYPES: Final[Mapping[Format, str]] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_RENDERERS: Final[Mapping[Format, Callable[[Document, Imprint, Language], bytes]]] = {
    "html": html,
    "pdf": pdf,
    "xlsx": xlsx,
}


def rendered(document: Document, imprint: Imprint, form: Format, language: Language) -> bytes:
    """The report as a file; the same document and imprint give the same bytes."""
    return _RENDERERS[form](document, imprint, language)
