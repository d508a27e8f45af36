"""One log line a request, and the last net under it."""

from __future__ import annotations

import time

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ErrorPage, answer

_LOG = structlog.get_logger()


class RequestLog:
    """Logs `request_served`; what no handler caught is logged whole and answered with 500.

    The query is left out of the log: it may hold keys.
    """

    def __init__(self, app: ASGIApp, *, page: ErrorPage | None = None) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_s = time.monotonic()
        status = 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:
            _LOG.exception("request_failed", method=scope["method"], path=scope["path"])
            if status:
                raise
            response = answer(Request(scope), error, self._page)
            await response(scope, receive, send_and_note)
        finally:
            _LOG.info(
                "request_served",
                method=scope["method"],
                path=scope["path"],
                status=status,
                duration_ms=round((time.monotonic() - started_s) * 1000, 1),
            )
