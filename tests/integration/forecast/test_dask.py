"""Chunks over a Dask cluster of this machine, one of whose workers is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from forecast.runs.run import Chunk, run_issue
from loadstone.clock import Clock
from loadstone.storage.pool import connect
from tests.support.forecast_world import clock, issue_at, make_world, morning

pytest.importorskip("distributed", reason="needs the extra dask")

from distributed import Client, LocalCluster

from forecast.runs.dask_engine import DaskEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class KillingEngine:
    """Kills a worker process once the first chunk is stored, then waits for the others."""

    client: Client
    name: str = "dask"

    def each(self, chunks: Sequence[Chunk], clock: Clock) -> Iterable[int]:
        first = True
        for count in DaskEngine(client=self.client).each(chunks, clock):
            if first:
                victim = next(iter(self.client.run(os.getpid).values()))
                os.kill(victim, signal.SIGKILL)
                first = False
            yield count


@pytest.mark.filterwarnings("ignore")  # of a cluster whose worker is gone
def test_everybody_is_forecast_once_although_a_worker_dies(
    make_database: Callable[[], str],
) -> None:
    world = make_world(make_database())
    subjects = list(world.subjects.values())
    cluster: Any = LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=False
    )
    with cluster, Client(cluster) as client:
        engine = KillingEngine(client=client)
        done = run_issue(world.url, issue_at(morning(1)), subjects, clock, engine, chunk_size=1)
    assert done
    with connect(world.url) as connection:
        kept = connection.execute(
            "SELECT count(*), count(DISTINCT subject_id) FROM core.forecast"
        ).fetchone()
        run = connection.execute("SELECT engine, stored, failed FROM core.forecast_run").fetchone()
    assert kept == (4, 4)
    assert run == ("dask", 4, 0)
