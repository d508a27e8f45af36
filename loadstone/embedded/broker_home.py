"""The folder of a broker, whichever it is: one owner, one remembered port, no leftovers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from loadstone.embedded.account import Account, open_folder, readable_home, server_account
from loadstone.embedded.children import Child
from loadstone.embedded.errors import EmbeddedServerError, log_tail
from loadstone.embedded.home_lock import HomeLock
from loadstone.embedded.ports import is_answering
from loadstone.embedded.process_identity import clear_leftover
from loadstone.embedded.remembered_port import choose_port

_log = structlog.get_logger(__name__)

_PORT_ATTEMPTS = 5
_START_TIMEOUT_S = 60
_POLL_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerHome:
    """An owned folder; all in it but the broker's own data belongs to this process."""

    folder: Path
    account: Account
    lock: HomeLock

    @property
    def log(self) -> Path:
        """The broker's log."""
        return self.folder / "broker.log"

    @property
    def pidfile(self) -> Path:
        """Who the broker is."""
        return self.folder / "broker.pid"


def open_broker_home(home: Path) -> BrokerHome:
    """Take `home`/broker for this process and end the broker that a killed run left there."""
    folder = open_folder(readable_home(home) / "broker")
    opened = BrokerHome(folder=folder, account=server_account(), lock=HomeLock(folder))
    opened.lock.acquire()
    if clear_leftover(opened.pidfile):
        _log.warning("broker_leftover_stopped")
    if opened.log.exists():
        opened.log.replace(opened.log.with_suffix(".log.1"))
    return opened


def start_on_some_port(
    home: BrokerHome, wanted_port: int | None, spawn_on: Callable[[int], Child]
) -> tuple[int, Child]:
    """Spawn and wait until it answers; on another port when somebody was faster there.

    Raises EmbeddedServerError with the log's tail.
    """
    for _ in range(_PORT_ATTEMPTS):
        port = choose_port(home.folder, wanted_port)
        child = spawn_on(port)
        if _answers(child, port):
            return port, child
        if wanted_port is not None or not is_answering(port):
            break
    raise EmbeddedServerError(f"the broker did not start; its log ends with:\n{log_tail(home.log)}")


def _answers(child: Child, port: int) -> bool:
    """Wait for the child to listen; it is stopped when it does not."""
    deadline_s = time.monotonic() + _START_TIMEOUT_S
    while child.is_running and time.monotonic() < deadline_s:
        if is_answering(port):
            time.sleep(_POLL_S)  # were it somebody else who answers, ours would end now
            if child.is_running:
                return True
        time.sleep(_POLL_S)
    child.stop()
    return False
