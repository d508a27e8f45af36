"""Become a server that ends with its parent: run as a script, replaces itself by the command.

`python -I -S launch.py PARENT_PID UID GID SIGNAL COMMAND...` gives up root where UID is not its
own, asks the kernel for SIGNAL on the parent's death and executes COMMAND. A process of its own
does this because a function between fork and exec may deadlock in a parent with threads, and
because the kernel forgets the wish whenever a process changes its user. Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def drop_root(uid: int, gid: int) -> None:
    """Take on a user and group for good; does nothing for the own user."""
    if uid == os.geteuid():
        return
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def end_with_parent(parent_pid: int, death_signal: int) -> None:
    """Have the kernel send `death_signal` when the parent's spawning thread ends (Linux only)."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent_pid:  # it died before we could ask
        raise SystemExit(1)


def main(arguments: list[str]) -> None:
    """Do as the module's docstring says."""
    parent_pid, uid, gid, death_signal = (int(argument) for argument in arguments[:4])
    command = arguments[4:]
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and exec passes that on
    os.umask(0o077)
    drop_root(uid, gid)
    end_with_parent(parent_pid, death_signal)
    os.execv(command[0], command)  # noqa: S606 - replaces this process, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
