"""CSV for spreadsheets: UTF-8 with its mark, and no text that would be taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from fastapi import Response

_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")


def safe_cell(value: object) -> object:
    """The value; a text that a spreadsheet would reckon begins with an apostrophe instead."""
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return value


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file to download; None is an empty cell, numbers keep their digits and a full stop."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    body = "\ufeff" + text.getvalue()
    return Response(body, media_type="text/csv; charset=utf-8", headers=disposition)
