"""One living owner for a server's folder; whatever else still runs in it is a leftover."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from loadstone.embedded.errors import EmbeddedServerError


class HomeLock:
    """A lock on a folder that the kernel lets go when this process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or do nothing when held.

        Raises EmbeddedServerError when another process has it.
        """
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(descriptor, 32).decode("ascii", errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise EmbeddedServerError(
                f"{self._path.parent} is in use by process {owner}: "
                "stop it first, or use another folder"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go of the lock; safe to call twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
