"""Several processes serve one address, and all of them end when they are told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

pytestmark = [pytest.mark.database, pytest.mark.skipif(
    not Path("/proc").is_dir(), reason="asks /proc who is whose child"
)]  # fmt: skip


def children_of(pid: int) -> set[int]:
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            facts = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(facts[1]) == pid:
            found.add(int(entry.name))
    return found


def until(reached, seconds: float = 60.0):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if value := reached():
            return value
        time.sleep(0.1)
    raise AssertionError("not reached in time")


def test_two_processes_answer_at_one_port_and_none_is_left_behind(world):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    settings = {
        "LOADSTONE_DATABASE_URL": world.url,
        "LOADSTONE_HTTP_PORT": str(port),
        "LOADSTONE_HTTP_WORKERS": "2",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "loadstone.cli", "serve"],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:

        def limits():
            try:
                answer = httpx2.get(
                    f"http://127.0.0.1:{port}/api/v1/meters",
                    headers={"Authorization": f"Bearer {world.tokens['admin']}"},
                )
            except httpx2.TransportError:
                return None
            assert answer.status_code == 200
            return answer.headers["ratelimit-limit"]

        known = until(limits)
        assert known in {"300", "3000"}  # half of what one process lets somebody do
        workers = until(lambda: found if len(found := children_of(process.pid)) >= 2 else None)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    until(lambda: not [pid for pid in workers if Path(f"/proc/{pid}").exists()])
