"""The one model of every report: what is archived, hashed, and rendered as HTML, PDF and XLSX.

Numbers are numbers with a unit, texts stand in both languages, instants are ISO 8601 in the
document's zone. A document holds nothing of when or by whom it was made: the same facts are the
same document, and have the same hash.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any, Final, Literal

import msgspec

from forecast.reports.text import Text

SCHEMA_VERSION: Final = 1

Cell = float | str | Text | None
ColumnKind = Literal["text", "number", "day", "instant"]
Style = Literal[
    "measured", "estimated", "forecast", "previous", "baseline", "contract", "warning", "band",
    "sharp", "peak", "flat", "valley", "deep_valley", "unknown", "missing", "plain",
]  # fmt: skip
Tone = Literal["plain", "good", "warning", "method"]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A figure beside an earlier one; `before` None where that is not known."""

    name: Text
    before: float | None
    change_pct: float | None


class Kpi(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that stands large on the first page."""

    name: Text
    value: float | None
    unit: str
    digits: int
    note: Text | None = None
    changes: tuple[Change, ...] = ()
    estimated: bool = False


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table; `unit` stands in its head, `digits` are behind the decimal point."""

    name: Text
    kind: ColumnKind = "number"
    unit: str = ""
    digits: int = 0


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Cells in the order of the columns; `estimated` holds the places of those marked with *."""

    cells: tuple[Cell, ...]
    estimated: tuple[int, ...] = ()
    strong: bool = False


class Table(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A table; `name` is its key, by which its sheet is called."""

    name: str
    title: Text | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Text | None = None


class Buckets(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """An axis of named places, in order."""

    names: tuple[Text, ...]


class Times(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """An axis of even steps from an instant (s since the epoch); ticks by the document's zone."""

    start_s: int
    step_s: int
    count: int


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One curve or set of bars; `low` makes it a band from there up to `values`."""

    name: Text
    style: Style
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] | None = None


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """A line across the chart, with its name."""

    name: Text
    style: Style
    value: float


class Chart(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A chart: lines over time, or bars (beside or on top of each other) over buckets.

    `says` tells in words what it shows, for those who cannot see it.
    """

    name: str
    title: Text
    unit: str
    axis: Buckets | Times
    series: tuple[Series, ...]
    levels: tuple[Level, ...] = ()
    stacked: bool = False
    says: Text
    digits: int = 0


class Statement(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A paragraph; `warning` and `good` stand out, `method` says how something was reckoned."""

    text: Text
    tone: Tone = "plain"


Block = Table | Chart | Statement


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A heading with what stands below it."""

    title: Text
    blocks: tuple[Block, ...]
    on_new_page: bool = False


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the colophon: customer, zone, price, ..."""

    name: Text
    value: Text


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it was known at `as_known_at` (ISO 8601, UTC)."""

    schema_version: int = SCHEMA_VERSION
    kind: str
    title: Text
    subject: Text
    period: Text
    zone: str
    as_known_at: str
    headline: Text
    lead: Text | None = None
    kpis: tuple[Kpi, ...] = ()
    sections: tuple[Section, ...] = ()
    facts: tuple[Fact, ...] = ()


def figure(value: float | None, digits: int = 3) -> float | None:
    """A number as a document holds it: rounded, so that the order of a sum does not show."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), digits) + 0.0


def change_pct(now: float | None, before: float | None) -> float | None:
    """Change against an earlier figure in percent; None where either is not known, or is zero."""
    if now is None or not before:
        return None
    return figure((now / before - 1) * 100, 1)


def to_builtins(document: Document) -> dict[str, Any]:
    """The document as JSON has it."""
    plain: dict[str, Any] = msgspec.to_builtins(document)
    return plain


def from_builtins(plain: object) -> Document:
    """The document that JSON holds; raises msgspec.ValidationError."""
    return msgspec.convert(plain, Document)


def digest(document: Document) -> bytes:
    """SHA-256 of the document's canonical JSON: the same before the archive and behind it."""
    there_and_back = from_builtins(msgspec.json.decode(msgspec.json.encode(document)))
    return hashlib.sha256(msgspec.json.encode(there_and_back, order="deterministic")).digest()
