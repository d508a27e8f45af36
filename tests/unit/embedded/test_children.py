"""Children are stopped in order, and only the main thread may start them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from loadstone.embedded.account import Account
from loadstone.embedded.children import Child, spawn
from loadstone.embedded.errors import EmbeddedServerError, log_tail

MYSELF = Account(name="myself", uid=os.geteuid(), gid=os.getegid(), is_other=False)


def start(tmp_path: Path, code: str) -> Child:
    return spawn(
        [sys.executable, "-c", code],
        account=MYSELF,
        log=tmp_path / "log",
        pidfile=tmp_path / "pid",
        environment={"PATH": "/usr/bin:/bin"},
    )


def wait_for_log(child: Child, text: str) -> None:
    while child.is_running and text not in child.log.read_text(encoding="utf-8"):
        pass


def test_a_child_is_stopped_by_its_signal_and_its_pid_file_goes(tmp_path: Path) -> None:
    child = start(tmp_path, "import time; time.sleep(300)")
    assert child.pidfile.exists()
    assert child.stop() == -signal.SIGTERM
    assert not child.pidfile.exists()
    assert not child.is_running
    assert child.stop() == -signal.SIGTERM


def test_a_child_that_ignores_its_signal_is_killed(tmp_path: Path) -> None:
    ignore = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    code = f"{ignore}; print(1, flush=True); time.sleep(300)"
    child = start(tmp_path, code)
    wait_for_log(child, "1")
    assert child.stop(timeout_s=0.2) == -signal.SIGKILL


def test_a_child_has_a_session_of_its_own_so_that_ctrl_c_spares_it(tmp_path: Path) -> None:
    child = start(
        tmp_path, "import os; print(os.getsid(0) == os.getpid(), os.getcwd(), flush=True)"
    )
    child.process.wait()
    child.stop()
    assert log_tail(child.log) == "True /"


def test_a_command_that_is_missing_ends_at_once_and_says_so_in_the_log(tmp_path: Path) -> None:
    child = spawn(
        ["/nowhere/server"],
        account=MYSELF,
        log=tmp_path / "log",
        pidfile=tmp_path / "pid",
        environment={},
    )
    assert child.process.wait() != 0
    assert "No such file or directory" in log_tail(child.log)
    child.stop()


def test_another_thread_may_not_start_a_child(tmp_path: Path) -> None:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            start(tmp_path, "pass")
        except EmbeddedServerError as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert "main thread" in str(raised[0])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may take on another account")
def test_root_gives_up_everything_before_the_child_runs(tmp_path: Path) -> None:
    nobody = Account(name="nobody", uid=65_534, gid=65_534, is_other=True)
    child = spawn(
        ["/usr/bin/id", "-G"],
        account=nobody,
        log=tmp_path / "log",
        pidfile=tmp_path / "pid",
        environment={},
    )
    child.process.wait()
    child.stop()
    assert log_tail(child.log) == "65534"
