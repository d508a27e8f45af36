"""Refusing bodies that nobody needs to send, before they are in memory."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ErrorPage, answer


class BodyLimit:
    """Answers 413 to bodies of more than `most_bytes`, announced or not, 415 to compressed ones."""

    def __init__(
        self, app: ASGIApp, *, most_bytes: int = 1_048_576, page: ErrorPage | None = None
    ) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            response = answer(Request(scope), _compressed(), self._page)
            await response(scope, receive, send)
            return
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced[:19]) > self._most_bytes:
            response = answer(Request(scope), self._too_large(), self._page)
            await response(scope, receive, send)
            return
        seen_bytes = 0

        async def receive_counted() -> Message:
            nonlocal seen_bytes
            message = await receive()
            seen_bytes += len(message.get("body", b""))
            if seen_bytes > self._most_bytes:
                raise self._too_large()
            return message

        await self._app(scope, receive_counted, send)

    def _too_large(self) -> HTTPException:
        # FastAPI lets this kind pass while it reads a body, and takes others for bad syntax.
        return HTTPException(413, f"A request's body may have {self._most_bytes} bytes at most.")


def _compressed() -> HTTPException:
    # A small body could hold gigabytes; none that is allowed is worth compressing.
    return HTTPException(415, "Send the body as it is: compressed ones are not read.")
