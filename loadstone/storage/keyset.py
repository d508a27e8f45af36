"""Lists in parts that stay stable while rows are added: each begins behind a row, not at a number.

A list is ordered by one field and then by id, so that every row has its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import psycopg
from psycopg.rows import class_row

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class SortColumn:
    """How a field is ordered: an expression that is never NULL, and its type in PostgreSQL."""

    expression: str
    type: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a list: `most` rows in this order, behind the row of `after` (value, id)."""

    most: int
    field: str
    descending: bool = False
    after: tuple[str, int] | None = None


class UnknownPlaceError(ValueError):
    """A part is to begin behind a value that its field cannot have."""


class PagedQuery(Generic[Row]):
    """A query whose rows are had in parts; `select` ends in a WHERE that can be narrowed by AND."""

    def __init__(
        self, row: type[Row], select: str, key: str, columns: Mapping[str, SortColumn]
    ) -> None:
        self._row = row
        self._select = select
        self._key = key
        self._columns = dict(columns)
        self._texts: dict[tuple[str, bool, bool], bytes] = {}

    def rows(
        self, connection: psycopg.Connection, part: Part, values: Mapping[str, Any]
    ) -> list[Row]:
        """The rows of a part; raises UnknownPlaceError."""
        behind = part.after is not None
        text = self._text(part.field, descending=part.descending, behind=behind)
        value, row_id = part.after or (None, None)
        given = {**values, "after_value": value, "after_id": row_id, "most": part.most}
        cursor = connection.cursor(row_factory=class_row(self._row))
        try:
            return cursor.execute(text, given).fetchall()
        except psycopg.DataError as error:
            if not behind:
                raise
            raise UnknownPlaceError(part.field) from error

    def _text(self, field: str, *, descending: bool, behind: bool) -> bytes:
        known = self._texts.get((field, descending, behind))
        if known is None:
            known = self._made(field, descending=descending, behind=behind).encode()
            self._texts[field, descending, behind] = known
        return known

    def _made(self, field: str, *, descending: bool, behind: bool) -> str:
        column, way = self._columns[field], "DESC" if descending else "ASC"
        mark = "<" if descending else ">"
        text = self._select
        if behind:
            text += (
                f"\nAND ({column.expression}, {self._key}) {mark} "
                f"(%(after_value)s::{column.type}, %(after_id)s)"
            )
        return f"{text}\nORDER BY {column.expression} {way}, {self._key} {way} LIMIT %(most)s"
