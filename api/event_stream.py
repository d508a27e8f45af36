"""Server-sent events: a response that stays open, one of a bounded number."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.errors import ProblemError
from api.slots import Slots


class EventStream(StreamingResponse):
    """Sends events until they end or the caller goes; raises 429 where too many are open."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[bytes], slots: Slots, user_id: int) -> None:
        if not slots.take(user_id):
            raise ProblemError(
                status=429,
                detail="Too many live streams are open: close one first.",
                headers={"Retry-After": "30"},
            )
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(events, headers=headers)
        self._slots, self._user_id = slots, user_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._slots.give_back(self._user_id)


def event(data: bytes, *, name: str = "", event_id: str = "") -> bytes:
    """One event; `data` is one line."""
    head = (f"event: {name}\n" if name else "") + (f"id: {event_id}\n" if event_id else "")
    return head.encode() + b"data: " + data + b"\n\n"
