"""Whatever ends the parent ends its servers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

import loadstone
from loadstone.embedded import EmbeddedPostgres
from loadstone.embedded.account import server_account
from loadstone.embedded.mosquitto import find_mosquitto
from loadstone.embedded.postgres_leftovers import cluster_name, cluster_processes
from loadstone.embedded.process_identity import ProcessIdentity, identify, wait_until_gone

pytestmark = [
    pytest.mark.database,
    pytest.mark.broker,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's death"),
]

# Starts everything, names the processes and waits to be killed.
PARENT = """
import sys, time
from pathlib import Path
from loadstone.embedded import BrokerUser, EmbeddedPostgres, start_broker

home = Path(sys.argv[1])
postgres = EmbeddedPostgres(home, settings={"shared_buffers": "16MB"})
url = postgres.start()
users = [BrokerUser(name="collector", password="secret", role="collector")]
brokers = [start_broker(home / kind, users, kind=kind) for kind in sys.argv[2:]]
print("STARTED", url, postgres.pid, *(broker.pid for broker in brokers), flush=True)
if sys.stdin.readline() == "stop\\n":
    for server in (*brokers, postgres):
        server.stop()
"""

KINDS = ["iotcore"] if find_mosquitto() is None else ["mosquitto", "iotcore"]


Parent = tuple[subprocess.Popen[str], str, list[ProcessIdentity]]


@contextmanager
def parent(command: list[str], home: Path, kinds: list[str]) -> Iterator[Parent]:
    script = home / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    with subprocess.Popen(
        [*command, str(script), str(home / "servers"), *kinds],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith("STARTED")), "")
        assert line, "the parent did not start its servers"
        _, url, *pids = line.split()
        found = [identify(int(pid)) for pid in pids]
        yield process, url, [identity for identity in found if identity is not None]
        process.kill()


def test_sigkill_of_the_parent_ends_every_server_and_the_next_start_works(
    server_home: Path,
) -> None:
    with parent([sys.executable], server_home, KINDS) as (process, url, servers):
        assert len(servers) == 1 + len(KINDS)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (x int)")
            process.kill()
            assert wait_until_gone(servers, timeout_s=60)
    home = server_home / "servers"
    with EmbeddedPostgres(home, settings={"shared_buffers": "16MB"}) as server:
        assert server.dsn == url
        with psycopg.connect(server.dsn) as connection:
            connection.execute("SELECT FROM kept")
        name = cluster_name(server.folder / "data")
        assert len(cluster_processes(name, server_account())) > 1
    assert cluster_processes(name, server_account()) == []


def python_for_everybody() -> str | None:
    """Return a Python that an unprivileged account may run and that knows our language level."""
    candidates = [
        sys.executable,
        *(shutil.which(f"python3.{n}", path="/usr/bin") for n in (11, 12, 13, 14)),
    ]
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    for candidate in filter(None, candidates):
        command = [*as_nobody(candidate), "-c", check]
        if subprocess.run(command, capture_output=True, check=False, cwd="/").returncode == 0:
            return candidate
    return None


def as_nobody(python: str) -> list[str]:
    folders = [str(Path(loadstone.__file__).parent.parent), *filter(None, sys.path)]
    identity = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    return [*identity, "env", "-i", f"PYTHONPATH={os.pathsep.join(folders)}", python]


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="needs root and setpriv to become an ordinary user",
)
def test_an_ordinary_user_needs_no_root(make_server_home: Callable[[], Path]) -> None:
    python = python_for_everybody()
    if python is None:
        pytest.skip("no Python that an unprivileged account may run")
    home = make_server_home()
    home.chmod(0o777)
    kinds = [kind for kind in KINDS if kind == "mosquitto"]  # the other is built for our Python
    with parent(as_nobody(python), home, kinds) as (process, url, servers):
        for server in servers:
            assert Path(f"/proc/{server.pid}").stat().st_uid == 65_534
        with psycopg.connect(url) as connection:
            connection.execute("SELECT 1")
        process.send_signal(signal.SIGKILL)
        assert wait_until_gone(servers, timeout_s=60)
