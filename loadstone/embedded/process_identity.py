"""Which process a number stands for: process ids are used again, starting times are not."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from loadstone.embedded.account import write_private

_PROC = Path("/proc")
_BOOT_ID = _PROC / "sys/kernel/random/boot_id"
_POLL_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """A process, told apart from a later one of the same number by its start (clock ticks)."""

    pid: int
    start_ticks: int
    boot_id: str

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs; one that waits to be reaped does not."""
        return identify(self.pid) == self


def identify(pid: int) -> ProcessIdentity | None:
    """Return who runs under a number now: None for nobody, for the dead and without /proc."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        boot_id = _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # the name before it may hold blanks and brackets
    if fields[0] in "ZX":
        return None
    return ProcessIdentity(pid=pid, start_ticks=int(fields[19]), boot_id=boot_id)


def write_pidfile(pidfile: Path, pid: int) -> None:
    """Note who runs under `pid`, for `clear_leftover`; writes nothing where /proc is missing."""
    identity = identify(pid)
    if identity is not None:
        write_private(pidfile, json.dumps(asdict(identity)))


def read_pidfile(pidfile: Path) -> ProcessIdentity | None:
    """Return the process of a pid file, alive or not; None when missing or unreadable."""
    try:
        return ProcessIdentity(**json.loads(pidfile.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def clear_leftover(
    pidfile: Path,
    *,
    stop_signals: Sequence[signal.Signals] = (signal.SIGTERM,),
    timeout_s: float = 10,
) -> bool:
    """End the process that an earlier, killed run left behind, and nothing else.

    Returns whether there was one. The caller has to hold the home's lock: else the process might
    belong to a run that is alive.
    """
    identity = read_pidfile(pidfile)
    found = identity is not None and identity.is_alive
    if identity is not None:
        end_processes([identity], stop_signals=stop_signals, timeout_s=timeout_s)
    pidfile.unlink(missing_ok=True)
    return found


def end_processes(
    processes: Sequence[ProcessIdentity],
    *,
    stop_signals: Sequence[signal.Signals],
    timeout_s: float,
) -> None:
    """Send each signal in turn, then SIGKILL, until all are gone; `timeout_s` after each."""
    for wanted in (*stop_signals, signal.SIGKILL):
        for process in processes:
            _send(process, wanted)
        if wait_until_gone(processes, timeout_s=timeout_s):
            return


def wait_until_gone(processes: Sequence[ProcessIdentity], *, timeout_s: float) -> bool:
    """Wait for processes that are not our children; say whether all have ended in time."""
    deadline_s = time.monotonic() + timeout_s
    while any(process.is_alive for process in processes):
        if time.monotonic() > deadline_s:
            return False
        time.sleep(_POLL_S)
    return True


def _send(process: ProcessIdentity, wanted: signal.Signals) -> None:
    if process.is_alive:
        try:
            os.kill(process.pid, wanted)
        except ProcessLookupError:
            return
