"""Processor time of processes, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def process_cpu_s(pid: int) -> float:
    """User and system seconds of one process."""
    fields = _stat(Path(f"/proc/{pid}/stat"))
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S if fields else 0.0


def tree_cpu_s(pid: int) -> float:
    """Seconds of a process, its children, and its children that have ended."""
    stats = {path.parent.name: _stat(path) for path in Path("/proc").glob("[0-9]*/stat")}
    members = [fields for name, fields in stats.items() if fields and str(pid) in (name, fields[1])]
    own = sum(int(fields[11]) + int(fields[12]) for fields in members)
    ended = stats.get(str(pid)) or []
    reaped = sum(int(ticks) for ticks in ended[13:15])
    return (own + reaped) / _TICKS_PER_S


def _stat(path: Path) -> list[str]:
    """The fields after the program's name: state first, parent next; none when it has ended."""
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []
