"""What can go wrong with a server that we bring along."""

from __future__ import annotations

from pathlib import Path

_TAIL_BYTES = 4_000


class EmbeddedServerError(RuntimeError):
    """An embedded server could not be installed, started or kept; the message says what to do."""


def log_tail(log: Path) -> str:
    """Return the last lines (at most 4,000 bytes) of a server's log, for an error message."""
    try:
        text = log.read_bytes()[-_TAIL_BYTES:].decode("utf-8", errors="replace")
    except OSError as error:
        return f"(no log: {error})"
    return text.strip() or "(the log is empty)"
