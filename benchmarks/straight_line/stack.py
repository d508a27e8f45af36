"""The servers and the collector that are measured: all real, all processes of their own."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.straight_line.cpu import tree_cpu_s
from benchmarks.straight_line.world import World
from loadstone.embedded import Broker, BrokerRole, BrokerUser, EmbeddedPostgres, start_broker
from loadstone.embedded.account import readable_home
from loadstone.embedded.broker import BrokerKind
from loadstone.storage.migrate import migrate

_PATIENCE_S = 30
_REPOSITORY = Path(__file__).resolve().parents[2]
_TIMESCALE = {
    "shared_preload_libraries": "timescaledb",
    "timescaledb.telemetry_level": "off",
    "timescaledb.max_background_workers": "0",
    "max_locks_per_transaction": "256",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Database and broker, both up; `postgres_pid` is None for a database of your own."""

    home: Path
    database_url: str
    postgres_pid: int | None
    psql: Path | None
    broker: Broker
    password: str
    world: World

    @contextmanager
    def collector(self, *, linger_ms: int | None = None) -> Iterator[int]:
        """Run `loadstone collect`, connected; gives its process id."""
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "LOADSTONE_DATABASE_URL": self.database_url,
            "LOADSTONE_MQTT_URL": f"mqtt://collector:{self.password}@127.0.0.1:{self.broker.port}",
            "LOADSTONE_MQTT_CLIENT_ID": "bench-collector",
        }
        if linger_ms is not None:
            environment["LOADSTONE_COLLECT_LINGER_MS"] = str(linger_ms)
        log = self.home / "collector.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "loadstone.cli", "collect"], env=environment, stderr=output
            )
        try:
            _await_connected(process, log)
            yield process.pid
        finally:
            process.terminate()
            process.wait(_PATIENCE_S)

    def connect(self) -> psycopg.Connection:
        """A connection that commits each statement."""
        return psycopg.connect(self.database_url, autocommit=True)

    def postgres_cpu_s(self) -> float | None:
        """Processor seconds of the database server so far, where it is ours."""
        return None if self.postgres_pid is None else tree_cpu_s(self.postgres_pid)

    def empty(self) -> None:
        """Forget everything that was measured; the registry stays."""
        with self.connect() as connection:
            connection.execute(
                "TRUNCATE core.reading, core.meter_latest, core.dirty_bucket, core.quarantine,"
                " core.register_epoch, core.gateway_sequence, core.gateway_state"
            )
            connection.execute("CHECKPOINT")


@contextmanager
def running_stack(
    meters: int, broker_kind: BrokerKind | None, database_url: str | None, *, timescale: bool
) -> Iterator[Stack]:
    """Start what is needed in a temporary folder, and stop it all again."""
    world, password = World(meters=meters), secrets.token_urlsafe(12)
    users = [BrokerUser(name="collector", password=password, role=BrokerRole.COLLECTOR)]
    users += [
        BrokerUser(name=name, password=password, role=BrokerRole.GATEWAY) for name in world.gateways
    ]
    with TemporaryDirectory(prefix="loadstone-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)  # the servers may run as another account
        server = None if database_url else _server(home, timescale=timescale)
        url = database_url or (server.start() if server else "")
        try:
            if timescale and server:
                _add_extension(url)
            migrate(url)
            with psycopg.connect(url) as connection:
                world.register(connection)
            broker = start_broker(home, users, kind=broker_kind)
            try:
                yield Stack(
                    home=home,
                    database_url=url,
                    postgres_pid=server.pid if server else None,
                    psql=server.binaries / "psql" if server else _installed_psql(),
                    broker=broker,
                    password=password,
                    world=world,
                )
            finally:
                broker.stop()
        finally:
            if server:
                server.stop()


def _server(home: Path, *, timescale: bool) -> EmbeddedPostgres:
    """The wheel's PostgreSQL, or Debian's with TimescaleDB's Apache edition."""
    if not timescale:
        return EmbeddedPostgres(home)
    folder = readable_home(_REPOSITORY / ".cache" / "timescale-apache")
    script = _REPOSITORY / "scripts" / "timescale-apache"
    done = subprocess.run([script, folder], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.strip())
    return EmbeddedPostgres(home, settings=_TIMESCALE, binaries=Path(done.stdout.strip()))


def _add_extension(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")


def _installed_psql() -> Path | None:
    found = shutil.which("psql")
    return Path(found) if found else None


def _await_connected(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline_s = time.monotonic() + _PATIENCE_S
    while b"mqtt_connected" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline_s:
            raise SystemExit(f"the collector did not start:\n{log.read_text()}")
        time.sleep(0.005)
