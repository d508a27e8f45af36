"""The demo as a newcomer meets it: one command up, Ctrl-C down, kill -9 survived, data kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx2 as httpx
import psycopg
import pytest

from loadstone.cli.demo_file import DemoFile, read_demo_file
from loadstone.clock import utc_now
from loadstone.embedded.ports import free_port
from simulator.context import PortfolioContext
from simulator.demo_premises import demo_premises
from simulator.faults.demo import demo_faults

METERS = 24
DAYS = 3
PATIENCE_S = 120


@contextmanager
def running_demo(home: Path) -> Iterator[tuple[subprocess.Popen[str], DemoFile]]:
    """A started demo and its addresses; killed at the end if it still runs."""
    command = [
        sys.executable, "-m", "loadstone.cli", "demo", "--no-browser", "--data-dir", str(home),
        "--port", str(free_port()), "--meters", str(METERS), "--days", str(DAYS),
        "--interval-s", "2",
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        seen = wait_for_line(process, "Loadstone is live")
        assert "Open" in seen + process.stdout.readline()
        yield process, read_demo_file(home / "demo.json")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def wait_for_line(process: subprocess.Popen[str], wanted: str) -> str:
    seen = ""
    for line in process.stdout:
        seen += line
        if wanted in line:
            return seen
    pytest.fail(f"the demo ended without saying {wanted!r}:\n{seen}")


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def processes_below(home: Path) -> list[str]:
    """Command lines of processes that name the demo's folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (folder / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if int(folder.name) != os.getpid() and (str(home) in line or str(home) in environment):
            found.append(line)
    return found


def api(document: DemoFile) -> httpx.Client:
    return httpx.Client(
        base_url=document.url, headers={"Authorization": f"Bearer {document.api_token}"}, timeout=30
    )


@pytest.mark.timeout(600)
@pytest.mark.database
@pytest.mark.broker
def test_the_demo_starts_shows_live_load_survives_a_kill_and_keeps_its_data(server_home: Path):
    with running_demo(server_home) as (process, document):
        with api(document) as client:
            assert client.get("/api/v1/health").json()["status"] == "ok"
            meters = client.get("/api/v1/meters", params={"limit": 1000}).json()["data"]
            assert len(meters) == METERS + 1  # and the lab's
            check_history(client, document)
        check_open_link_and_users(document)
        process.kill()  # nothing gets a chance to tidy up
        process.wait()
        until(lambda: processes_below(server_home) == [], "processes were left behind")
    before = document
    with running_demo(server_home) as (process, document):
        assert document.created_at == before.created_at
        assert {u.name: u.password for u in document.users} == {
            u.name: u.password for u in before.users
        }
        with api(document) as client:
            check_history(client, document)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
        assert "Stopped." in process.stdout.read()
    until(lambda: processes_below(server_home) == [], "processes were left behind")


def check_history(client: httpx.Client, document: DemoFile) -> None:
    """Every meter's energy is what the simulator knows has flowed, whatever happened on the line.

    The lost wire of a reversed transformer is the meter's own truth, so those meters are left out.
    """
    created_at = datetime.fromisoformat(document.created_at)
    portfolio, _ = demo_premises(meters=METERS)
    faults = demo_faults(portfolio, created_at)
    context = PortfolioContext(portfolio, faults)
    mismeasured = {fault.meter for fault in faults if type(fault).__name__ == "ReversedCt"}
    end = created_at.replace(minute=0, second=0)
    start = end - timedelta(days=2)
    window = {"from": start.isoformat(), "to": end.isoformat(), "step": "1h"}
    for code, meter in context.meters.items():
        if code in mismeasured:
            continue
        net_kwh = total_kwh(client, code, window, "imp") - total_kwh(client, code, window, "exp")
        # the register is read to 0.01 kWh at either end
        assert net_kwh == pytest.approx(context.truth_energy_kwh(meter, start, end), abs=0.021)


def total_kwh(client: httpx.Client, code: str, window: dict[str, str], register: str) -> float:
    answer = client.get(f"/api/v1/meters/{code}/energy", params={**window, "register": register})
    assert answer.status_code == 200, answer.text
    intervals = answer.json()["data"]
    return sum(each["energy_kwh"] or 0.0 for each in intervals)


def check_open_link_and_users(document: DemoFile) -> None:
    with httpx.Client(follow_redirects=True, timeout=30) as browser:
        page = browser.get(document.open_url)
        assert page.status_code == 200
        assert str(page.url).rstrip("/") == document.url
    with psycopg.connect(document.database_url) as connection:
        row = connection.execute("SELECT max(ts) FROM core.meter_latest").fetchone()
    assert utc_now() - row[0] < timedelta(minutes=2)
