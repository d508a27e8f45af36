# ruff: noqa: E402 - run as a script it must set the path right before it imports
"""How fast the API answers 20 callers at once, with 1000 meters, beside a bare FastAPI route.

Nothing is asserted: it prints figures beside their targets, to be compared on one machine only.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# Run as a script, this folder stands before the house, and its ingest.py before the package.
_HERE = Path(__file__).resolve().parent
sys.path[:] = [place for place in sys.path if not place or Path(place).resolve() != _HERE]
sys.path.insert(0, str(_HERE.parent))

import click
import numpy as np
import psycopg
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.processes import serve_with_processes
from api.rates import ApiLimits
from loadstone.embedded import EmbeddedPostgres
from loadstone.storage.identity import create_token, put_user
from loadstone.storage.migrate import migrate
from loadstone.storage.pool import open_pool
from loadstone.telemetry import configure_logging
from tests.story.small_portfolio import seed

NOW = datetime(2026, 11, 18, 9, 42, 11, tzinfo=UTC)
TARGET_P95_MS, TARGET_RATIO = 100.0, 0.3
_MANY = 10_000_000
_ONE_METER = "SELECT meter_id, code, name_en, name_zh, role FROM core.meter WHERE code = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one kind of request showed."""

    name: str
    latencies_ms: np.ndarray[Any, Any]
    per_s: float
    size_bytes: int


def bare_app(url: str) -> FastAPI:
    """One route, one indexed query, nothing else."""
    app = FastAPI()
    pool = open_pool(url, most=24, name="bare")

    @app.get("/meters/{code}")
    def meter(code: str) -> dict[str, Any]:
        with pool.connection() as connection:
            row = connection.execute(_ONE_METER, [code]).fetchone()
        assert row is not None
        return dict(zip(("meter_id", "code", "name_en", "name_zh", "role"), row, strict=True))

    return app


def served_app() -> FastAPI:
    """One of the two applications, by what the environment says, as `loadstone serve` makes it."""
    configure_logging("json", "warning")
    url = os.environ["BENCH_DATABASE_URL"]
    if os.environ["BENCH_KIND"] == "bare":
        return bare_app(url)
    limits = ApiLimits(
        per_minute=_MANY, per_minute_unknown=_MANY, streams=_MANY, streams_each=_MANY
    )
    return create_app(open_pool(url, most=24, name="loadstone-serve"), lambda: NOW, limits=limits)


def serve(kind: str, url: str, port: int, workers: int) -> None:
    """Serve one of the two applications with so many processes."""
    os.environ["BENCH_DATABASE_URL"], os.environ["BENCH_KIND"] = url, kind
    config = uvicorn.Config(
        "benchmarks.api:served_app", factory=True, workers=workers, host="127.0.0.1", port=port,
        log_level="error", access_log=False,
    )  # fmt: skip
    if workers > 1:
        serve_with_processes(config)
    else:
        uvicorn.Server(config).run()


@contextmanager
def served(kind: str, url: str, workers: int) -> Iterator[int]:
    """The port of an application that runs in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, str(_HERE / "api.py"), "--serve", kind, "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--database-url", url, "--workers", str(workers)], cwd=_HERE.parent
    )
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


async def _caller(port: int, path: str, head: str, until_s: float, latencies_s: list[float]) -> int:
    """One keep-alive connection that asks again and again; returns the size of an answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode()
    size = 0
    while time.perf_counter() < until_s:
        begun_s = time.perf_counter()
        writer.write(request)
        answered = await reader.readuntil(b"\r\n\r\n")
        if not answered.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{path}: {answered[:200]!r}")
        lines = answered.lower().split(b"\r\n")
        lengths = [line for line in lines if line.startswith(b"content-length")]
        if lengths:
            size = int(lengths[0].split(b":")[1])
            await reader.readexactly(size)
        else:  # a stream: its first event
            await reader.readuntil(b"data: ")
        latencies_s.append(time.perf_counter() - begun_s)
        if not lengths:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return size


async def measure(
    name: str, port: int, path: str, head: str, callers: int, seconds: float
) -> Result:
    """Ask from so many callers for so long, after a moment that is not counted."""
    await asyncio.gather(
        *(_caller(port, path, head, time.perf_counter() + 1.0, []) for _ in range(callers))
    )
    latencies_s: list[float] = []
    begun_s = time.perf_counter()
    sizes = await asyncio.gather(
        *(_caller(port, path, head, begun_s + seconds, latencies_s) for _ in range(callers))
    )
    per_s = len(latencies_s) / (time.perf_counter() - begun_s)
    return Result(
        name=name, latencies_ms=np.array(latencies_s) * 1000, per_s=per_s, size_bytes=sizes[0]
    )


def _shown(result: Result, bare: Result) -> str:
    p50, p95 = np.percentile(result.latencies_ms, [50, 95])
    return (
        f"{result.name:<34}{result.per_s:>8.0f}{p50:>9.1f}{p95:>9.1f}"
        f"{result.per_s / bare.per_s:>8.2f}{result.size_bytes:>10,}"
    )


def _fill(url: str, customers: int) -> tuple[str, str, int, int]:
    """Fill the database; returns a token, a main meter's code, its site and its id."""
    migrate(url)
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        made = seed(connection, NOW, customers=customers, days=4)
        user_id = put_user(connection, name="bench", display_name="Bench", role="operator")
        token = create_token(connection, user_id, "bench", None)
        query = "SELECT code, site_id FROM core.meter WHERE meter_id = %s"
        row = connection.execute(query, [made.mains[customers // 2]]).fetchone()
        count = connection.execute("SELECT count(*) FROM core.meter").fetchone()
    assert row is not None
    assert count is not None
    print(f"{count[0]} meters of {customers} customers, four days")
    return token, str(row[0]), int(row[1]), made.mains[customers // 2]


@contextmanager
def _server(given: str | None) -> Iterator[str]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="loadstone-bench-") as home:
        Path(home).chmod(0o711)
        with EmbeddedPostgres(Path(home) / "postgres") as server:
            yield server.dsn


@click.command()
@click.option("--customers", default=200, show_default=True, help="With five meters each.")
@click.option("--callers", default=20, show_default=True, help="Callers at once.")
@click.option("--seconds", default=5.0, show_default=True, help="Time of each kind of request.")
@click.option("--workers", default=2, show_default=True, help="Processes that answer.")
@click.option("--database-url", help="An empty database; else LOADSTONE_DATABASE_URL, else own.")
@click.option("--serve", "kind", type=click.Choice(["api", "bare"]), hidden=True)
@click.option("--port", type=int, hidden=True)
def main(
    customers: int, callers: int, seconds: float, workers: int, database_url: str | None,
    kind: str | None, port: int | None,
) -> None:  # fmt: skip
    """Fill a database, serve it, ask, and print what came of it."""
    if kind is not None and port is not None and database_url is not None:
        serve(kind, database_url, port, workers)
        return
    with _server(database_url or os.environ.get("LOADSTONE_DATABASE_URL")) as url:
        _run(url, customers, callers, seconds, workers)


def _run(url: str, customers: int, callers: int, seconds: float, workers: int) -> None:
    token, code, site_id, meter_id = _fill(url, customers)
    head = f"Authorization: Bearer {token}\r\n"
    days = "from=2026-11-15T16:00:00Z&to=2026-11-18T09:00:00Z"
    asked = {
        "one meter": f"/meters/{code}",
        "customers (50)": "/customers?limit=50",
        "meters (100)": "/meters?limit=100",
        "latest of a site": f"/latest?site_id={site_id}",
        "energy of a meter by day": f"/meters/{meter_id}/energy?step=1d&{days}",
        "load of a site by hour": f"/sites/{site_id}/load?step=1h&{days}",
        "live: a stream's first values": f"/sites/{site_id}/live",
    }
    print(f"{callers} callers, {workers} processes that answer")
    print(f"{'':<34}{'per s':>8}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}{'bytes':>10}")
    with served("bare", url, workers) as at:
        bare = asyncio.run(
            measure("bare route, one indexed query", at, f"/meters/{code}", "", callers, seconds)
        )
    print(_shown(bare, bare))
    with served("api", url, workers) as at:
        results = [
            asyncio.run(measure(name, at, f"/api/v1{path}", head, callers, seconds))
            for name, path in asked.items()
        ]
    for result in results:
        print(_shown(result, bare))
    worst = max(np.percentile(result.latencies_ms, 95) for result in results)
    print(f"worst p95 {worst:.0f} ms (target {TARGET_P95_MS:.0f})")
    ratio = results[0].per_s / bare.per_s
    print(f"one meter: {ratio:.2f} of the bare route's requests a second (target {TARGET_RATIO})")


if __name__ == "__main__":
    main()
