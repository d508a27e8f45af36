"""Bytes a row."""

from __future__ import annotations

import psycopg

from loadstone.storage.backend import probe_backend
from loadstone.storage.sizes import columnstore_size, exact_rows, relation_sizes

_COMPRESS = "SELECT count(compress_chunk(c, true)) FROM show_chunks('core.reading') c"


def size_lines(connection: psycopg.Connection) -> list[str]:
    """One line a relation: rows, bytes, and bytes a row with its indexes."""
    lines = []
    for size in relation_sizes(connection):
        rows = exact_rows(connection, size.name)
        if rows:
            lines.append(
                f"  {size.name:<26}{rows:>14,} rows {size.bytes / 1e6:>10,.1f} MB"
                f"{size.bytes / rows:>9.1f} B/row"
            )
    return lines


def compress(connection: psycopg.Connection) -> str:
    """Put all readings into the columnstore; what that saved, in a line."""
    if probe_backend(connection).name != "tsl":
        return "  this server has no columnstore"
    connection.execute(_COMPRESS)
    connection.commit()
    stats = columnstore_size(connection)
    rows = max(1, exact_rows(connection, "reading"))
    if stats is None or stats.ratio is None or stats.bytes_after is None:
        return "  the columnstore is empty"
    return (
        f"  columnstore: {stats.bytes_after / rows:.1f} B/row (at most 15), "
        f"{stats.ratio:.1f} times smaller"
    )
