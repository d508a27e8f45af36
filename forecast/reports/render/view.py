"""A document in one language as plain texts, ready to be set: what HTML and PDF are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from forecast.reports.document import (
    Cell,
    Chart,
    Column,
    Document,
    Kpi,
    Section,
    Statement,
    Table,
)
from forecast.reports.drawing.chart import draw
from forecast.reports.render import words
from forecast.reports.render.imprint import Imprint, written_instant
from forecast.reports.text import MISSING, Language, Text, number

View = dict[str, Any]
_STAR = "*"
_HEAD, _SHORT, _LONG = 11, 9, 40
_UNIT = re.compile(r"(?<=\d) (?=(?:%|kWh|kW|kvar|kvarh|MWh|CNY|元|h)(?![A-Za-z]))")


def view_of(document: Document, imprint: Imprint, language: Language) -> View:
    """Everything that is set, as strings, lists and mappings; charts as SVG."""
    return {
        "language": language,
        "title": _title(document.title, language),
        "title_plain": document.title.into(language),
        "subject": document.subject.into(language),
        "period": document.period.into(language),
        "headline": _lines(document.headline, language),
        "lead": _lines(document.lead, language) if document.lead else [],
        "key_figures": words.KEY_FIGURES.into(language),
        "kpis": [_kpi(one, language) for one in document.kpis],
        "sections": [_section(one, document.zone, language) for one in document.sections],
        "about": words.ABOUT.into(language),
        "facts": _facts(document, imprint, language),
        "footer": _footer(document, imprint, "zh" if language == "both" else language),
        "page": [words.PAGE.into("zh" if language == "both" else language)],
        "estimated": words.ESTIMATED.into(language),
    }


def _title(title: Text, language: Language) -> list[str]:
    return [title.zh, title.en] if language == "both" else [title.into(language)]


def _lines(said: Text, language: Language) -> list[str]:
    return unbroken(said.into(language, "lines")).split("\n")


def unbroken(said: str) -> str:
    """No line end between a number and its unit."""
    return _UNIT.sub("\u00a0", said)


def _kpi(kpi: Kpi, language: Language) -> View:
    return {
        "name": kpi.name.into(language),
        "value": number(kpi.value, kpi.digits)
        + (_STAR if kpi.estimated and kpi.value is not None else ""),
        "unit": kpi.unit if kpi.value is not None else "",
        "note": _lines(kpi.note, language) if kpi.note else [],
        "changes": [
            {"name": one.name.into(language), "change": signed_pct(one.change_pct)}
            for one in kpi.changes
        ],
    }


def signed_pct(value: float | None) -> str:
    """A change in percent with its sign; a dash where it is not known."""
    if value is None:
        return MISSING
    return f"{'+' if value > 0 else ''}{number(value, 1)}\u00a0%"


def _section(section: Section, zone: str, language: Language) -> View:
    return {
        "title": section.title.into(language),
        "on_new_page": section.on_new_page,
        "blocks": [_block(one, zone, language) for one in section.blocks],
    }


def _block(block: Table | Chart | Statement, zone: str, language: Language) -> View:
    if isinstance(block, Table):
        return {"kind": "table", **_table(block, language)}
    if isinstance(block, Chart):
        return {
            "kind": "chart",
            "title": block.title.into(language),
            "svg": draw(block, language, zone),
            "says": block.says.into(language),
        }
    return {"kind": "statement", "tone": block.tone, "lines": _lines(block.text, language)}


def _table(table: Table, language: Language) -> View:
    rows = [
        [
            written(cell, column, language) + (_STAR if at in row.estimated else "")
            for at, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True))
        ]
        for row in table.rows
    ]
    shares = column_shares(table, rows)
    return {
        "title": table.title.into(language) if table.title else "",
        "columns": [
            {
                "name": _head(column.name, language),
                "unit": column.unit,
                "align": "right" if column.kind == "number" else "left",
                "share": share,
            }
            for column, share in zip(table.columns, shares, strict=True)
        ],
        "rows": [
            {"strong": row.strong, "cells": cells}
            for row, cells in zip(table.rows, rows, strict=True)
        ],
        "note": _lines(table.note, language) if table.note else [],
        "has_estimates": any(row.estimated for row in table.rows),
    }


def _head(name: Text, language: Language) -> list[str]:
    """A column's name in short lines, so that a number does not stand in a wide column."""
    found: list[str] = []
    for line in _lines(name, language):
        short = ""
        for word in line.split(" "):
            if short and len(short) + len(word) >= _HEAD:
                found.append(short)
                short = ""
            short = f"{short} {word}".strip()
        found.append(short)
    return found


def column_shares(table: Table, rows: Sequence[Sequence[str]]) -> list[float | None]:
    """How the width is shared: None takes what it needs, long texts share what is left."""
    longest = [max((_wide(row[at]) for row in rows), default=0) for at in range(len(table.columns))]
    is_long = [
        column.kind == "text" and wide > _SHORT
        for column, wide in zip(table.columns, longest, strict=True)
    ]
    if any(is_long):
        return [
            float(min(wide, _LONG)) if long else None
            for wide, long in zip(longest, is_long, strict=True)
        ]
    return [
        1.0 if column.kind == "number" and at else None for at, column in enumerate(table.columns)
    ]


def _wide(said: str) -> int:
    return sum(2 if ord(one) > 0x2E80 else 1 for one in said)


def written(cell: Cell, column: Column, language: Language) -> str:
    """A cell as it stands in a table."""
    if cell is None:
        return MISSING
    if isinstance(cell, Text):
        return unbroken(cell.into(language))
    if isinstance(cell, str):
        return cell.replace("T", " ") if column.kind == "instant" else cell
    return number(cell, column.digits)


def _facts(document: Document, imprint: Imprint, language: Language) -> list[list[str]]:
    facts = [[one.name.into(language), one.value.into(language)] for one in document.facts]
    known_at = datetime.fromisoformat(document.as_known_at)
    facts.append([words.AS_KNOWN.into(language), written_instant(known_at, document.zone)])
    if imprint.made_at is not None:
        made = written_instant(imprint.made_at, document.zone)
        facts.append([words.MADE.into(language), made])
    facts.append([words.REPORT.into(language), imprint.name])
    facts.append([words.FINGERPRINT.into(language), imprint.sha256.hex()])
    return facts


def _footer(document: Document, imprint: Imprint, language: Language) -> list[str]:
    known_at = datetime.fromisoformat(document.as_known_at)
    said = f"{words.AS_KNOWN.into(language)} {written_instant(known_at, document.zone)}"
    made = ""
    if imprint.made_at is not None:
        made_at = written_instant(imprint.made_at, document.zone)
        made = f"{words.MADE.into(language)} {made_at} · "
    price = [fact.value.into(language) for fact in document.facts if fact.name.en == "Price"]
    first = [document.subject.into(language), document.period.into(language), document.zone, *price]
    second = [made + said, f"{imprint.name} · {imprint.sha256.hex()[:16]}"]
    return [" · ".join(first), " · ".join(second)]
