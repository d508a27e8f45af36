"""One call: to the address that was checked, without redirects, with a short patience."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

from loadstone.webhooks.addresses import ForbiddenTargetError, checked_address, target_of

_TIMEOUT_S = 10.0
_MOST_ANSWER_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult:
    """What came back; `error` says why it did not count, None where it did."""

    status: int | None
    error: str | None
    duration_ms: int

    @property
    def is_delivered(self) -> bool:
        """Whether the other side took it: any 2xx."""
        return self.error is None


def call(url: str, headers: Mapping[str, str], body: bytes, *, allow_private: bool) -> CallResult:
    """POST a body; never raises for what the other side or the net does."""
    begun_s = monotonic()
    status: int | None = None
    try:
        status = _post(url, headers, body, allow_private=allow_private)
        error = None if 200 <= status < 300 else f"answered {status}"
    except ForbiddenTargetError as refused:
        error = f"not called: {refused}"
    except (OSError, http.client.HTTPException, ValueError) as failed:
        error = f"{type(failed).__name__}: {failed}"[:300]
    duration_ms = round((monotonic() - begun_s) * 1000)
    return CallResult(status=status, error=error, duration_ms=duration_ms)


def _post(url: str, headers: Mapping[str, str], body: bytes, *, allow_private: bool) -> int:
    scheme, host, port = target_of(url)
    address = checked_address(host, port, allow_private=allow_private)
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
    connection.sock = _connected(scheme, host, address, port)
    try:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        answer.read(_MOST_ANSWER_BYTES)
        return answer.status
    finally:
        connection.close()


def _connected(scheme: str, host: str, address: str, port: int) -> socket.socket:
    plain = socket.create_connection((address, port), timeout=_TIMEOUT_S)
    if scheme == "http":
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except (OSError, ValueError):
        plain.close()
        raise
