"""Where a demo lives, and what it must remember from its first start on."""

from __future__ import annotations

import fcntl
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from loadstone.clock import Clock
from loadstone.embedded.account import SYSTEM_HOME


class DemoMemory(msgspec.Struct, kw_only=True):
    """What makes the second start go on with the first one's world."""

    created_at: datetime
    seed: int
    meters: int | None
    days: int
    key: str
    secret: str
    user_passwords: dict[str, str]


def default_home() -> Path:
    """The demo's folder: below /var/lib for root, else in the user's data folder."""
    if os.geteuid() == 0:
        return SYSTEM_HOME / "demo"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "loadstone" / "demo"


class DemoHome:
    """The folder of one demo; only one demo at a time may run in it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        self.folder = folder.resolve()
        self._lock = os.open(self.folder / "demo.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise click.ClickException(
                f"a demo already runs in {self.folder}; its addresses are in "
                f"{self.folder / 'demo.json'}. Stop it, or give another --data-dir"
            ) from error

    @property
    def demo_file(self) -> Path:
        """demo.json."""
        return self.folder / "demo.json"

    @property
    def secret_file(self) -> Path:
        """The secret from which the demo's passwords on the broker are made."""
        return self.folder / "broker.secret"

    @property
    def logs(self) -> Path:
        """The folder of the processes' logs."""
        path = self.folder / "log"
        path.mkdir(exist_ok=True)
        return path

    def remember(
        self, clock: Clock, *, seed: int, meters: int | None, days: int, users: list[str]
    ) -> tuple[DemoMemory, bool]:
        """What the first start chose, and whether this is the first start."""
        path = self.folder / "memory.json"
        if path.exists():
            return msgspec.json.decode(path.read_bytes(), type=DemoMemory), False
        memory = DemoMemory(
            created_at=clock().astimezone(UTC).replace(microsecond=0),
            seed=seed,
            meters=meters,
            days=days,
            key=secrets.token_urlsafe(18),
            secret=secrets.token_urlsafe(24),
            user_passwords={name: secrets.token_urlsafe(9) for name in users},
        )
        _write_private(self.secret_file, memory.secret.encode())
        _write_private(path, msgspec.json.encode(memory))
        return memory, True


def _write_private(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)
