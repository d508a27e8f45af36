"""Where calls may go: to public addresses, unless a setting says otherwise.

A name is resolved once and the call goes to the address that was checked: a name that answers
differently the second time opens nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LONGEST_URL = 2000


class ForbiddenTargetError(ValueError):
    """A call may not go there; the message says why."""


def target_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL; raises ForbiddenTargetError with the rule."""
    if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise ForbiddenTargetError("must be a URL of printable ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ForbiddenTargetError("must be a URL") from error
    if parts.scheme not in {"http", "https"}:
        raise ForbiddenTargetError("must begin with https:// or http://")
    if not parts.hostname:
        raise ForbiddenTargetError("must name a host")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenTargetError("must hold no user or password: the call is signed instead")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)


def is_public(address: Address) -> bool:
    """Whether an address lies in nobody's own net, whatever it is wrapped in."""
    inner: Address | None = None
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]).partition("%")[0] for entry in found]


def checked_address(host: str, port: int, *, allow_private: bool, ask: Resolve = resolve) -> str:
    """The address to call; raises ForbiddenTargetError where any of the host's is private."""
    try:
        addresses = ask(host, port)
    except (OSError, UnicodeError) as error:
        raise ForbiddenTargetError(f"the host {host!r} is not known") from error
    if not addresses:
        raise ForbiddenTargetError(f"the host {host!r} has no address")
    if not allow_private:
        for address in addresses:
            if not is_public(ipaddress.ip_address(address)):
                raise ForbiddenTargetError(f"the host {host!r} has a private address")
    return addresses[0]


def check_url(url: str, *, allow_private: bool) -> None:
    """Refuse what can never be called; a name is looked up when it is called only."""
    _scheme, host, _port = target_of(url)
    if allow_private:
        return
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
            raise ForbiddenTargetError("must be a public host") from None
        return
    if not is_public(literal):
        raise ForbiddenTargetError("must be a public address")
