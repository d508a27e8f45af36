"""Only the very process that was noted is ended, never a later one of the same number."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from loadstone.embedded.process_identity import (
    clear_leftover,
    identify,
    read_pidfile,
    write_pidfile,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, which Linux has")


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["/bin/sleep", "300"]) as process:
        yield process
        process.kill()


def test_a_process_is_told_by_its_start() -> None:
    myself = identify(os.getpid())
    assert myself is not None
    assert myself.is_alive
    assert not replace(myself, start_ticks=myself.start_ticks + 1).is_alive
    assert not replace(myself, boot_id="another boot").is_alive


def test_the_dead_are_nobody(sleeper: subprocess.Popen[bytes]) -> None:
    identity = identify(sleeper.pid)
    assert identity is not None
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)  # dead, and not yet reaped
    assert not identity.is_alive
    sleeper.wait()
    assert identify(sleeper.pid) is None


def test_a_leftover_is_ended(sleeper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    pidfile = tmp_path / "pid"
    write_pidfile(pidfile, sleeper.pid)
    assert clear_leftover(pidfile)
    assert sleeper.wait() != 0
    assert not pidfile.exists()


def test_a_leftover_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(300)"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as stubborn:
        assert stubborn.stdout is not None
        stubborn.stdout.readline()
        write_pidfile(tmp_path / "pid", stubborn.pid)
        assert clear_leftover(tmp_path / "pid", timeout_s=0.2)
        assert stubborn.wait() == -9


def test_a_number_used_again_is_left_alone(
    sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    identity = identify(sleeper.pid)
    assert identity is not None
    pidfile = tmp_path / "pid"
    earlier = replace(identity, start_ticks=identity.start_ticks - 1)
    pidfile.write_text(json.dumps(asdict(earlier)), encoding="utf-8")
    assert not clear_leftover(pidfile)
    assert sleeper.poll() is None
    assert not pidfile.exists()


@pytest.mark.parametrize("content", ["", "123", "{}", '{"pid": 1}', "\x00"])
def test_a_damaged_pid_file_names_nobody(content: str, tmp_path: Path) -> None:
    pidfile = tmp_path / "pid"
    pidfile.write_text(content, encoding="utf-8")
    assert read_pidfile(pidfile) is None
    assert not clear_leftover(pidfile)
