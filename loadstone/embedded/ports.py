"""Ports of one's own on the loopback interface."""

from __future__ import annotations

import secrets
import socket

from loadstone.embedded.errors import EmbeddedServerError

LOOPBACK = "127.0.0.1"

# Below Linux's range for outgoing connections (from 32768), so that a remembered port is not
# taken by some client's connection while our server is down.
_LOWEST_PORT = 20_000
_HIGHEST_PORT = 32_767
_ATTEMPTS = 200


def is_free(port: int) -> bool:
    """Say whether a server could bind 127.0.0.1:port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def is_answering(port: int) -> bool:
    """Say whether something accepts TCP connections on 127.0.0.1:port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def free_port() -> int:
    """Return a random free loopback port in 20000-32767; another process may still take it."""
    for _ in range(_ATTEMPTS):
        port = _LOWEST_PORT + secrets.randbelow(_HIGHEST_PORT - _LOWEST_PORT + 1)
        if is_free(port):
            return port
    raise EmbeddedServerError(
        f"no free port found on {LOOPBACK} between {_LOWEST_PORT} and {_HIGHEST_PORT}"
    )
