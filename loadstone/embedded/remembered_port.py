"""The port of a server, kept in its folder so that a restart is found where it was."""

from __future__ import annotations

from pathlib import Path

from loadstone.embedded.account import write_private
from loadstone.embedded.errors import EmbeddedServerError
from loadstone.embedded.ports import LOOPBACK, free_port, is_free


def choose_port(folder: Path, wanted: int | None) -> int:
    """Return the port to listen on and remember it: the wanted, the last one or a free one.

    Raises EmbeddedServerError when a port was asked for by number and is taken.
    """
    if wanted is not None and not is_free(wanted):
        raise EmbeddedServerError(
            f"port {wanted} on {LOOPBACK} is taken: free it, or let Loadstone choose a port"
        )
    port = wanted or _last_port(folder) or free_port()
    write_private(folder / "port", f"{port}\n")
    return port


def _last_port(folder: Path) -> int | None:
    try:
        port = int((folder / "port").read_text(encoding="ascii"))
        return port if is_free(port) else None
    except (OSError, ValueError, OverflowError):
        return None
