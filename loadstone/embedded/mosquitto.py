"""A mosquitto of our own: the broker that is preferred wherever it is installed."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from loadstone.embedded.account import own_folder, write_private
from loadstone.embedded.broker_home import BrokerHome, start_on_some_port
from loadstone.embedded.broker_user import BrokerUser, check_names_differ
from loadstone.embedded.children import Child, spawn
from loadstone.embedded.mosquitto_files import access_lines, configuration, password_lines
from loadstone.embedded.ports import LOOPBACK

_SBIN = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")  # often not in a user's PATH


def find_mosquitto() -> Path | None:
    """Return the installed mosquitto (2.0 or later is wanted), or None."""
    folders = os.pathsep.join([os.environ.get("PATH", os.defpath), *_SBIN])
    found = shutil.which("mosquitto", path=folders)
    return Path(found).absolute() if found else None


class MosquittoBroker:
    """A running mosquitto that keeps sessions and queues on disk and enforces the access list."""

    kind = "mosquitto"

    def __init__(
        self,
        program: Path,
        home: BrokerHome,
        users: Sequence[BrokerUser],
        *,
        port: int | None,
    ) -> None:
        """Start it; EmbeddedServerError with its log when it does not come up."""
        self._program = program
        self._home = home
        self._data = own_folder(home.folder / "data", home.account)
        self._write_users(users)
        self.port, self._child = start_on_some_port(home, port, self._spawn)

    @property
    def url(self) -> str:
        """Where it listens, without a user."""
        return f"mqtt://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def log(self) -> Path:
        """Its log, the only place that tells of refused messages."""
        return self._home.log

    def stop(self) -> None:
        """Stop it, with everything queued saved to disk; idempotent."""
        self._child.stop()
        self._home.lock.release()

    def kill(self) -> None:
        """Send SIGKILL, as a crash would: the last seconds' messages are lost."""
        self._child.kill()
        self._home.lock.release()

    def set_users(self, users: Sequence[BrokerUser]) -> None:
        """Replace all users; connections of users that stay go on, new ones need the new password.

        Takes effect a moment later, when mosquitto has handled the signal.
        """
        self._write_users(users)
        self._child.process.send_signal(signal.SIGHUP)

    def _write_users(self, users: Sequence[BrokerUser]) -> None:
        check_names_differ(users)
        account = self._home.account
        write_private(self._home.folder / "access", access_lines(users), account)
        write_private(self._home.folder / "passwords", password_lines(users), account)

    def _spawn(self, port: int) -> Child:
        folder = self._home.folder
        text = configuration(
            port=port, data=self._data, passwords=folder / "passwords", access=folder / "access"
        )
        write_private(folder / "mosquitto.conf", text, self._home.account)
        return spawn(
            [self._program, "-c", folder / "mosquitto.conf"],
            account=self._home.account,
            log=self._home.log,
            pidfile=self._home.pidfile,
            environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )
