"""Too many requests are answered 429 before they cost anything."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ProblemError, answer
from api.rates import Allowance, ApiLimits, RateBuckets
from api.sessions import SESSION_COOKIE

_MOST_KNOWN = 20_000


class RateLimit:
    """Counts requests to the API by token or session, and by address of those who have none.

    A credential counts as one only after it was good once: whoever makes up tokens is counted by
    address however many there are.
    """

    def __init__(self, app: ASGIApp, *, limits: ApiLimits) -> None:
        self._app = app
        self._known = RateBuckets(per_minute=limits.per_minute)
        self._unknown = RateBuckets(per_minute=limits.per_minute_unknown)
        self._good: OrderedDict[bytes, None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        credential = _credential(scope)
        known = credential is not None and credential in self._good
        allowance = (
            self._known.take(credential)
            if known and credential is not None
            else self._unknown.take(_address(scope))
        )

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell(MutableHeaders(scope=message), allowance)
                if not known and credential is not None and message["status"] not in {401, 429}:
                    self._remember(credential)
            await send(message)

        if not allowance.allowed:
            response = answer(Request(scope), _too_many(allowance), None)
            await response(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    def _remember(self, credential: bytes) -> None:
        self._good[credential] = None
        if len(self._good) > _MOST_KNOWN:
            self._good.popitem(last=False)


def _credential(scope: Scope) -> bytes | None:
    request = Request(scope)
    secret = request.headers.get("authorization") or request.cookies.get(SESSION_COOKIE)
    return hashlib.blake2b(secret.encode(), digest_size=16).digest() if secret else None


def _address(scope: Scope) -> bytes:
    client = scope.get("client")
    return str(client[0]).encode() if client else b""


def _tell(headers: MutableHeaders, allowance: Allowance) -> None:
    headers["ratelimit-policy"] = f"{allowance.limit};w=60"
    headers["ratelimit-limit"] = str(allowance.limit)
    headers["ratelimit-remaining"] = str(allowance.remaining)
    headers["ratelimit-reset"] = str(allowance.reset_s)


def _too_many(allowance: Allowance) -> ProblemError:
    return ProblemError(
        status=429,
        detail=f"More than {allowance.limit} requests within a minute: wait {allowance.wait_s} s.",
        headers={"Retry-After": str(allowance.wait_s)},
    )
