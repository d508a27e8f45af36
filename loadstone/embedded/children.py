"""Child processes that end with us, whatever ends us.

On Linux the kernel signals a child when the THREAD that started it ends, not only the process, so
`spawn` insists on the main thread. Children get a session of their own: Ctrl-C at the terminal
reaches only the parent, which then stops them in order.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadstone.embedded import launch
from loadstone.embedded.account import Account
from loadstone.embedded.errors import EmbeddedServerError
from loadstone.embedded.process_identity import write_pidfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A running child process, its log and the file that notes who it is."""

    process: subprocess.Popen[bytes]
    log: Path
    pidfile: Path
    stop_signals: tuple[signal.Signals, ...]

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.poll() is None

    def stop(self, timeout_s: float = 30) -> int:
        """Send the stop signals in turn, `timeout_s` after each, then SIGKILL; return its code."""
        for wanted in self.stop_signals:
            self.process.send_signal(wanted)
            try:
                return self._ended(self.process.wait(timeout_s))
            except subprocess.TimeoutExpired:
                continue
        return self.kill()

    def kill(self) -> int:
        """Send SIGKILL and wait."""
        self.process.kill()
        return self._ended(self.process.wait())

    def _ended(self, code: int) -> int:
        self.pidfile.unlink(missing_ok=True)
        return code


def launch_command(
    command: Sequence[str | Path], account: Account, death_signal: signal.Signals
) -> list[str]:
    """Return the command that runs `command` as the account and ends it with this process.

    Raises EmbeddedServerError outside the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        raise EmbeddedServerError(
            "start servers from the main thread: the kernel ends them with the thread"
        )
    numbers = (os.getpid(), account.uid, account.gid, int(death_signal))
    start = [sys.executable, "-I", "-S", launch.__file__]
    return [*start, *(str(part) for part in (*numbers, *command))]


def spawn(
    command: Sequence[str | Path],
    *,
    account: Account,
    log: Path,
    pidfile: Path,
    environment: Mapping[str, str],
    death_signal: signal.Signals = signal.SIGTERM,
    stop_signals: Sequence[signal.Signals] = (signal.SIGTERM,),
) -> Child:
    """Start a server that appends to `log` and dies with us; `command[0]` is an absolute path.

    Raises EmbeddedServerError outside the main thread.
    """
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            launch_command(command, account, death_signal),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            env=dict(environment),
            cwd="/",
        )
    finally:
        os.close(descriptor)
    write_pidfile(pidfile, process.pid)
    return Child(process=process, log=log, pidfile=pidfile, stop_signals=tuple(stop_signals))
