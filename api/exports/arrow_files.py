"""A table as Parquet, or as a stream of Arrow record batches; units stand in the metadata."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


class _Drain(io.RawIOBase):
    """Takes what a writer writes and gives it away, so that nothing piles up."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._given = 0

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        """Take bytes."""
        piece = bytes(data)
        self._held += piece
        return len(piece)

    def tell(self) -> int:
        """How much was written in all."""
        return self._given + len(self._held)

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        piece = bytes(self._held)
        self._given += len(piece)
        self._held.clear()
        return piece


def parquet_file(schema: Any, batches: Iterable[Any]) -> Iterator[bytes]:  # noqa: ANN401 - pyarrow ships no types
    """The file piece by piece, a row group a batch."""
    return _written(
        batches,
        lambda drain: pq.ParquetWriter(drain, schema, compression="zstd"),
    )


def arrow_stream(schema: Any, batches: Iterable[Any]) -> Iterator[bytes]:  # noqa: ANN401 - as above
    """The stream piece by piece."""
    return _written(batches, lambda drain: pa.ipc.new_stream(drain, schema))


def _written(batches: Iterable[Any], make: Callable[[_Drain], Any]) -> Iterator[bytes]:
    drain = _Drain()
    with make(drain) as writer:
        yield drain.taken()
        for batch in batches:
            writer.write_batch(batch)
            yield drain.taken()
    yield drain.taken()
