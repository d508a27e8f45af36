"""What is measured: a live stream, a backlog, and the time from publication to commit."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.straight_line.cpu import process_cpu_s
from benchmarks.straight_line.publisher import Order
from benchmarks.straight_line.stack import Stack
from benchmarks.straight_line.watch import Seen, Watch
from benchmarks.straight_line.world import METERS_PER_GATEWAY
from loadstone.clock import utc_now

_HOUR_MS = 3_600_000
_THROUGHPUT_LOOK_S = 0.01
_LATENCY_LOOK_S = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How fast rows went; `stored_rows` of `sent_rows`, none else."""

    sent_rows: int
    stored_rows: int
    rows_per_s: float
    collector_us_per_row: float
    database_us_per_row: float | None


class Case:
    """One measurement on an emptied database; every meter has spoken once before it begins."""

    def __init__(self, stack: Stack, *, rows_each: int, instants: int) -> None:
        self._stack = stack
        self._rows_each = rows_each
        self._instants = instants
        now_ms = int(utc_now().timestamp() * 1000)
        self._start_ms = now_ms - instants * 1000 - 60_000
        self._sent_ms = now_ms
        gateways, meters = len(stack.world.gateways), stack.world.meters
        self._messages = instants * (gateways if rows_each == METERS_PER_GATEWAY else meters)
        stack.empty()

    def live(self) -> Rate:
        """Publish as fast as it goes to a collector that runs; from the first publish on."""
        with self._stack.collector() as pid, self._stack.connect() as connection:
            watch = Watch(connection, _THROUGHPUT_LOOK_S)
            warm = self._warm_up(watch)
            with self._publisher() as publisher:
                cpu = self._cpu(pid)
                begun_s = _begin(publisher)
                seen = watch.until(warm + self._messages)
                return self._rate(seen, begun_s, warm, cpu, self._cpu(pid))

    def backlog(self) -> Rate:
        """Let messages wait at the broker, then start the collector; from its first commit on."""
        with self._stack.connect() as connection:
            watch = Watch(connection, _THROUGHPUT_LOOK_S)
            with self._stack.collector():
                warm = self._warm_up(watch)
            with self._publisher() as publisher:
                _begin(publisher)
                _end(publisher)
            with self._stack.collector() as pid:
                already = watch.until(warm + 1)
                cpu = self._cpu(pid)
                seen = watch.until(warm + self._messages)
                begun_s, first = already.at_s[-1], already.total(-1)
                return self._rate(seen, begun_s, first, cpu, self._cpu(pid))

    def latencies_ms(self, *, per_second: float, linger_ms: int | None) -> list[float]:
        """Milliseconds from each message's publication until its row is visible to others."""
        with (
            self._stack.collector(linger_ms=linger_ms) as _,
            self._stack.connect() as connection,
        ):
            watch = Watch(connection, _LATENCY_LOOK_S)
            warm = self._warm_up(watch)
            with self._publisher(per_second) as publisher:
                _begin(publisher)
                seen = watch.until(warm + self._messages)
                sent_s = _end(publisher)["sent_s"]
        warm_each = warm // len(self._stack.world.gateways)
        return [
            delay_ms
            for name, times_s in zip(self._stack.world.gateways, sent_s, strict=True)
            for delay_ms in _delays_ms(seen, name, times_s, warm_each)
        ]

    def _warm_up(self, watch: Watch) -> int:
        """Let every meter say something, so that its register history has begun."""
        gateways = len(self._stack.world.gateways)
        with self._publisher(warming=True) as publisher:
            _begin(publisher)
            watch.until(gateways)
            _end(publisher)
        return gateways

    @contextmanager
    def _publisher(
        self, per_second: float | None = None, *, warming: bool = False
    ) -> Iterator[subprocess.Popen[str]]:
        order = Order(
            port=self._stack.broker.port,
            passwords=[self._stack.password] * len(self._stack.world.gateways),
            meters=self._stack.world.meters,
            first_instant=0 if warming else 1,
            instants=1 if warming else self._instants,
            rows_each=METERS_PER_GATEWAY if warming else self._rows_each,
            start_ms=self._start_ms,
            sent_ms=self._sent_ms,
            boot=1,
            first_seq=1 if warming else 2,
            per_second=per_second,
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.straight_line.publisher"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            _say(process, order.to_json())
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise SystemExit("the load generator did not start")
            yield process
        finally:
            process.kill()
            process.communicate()

    def _cpu(self, collector_pid: int) -> tuple[float, float | None]:
        return process_cpu_s(collector_pid), self._stack.postgres_cpu_s()

    def _rate(
        self,
        seen: Seen,
        begun_s: float,
        already: int,
        before: tuple[float, float | None],
        after: tuple[float, float | None],
    ) -> Rate:
        each = self._rows_each
        rows = (seen.total(-1) - already) * each
        database_s = None if before[1] is None or after[1] is None else after[1] - before[1]
        with self._stack.connect() as connection:
            stored = connection.execute("SELECT count(*) FROM core.reading").fetchone()
        return Rate(
            sent_rows=self._messages * each + self._stack.world.meters,
            stored_rows=stored[0] if stored else 0,
            rows_per_s=rows / (seen.at_s[-1] - begun_s),
            collector_us_per_row=(after[0] - before[0]) * 1e6 / rows,
            database_us_per_row=None if database_s is None else database_s * 1e6 / rows,
        )


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _begin(publisher: subprocess.Popen[str]) -> float:
    """Let it publish; the moment (monotonic seconds) just before."""
    begun_s = time.monotonic()
    _say(publisher, "go")
    return begun_s


def _end(publisher: subprocess.Popen[str]) -> dict[str, list[list[float]]]:
    """What it tells once the broker has acknowledged everything."""
    assert publisher.stdout is not None
    told: dict[str, list[list[float]]] = json.loads(publisher.stdout.readline())
    return told


def _delays_ms(seen: Seen, gateway: str, sent_s: list[float], warm: int) -> Iterator[float]:
    """For each message of one gateway, until the first look that counted it."""
    look = 0
    for at, moment_s in enumerate(sent_s):
        while look < len(seen.at_s) and seen.counts[look].get(gateway, 0) < warm + at + 1:
            look += 1
        if look == len(seen.at_s):
            return
        yield (seen.at_s[look] - moment_s) * 1000
