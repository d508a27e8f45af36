"""Asking an OpenID provider: small JSON documents over HTTPS, no redirects, not for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

_TIMEOUT_S = 10
_LARGEST_BYTES = 1_000_000
_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


class ProviderError(Exception):
    """The provider does not answer, or not as OpenID Connect wants it; says how."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


_OPENER = build_opener(_NoRedirects)


def ask(
    url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JSON object at this address; with `form` it is posted. Raises ProviderError."""
    check_address(url)
    body = None if form is None else urlencode(form).encode()
    request = Request(  # noqa: S310 - https, or this machine: checked above
        url, data=body, headers={"Accept": "application/json", **(headers or {})}
    )
    try:
        with _OPENER.open(request, timeout=_TIMEOUT_S) as answer:
            document = json.loads(answer.read(_LARGEST_BYTES))
    except HTTPError as error:
        with error:
            raise ProviderError(f"{url} answered {error.code}") from error
    except (URLError, OSError, ValueError) as error:
        raise ProviderError(f"{url}: {error}") from error
    if not isinstance(document, dict):
        raise ProviderError(f"{url} answered no JSON object")
    return document


def check_address(url: str) -> None:
    """Refuse what others on the way could read: plain HTTP, but to this machine itself."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
        return
    raise ProviderError(f"{url} is not https")
