"""Processes of one PostgreSQL cluster that outlived an earlier run.

They are recognised by the cluster's name in their command line, which every PostgreSQL process
shows and anybody may read: reading another user's /proc/PID/cwd takes rights that root in a
container does not have.
"""

from __future__ import annotations

import hashlib
import os
import signal
from pathlib import Path

from loadstone.embedded.account import Account
from loadstone.embedded.process_identity import (
    ProcessIdentity,
    end_processes,
    identify,
    wait_until_gone,
)

_PROC = Path("/proc")
_SHUTDOWN_TIMEOUT_S = 30
_BACKENDS_TIMEOUT_S = 3


def cluster_name(data: Path) -> str:
    """Return the name of the cluster in a data folder: one per folder, the same in every run."""
    return f"loadstone-{hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:16]}"


def is_of_cluster(arguments: list[str], name: str) -> bool:
    """Say whether a command line is that of a server process (postmaster or backend) of it."""
    if _is_postmaster(arguments):
        return f"cluster_name={name}" in arguments
    return arguments[0].startswith(f"postgres: {name}: ")


def cluster_processes(name: str, account: Account) -> list[ProcessIdentity]:
    """Return the running processes of the cluster that belong to the account."""
    numbers = (int(path.name) for path in _PROC.glob("[0-9]*"))
    found = (identify(pid) for pid in numbers if _is_member(pid, name, account))
    return [identity for identity in found if identity is not None]


def stop_leftovers(name: str, account: Account) -> int:
    """End what is left of the cluster and wait until it is gone; return how many there were.

    The home's lock has to be held. A left postmaster is asked to shut down fast, then at once;
    backends whose postmaster was killed end by themselves, and are killed when they do not.
    """
    processes = cluster_processes(name, account)
    postmasters = [process for process in processes if _is_postmaster(_arguments(process.pid))]
    if postmasters:
        end_processes(
            postmasters, stop_signals=(signal.SIGINT, signal.SIGQUIT), timeout_s=_SHUTDOWN_TIMEOUT_S
        )
    if not wait_until_gone(processes, timeout_s=_BACKENDS_TIMEOUT_S):
        end_processes(processes, stop_signals=(), timeout_s=_BACKENDS_TIMEOUT_S)
    return len(processes)


def _is_member(pid: int, name: str, account: Account) -> bool:
    arguments = _arguments(pid)
    if not arguments or not is_of_cluster(arguments, name):
        return False
    try:
        return (_PROC / str(pid)).stat().st_uid == account.uid
    except OSError:
        return False


def _is_postmaster(arguments: list[str]) -> bool:
    return bool(arguments) and Path(arguments[0]).name == "postgres"


def _arguments(pid: int) -> list[str]:
    try:
        line = (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    text = line.rstrip(b"\0").decode("utf-8", errors="replace")
    return text.split("\0") if text else []
