"""Chunks over the workers of a Dask cluster, for those who outgrow one machine.

Needs the extra `dask`. A chunk whose worker dies is done by another one; what it stored is found
there and left alone, for each chunk is one transaction and an issue is stored once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from distributed import Client, as_completed

from forecast.runs.run import Chunk, do_chunk
from loadstone.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class DaskEngine:
    """Sends chunks to the workers of `client`, which must reach the database."""

    client: Client
    name: str = "dask"

    def each(self, chunks: Sequence[Chunk], clock: Clock) -> Iterable[int]:
        """Send all of them; `clock` must be a function that workers can import."""
        sent = [
            self.client.submit(do_chunk, chunk, clock, key=_key(chunk), retries=2)
            for chunk in chunks
        ]
        for finished in as_completed(sent):  # type: ignore[no-untyped-call]
            yield int(finished.result())


def _key(chunk: Chunk) -> str:
    return f"loadstone-{chunk.run_id}-{chunk.subjects[0].subject_id}-{len(chunk.subjects)}"


def open_client(address: str | None, workers: int) -> Client:
    """The cluster at this address, or one of worker processes on this machine."""
    if address is not None:
        return Client(address)  # type: ignore[no-untyped-call]
    return Client(  # type: ignore[no-untyped-call]
        n_workers=workers, threads_per_worker=1, dashboard_address=None
    )
