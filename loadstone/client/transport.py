"""How the client sends and reads: the base of its operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from time import sleep
from typing import Any
from urllib.parse import quote

import httpx2

from loadstone.client.errors import ApiError, FieldError

PREFIX = "/api/v1"
_TRIES = 3
_LONGEST_WAIT_S = 30.0
_AGAIN = {429, 503}


class Transport:
    """Sends requests by an httpx2 client that knows the address and the token.

    Reads, and changes that have an Idempotency-Key, are sent again where the server asks for it.
    """

    def __init__(self, http: httpx2.Client, *, wait: Callable[[float], None] = sleep) -> None:
        self.http = http
        self._wait = wait

    @staticmethod
    def quoted(part: object) -> str:
        """A part of a path."""
        return quote(str(part), safe="")

    def answer(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Any:  # noqa: ANN401 - the operations say what it is
        """The JSON of a good answer, else ApiError."""
        sent = {name: value for name, value in (headers or {}).items() if value is not None}
        again = method == "GET" or "Idempotency-Key" in {name.title() for name in sent}
        for left in range(_TRIES - 1, -1, -1):
            answer = self.http.request(
                method, PREFIX + path, params=_asked(query), json=body, headers=sent
            )
            if answer.is_success:
                return answer.json() if answer.content else None
            error = _error(answer)
            wait_s = error.retry_after_s or 0.0
            if not (again and left and answer.status_code in _AGAIN and wait_s < _LONGEST_WAIT_S):
                raise error
            self._wait(wait_s)
        raise AssertionError("the last try returns or raises")

    def stream(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Iterator[bytes]:
        """The bytes of a good answer piece by piece, else ApiError."""
        sent = {name: value for name, value in (headers or {}).items() if value is not None}
        with self.http.stream(method, PREFIX + path, params=_asked(query), headers=sent) as answer:
            if not answer.is_success:
                answer.read()
                raise _error(answer)
            yield from answer.iter_bytes()


def _asked(query: Mapping[str, Any] | None) -> dict[str, Any]:
    given = {name: value for name, value in (query or {}).items() if value is not None}
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in given.items()
    }


def _error(answer: httpx2.Response) -> ApiError:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    waits = answer.headers.get("retry-after", "")
    return ApiError(
        status=answer.status_code,
        kind=str(problem.get("type", "")).rpartition(":")[2] or "unknown",
        detail=str(problem.get("detail", answer.reason_phrase)),
        errors=[
            FieldError(field=e["field"], value=e["value"], rule=e["rule"])
            for e in problem.get("errors", [])
        ],
        retry_after_s=float(waits) if waits.isdigit() else None,
    )
