"""The files in which a table can be had, and which of them a request means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from api.errors import ProblemError
from api.exports.arrow_files import arrow_stream, parquet_file
from api.exports.csv_file import csv_file
from api.exports.xlsx_file import xlsx_file

FileFormat = Literal["csv", "xlsx", "parquet", "arrow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """One kind of file: how it is called, and how record batches become its bytes."""

    name: FileFormat
    media_type: str
    most_rows: int
    write: Callable[[Any, Iterable[Any]], Iterator[bytes]]


_MOST_ROWS = 5_000_000
_KINDS = (
    FileKind(name="csv", media_type="text/csv", most_rows=_MOST_ROWS, write=csv_file),
    FileKind(
        name="xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        most_rows=1_000_000,  # a sheet has 1,048,576
        write=xlsx_file,
    ),
    FileKind(
        name="parquet",
        media_type="application/vnd.apache.parquet",
        most_rows=_MOST_ROWS,
        write=parquet_file,
    ),
    FileKind(
        name="arrow",
        media_type="application/vnd.apache.arrow.stream",
        most_rows=_MOST_ROWS,
        write=arrow_stream,
    ),
)
_KIND_OF_RANGE: dict[str, FileFormat] = {
    "*/*": "csv",
    "text/*": "csv",
    "application/*": "parquet",
}
FILES: dict[FileFormat, FileKind] = {kind.name: kind for kind in _KINDS}


def chosen(asked: FileFormat | None, accept: str | None) -> FileKind:
    """`format`, else the best of the Accept header, else CSV; 406 where none is acceptable."""
    if asked is not None:
        return FILES[asked]
    for media_type in _by_preference(accept or "*/*"):
        if media_type in _KIND_OF_RANGE:
            return FILES[_KIND_OF_RANGE[media_type]]
        for kind in _KINDS:
            if kind.media_type == media_type:
                return kind
    offered = ", ".join(kind.media_type for kind in _KINDS)
    raise ProblemError(status=406, detail=f"`Accept` names none of {offered}.")


def _by_preference(accept: str) -> list[str]:
    wanted = []
    for part in accept.split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weights = [p.removeprefix("q=") for p in parameters if p.startswith("q=")]
        try:
            weight = float(weights[0]) if weights else 1.0
        except ValueError:
            weight = 0.0
        if weight > 0:
            wanted.append((-weight, media_type))
    return [media_type for _, media_type in sorted(wanted, key=lambda pair: pair[0])]
