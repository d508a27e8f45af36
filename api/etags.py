"""Entity tags: reads that did not change are not sent again, changes of what changed are refused.

A tag is a digest of the answer. That of a thing that can be changed says apart what people can
change of it: only that counts for `If-Match`, so that no heartbeat lets a change fail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ProblemError
from api.fast_json import FastJson

_CACHED = "private, no-cache"
_LIVE_FIELDS = frozenset(
    {
        "site_count", "gateway_count", "meter_count", "online", "why", "state_at",
        "last_message_at", "last_message_age_s", "clock_skew_ms", "clock_synced", "boot",
        "birth_at", "sequence", "firmware",
    }
)  # fmt: skip


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def tag_of(answer: object) -> str:
    """The tag of a thing: a digest of what can be changed, a dot, a digest of all."""
    values: Mapping[str, Any] = msgspec.to_builtins(answer)
    kept = {name: value for name, value in values.items() if name not in _LIVE_FIELDS}
    return f'"{_digest(msgspec.json.encode(kept))}.{_digest(msgspec.json.encode(answer))}"'


def tagged(answer: object) -> FastJson:
    """A thing with its tag, by which it may be changed."""
    return FastJson(answer, headers={"ETag": tag_of(answer)})


def check_match(if_match: str | None, answer: object) -> None:
    """Refuse to change what is no longer as the caller saw it: 412."""
    if if_match is None or if_match.strip() == "*":
        return
    tag = tag_of(answer)
    seen = [part.strip().strip('"').partition(".")[0] for part in if_match.split(",")]
    if tag.strip('"').partition(".")[0] not in seen:
        raise ProblemError(
            status=412,
            detail=f"`If-Match` is {if_match[:100]}, but it is {tag} now: it was changed since "
            "you read it. Read it again and decide anew.",
            headers={"ETag": tag},
        )


def _matches(if_none_match: str, tag: str) -> bool:
    asked = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return "*" in asked or tag.removeprefix("W/") in asked


class EntityTags:
    """Tags the JSON answers of the API, and answers 304 to those who have it already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if (
            scope["type"] != "http"
            or scope["method"] not in {"GET", "HEAD"}
            or not scope["path"].startswith("/api/")
        ):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Tagged(Headers(scope=scope), send))


class _Tagged:
    """One answer, held back until it is whole if it is one of those that have a tag."""

    def __init__(self, asked: Headers, send: Send) -> None:
        self._if_none_match = asked.get("if-none-match")
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_tagged(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        headers = MutableHeaders(scope=start)
        tag = headers.get("etag") or f'W/"{_digest(bytes(self._body))}"'
        headers["etag"] = tag
        headers["cache-control"] = _CACHED
        headers.add_vary_header("Authorization, Cookie")
        body = bytes(self._body)
        if self._if_none_match is not None and _matches(self._if_none_match, tag):
            start["status"], body = 304, b""
            for name in ("content-length", "content-type"):
                del headers[name]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_tagged(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return start["status"] == 200 and headers.get("content-type", "") == "application/json"
