"""The collector's line into any of the stores: bytes in, rows out.

The server in WebAssembly takes no COPY and has one client. There the line borrows the test's own
connection, and what it would COPY is inserted: the same bytes, into the same tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from loadstone.storage import readings

_COPY = re.compile(r"COPY ([\w.]+) \(([^)]*)\) FROM STDIN \(FORMAT BINARY\)")
_HEADER_BYTES = 19
_ROWS_A_MESSAGE = 100  # messages must stay below 64 KiB
_TYPES = (
    "SELECT attname, format_type(atttypid, null) FROM pg_attribute WHERE attrelid = %s::regclass"
)
_PG_EPOCH_S = 946_684_800


class BorrowedConnection:
    """What `IngestConnection` gives, on a connection that is somebody else's."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        readings.prepare_connection(connection)

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection]:
        with self._connection.transaction():
            yield self._connection

    @contextmanager
    def session(self) -> Iterator[psycopg.Connection]:
        yield self._connection

    def close(self) -> None:
        """Leave it to its owner."""


def insert_copied(connection: psycopg.Connection, statement: str, stream: bytes) -> None:
    """Do what a binary COPY of integers and instants would, by INSERT."""
    found = _COPY.fullmatch(statement)
    assert found is not None, statement
    table, names = found[1], found[2].split(", ")
    kinds = dict(connection.execute(_TYPES, [table]).fetchall())
    values = ", ".join(
        f"to_timestamp({_PG_EPOCH_S} + unnest(%s::bigint[]) / 1e6)"
        if kinds[name] == "timestamp with time zone"
        else f"unnest(%s::{kinds[name]}[])"
        for name in names
    )
    insert = f"INSERT INTO {table} ({', '.join(names)}) SELECT {values}".encode()
    rows = _rows(stream, len(names))
    for start in range(0, len(rows), _ROWS_A_MESSAGE):
        part = rows[start : start + _ROWS_A_MESSAGE]
        connection.execute(insert, [list(column) for column in zip(*part, strict=True)])


def _rows(stream: bytes, fields: int) -> list[list[int | None]]:
    rows, at = [], _HEADER_BYTES
    while (count := _integer(stream, at, 2)) != -1:
        assert count == fields
        at, row = at + 2, []
        for _ in range(fields):
            size = _integer(stream, at, 4)
            at += 4
            row.append(None if size == -1 else _integer(stream, at, size))
            at += max(size, 0)
        rows.append(row)
    return rows


def _integer(stream: bytes, at: int, size: int) -> int:
    return int.from_bytes(stream[at : at + size], "big", signed=True)
