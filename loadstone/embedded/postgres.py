"""A PostgreSQL server of our own: made on the first start, stopped with us, found again later."""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from loadstone.embedded.account import open_folder, readable_home, server_account
from loadstone.embedded.children import Child, spawn
from loadstone.embedded.errors import EmbeddedServerError, log_tail
from loadstone.embedded.home_lock import HomeLock
from loadstone.embedded.ports import LOOPBACK
from loadstone.embedded.postgres_binaries import postgres_binaries
from loadstone.embedded.postgres_cluster import ENVIRONMENT, USER, PostgresCluster
from loadstone.embedded.postgres_leftovers import cluster_name, stop_leftovers
from loadstone.embedded.postgres_settings import server_settings
from loadstone.embedded.remembered_port import choose_port

_log = structlog.get_logger(__name__)

_DATABASE = "loadstone"
_READY_LINE = 7  # of postmaster.pid, the one that pg_ctl waits for
_START_TIMEOUT_S = 300  # recovery after a crash reads up to max_wal_size
_POLL_S = 0.05
_PORT_ATTEMPTS = 5
_PORT_TAKEN = "Address already in use"


class EmbeddedPostgres:
    """One PostgreSQL server in `home`/postgres, on 127.0.0.1, password only.

    `port` None takes the last start's port, or a free one. `settings` are PostgreSQL's, over
    defaults for a laptop. `binaries` is the folder of other programs than the wheel's. Started as
    root it runs as `nobody`, and its files go below /var/lib/loadstone where `nobody` cannot reach
    `home`. Start it from the main thread: on Linux it shuts down when that ends, even by SIGKILL.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        binaries: Path | None = None,
    ) -> None:
        self._home = home
        self._binaries = binaries
        self._wanted_port = port
        self._settings = dict(settings or {})
        self._cluster: PostgresCluster | None = None
        self._lock: HomeLock | None = None
        self._child: Child | None = None
        self._port = 0

    def start(self) -> str:
        """Start the server, or do nothing when it runs; return the database's connection URL.

        Raises EmbeddedServerError, with the log's tail where the server itself failed.
        """
        if not self.is_running:
            begun_s = time.monotonic()
            self._prepare_and_spawn()
            duration_s = round(time.monotonic() - begun_s, 3)
            _log.info("postgres_started", port=self._port, pid=self.pid, duration_s=duration_s)
        return self.dsn

    def stop(self, timeout_s: float = 60) -> None:
        """Shut down fast, then at once, then by SIGKILL, `timeout_s` after each; idempotent."""
        if self._child is not None:
            code = self._child.stop(timeout_s)
            _log.info("postgres_stopped", port=self._port, exit_code=code)
        self._forget()

    def kill(self) -> None:
        """Send SIGKILL to the postmaster, as a crash would; `start` recovers."""
        if self._child is not None:
            self._child.kill()
        self._forget()

    @property
    def is_running(self) -> bool:
        """Whether the postmaster runs."""
        return self._child is not None and self._child.is_running

    @property
    def pid(self) -> int:
        """The postmaster's process id; EmbeddedServerError when not started."""
        if self._child is None:
            raise EmbeddedServerError("the server is not started")
        return self._child.pid

    @property
    def dsn(self) -> str:
        """The connection URL of the started server; it contains the password."""
        password = self._started().password()
        return f"postgresql://{USER}:{password}@{LOOPBACK}:{self._port}/{_DATABASE}"

    @property
    def binaries(self) -> Path:
        """The folder with psql, pg_dump, pg_isready and the others."""
        return self._binaries or postgres_binaries(server_account())

    @property
    def folder(self) -> Path:
        """The folder with data, log and password; another than `home` says for root, at times."""
        return readable_home(self._home) / "postgres"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "server.log"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _prepare_and_spawn(self) -> None:
        account = server_account()
        self._forget()
        folder = open_folder(self.folder)
        self._lock = HomeLock(folder)
        self._lock.acquire()
        self._cluster = PostgresCluster(folder=folder, account=account, binaries=self.binaries)
        try:
            self._clear_leftovers(self._cluster)
            self._cluster.prepare()
            self._spawn_on_some_port(self._cluster)
            self._create_database(self._cluster)
        except BaseException:  # whatever it was, a start that failed leaves no server behind
            self.stop()
            raise

    def _clear_leftovers(self, cluster: PostgresCluster) -> None:
        count = stop_leftovers(cluster_name(cluster.data), cluster.account)
        if count:
            _log.warning("postgres_leftovers_stopped", processes=count)

    def _spawn_on_some_port(self, cluster: PostgresCluster) -> None:
        """Start on a free port, on another one when somebody was faster there."""
        for attempt in range(1, _PORT_ATTEMPTS + 1):
            self._port = choose_port(cluster.folder, self._wanted_port)
            _begin_log(self.log)
            self._child = self._spawn(cluster)
            if self._becomes_ready(cluster, self._child):
                return
            tail = log_tail(self.log)
            was_taken = _PORT_TAKEN in tail and self._wanted_port is None
            if not was_taken or attempt == _PORT_ATTEMPTS:
                raise EmbeddedServerError(f"PostgreSQL did not start; its log ends with:\n{tail}")

    def _spawn(self, cluster: PostgresCluster) -> Child:
        settings = server_settings(self._port, cluster_name(cluster.data), self._settings)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return spawn(
            [cluster.binaries / "postgres", "-D", cluster.data, *options],
            account=cluster.account,
            log=self.log,
            pidfile=cluster.folder / "postgres.pid",
            environment=ENVIRONMENT,
            death_signal=signal.SIGINT,
            stop_signals=(signal.SIGINT, signal.SIGQUIT),
        )

    def _becomes_ready(self, cluster: PostgresCluster, child: Child) -> bool:
        deadline_s = time.monotonic() + _START_TIMEOUT_S
        while child.is_running and time.monotonic() < deadline_s:
            if _is_ready(cluster.data / "postmaster.pid", child.pid):
                return True
            time.sleep(_POLL_S)
        return False

    def _create_database(self, cluster: PostgresCluster) -> None:
        asked = f"SELECT 1 FROM pg_database WHERE datname = '{_DATABASE}'"  # noqa: S608 - a constant
        if cluster.run_sql(self._port, asked, "postgres") != "1":
            cluster.run_sql(self._port, f"CREATE DATABASE {_DATABASE}", "postgres")

    def _started(self) -> PostgresCluster:
        if self._cluster is None:
            raise EmbeddedServerError("the server is not started")
        return self._cluster

    def _forget(self) -> None:
        if self._child is not None:
            self._child.kill()  # reaps one that has ended by itself
        if self._lock is not None:
            self._lock.release()
        self._child = None
        self._lock = None


def _is_ready(pidfile: Path, pid: int) -> bool:
    try:
        lines = pidfile.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return (
        len(lines) > _READY_LINE and lines[0] == str(pid) and lines[_READY_LINE].strip() == "ready"
    )


def _begin_log(log: Path) -> None:
    """Keep one earlier log, so that a folder does not grow for ever."""
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
