"""The demo's own processes: each a command of ours that ends with the demo."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from loadstone.embedded.account import Account
from loadstone.embedded.children import Child, spawn

_log = structlog.get_logger(__name__)
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "TMPDIR")


class DemoProcesses:
    """Starts commands of ours, notices when one ends, and stops them in turn.

    `environment` is what all of them get; each logs to a file of its own in `logs`.
    """

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self.logs = logs
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._environment = {**kept, **environment, "PYTHONUNBUFFERED": "1"}
        self._account = Account(name="demo", uid=os.geteuid(), gid=os.getegid(), is_other=False)
        self._children: dict[str, Child] = {}

    def start(
        self, name: str, arguments: Sequence[str], extra: Mapping[str, str] | None = None
    ) -> None:
        """Start `loadstone` with these arguments."""
        self._children[name] = spawn(
            [sys.executable, "-m", "loadstone.cli", *arguments],
            account=self._account,
            log=self.logs / f"{name}.log",
            pidfile=self.logs / f"{name}.pid",
            environment={**self._environment, **(extra or {})},
        )

    def ended(self) -> list[str]:
        """The names of those that ended by themselves."""
        return [name for name, child in self._children.items() if not child.is_running]

    def log_of(self, name: str) -> Path:
        """Where a process logs."""
        return self.logs / f"{name}.log"

    def stop(self) -> None:
        """Stop them, all told at once and then awaited; idempotent."""
        for child in self._children.values():
            if child.is_running:
                child.process.terminate()
        for name, child in reversed(list(self._children.items())):
            code = child.stop(timeout_s=15)
            _log.debug("process_stopped", process=name, exit_code=code)
        self._children.clear()
