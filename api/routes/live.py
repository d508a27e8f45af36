"""Live values as server-sent events."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Annotated, Any

import anyio
import msgspec
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.context import AppContext, Context
from api.errors import ProblemError
from api.event_stream import EventStream, event
from api.identity import SignedIn, Viewer
from api.live_values import LiveValues
from api.lookup import Reference
from api.parameters import Parameters
from api.quality_scope import found_scope
from api.routes.latest import latest_answer
from api.sessions import SESSION_COOKIE
from loadstone.storage.identity import user_by_session, user_by_token
from loadstone.storage.latest import latest_of_meters
from loadstone.storage.quality import meters_of
from loadstone.storage.read_only import DATABASE_AWAY, Connection

router = APIRouter(tags=["measurements"])
_WAIT_S = 0.25
_SIGN_OF_LIFE_S = 15.0
_CHECK_S = 10.0
_EXAMPLE = (
    "retry: 2000\n\nevent: snapshot\nid: 9f2c01ab-120\n"
    'data: {"data":[{"meter_id":21,"code":"MTR-001","active_power_kw":189.42}]}\n\n'
    "event: values\nid: 9f2c01ab-121\n"
    'data: {"data":[{"meter_id":21,"code":"MTR-001","active_power_kw":190.07}]}\n\n'
)
_EVENT = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("event", "id", "data")},
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`snapshot`: the newest values of all meters; `values`: those that are new; "
        "`end`: you are no longer signed in, or see other meters now. `data` is as of /latest.",
        "content": {"text/event-stream": {"schema": _EVENT, "example": _EXAMPLE}},
    }
}
LastEventId = Annotated[
    str | None,
    Header(max_length=100, description="Id of the last event that was received: go on after it."),
]


class LiveWanted(Parameters):
    """Whose values."""

    scope: str = Field(
        "all",
        max_length=100,
        description="`all`, or `meter:`, `gateway:`, `site:`, `customer:` with an id or a code.",
        examples=["site:SITE-COLD-1"],
    )


@router.get("/live", response_class=StreamingResponse, responses=_RESPONSES)
def live(
    request: Request,
    context: Context,
    viewer: SignedIn,
    wanted: Annotated[LiveWanted, Query()],
    last_event_id: LastEventId = None,
) -> EventStream:
    """The newest values as they come in, within a second or two of their being published.

    Ends when the session or token does. A meter that stays silent has no events.
    """
    return _stream(request, context, viewer, wanted.scope, last_event_id)


@router.get("/sites/{reference}/live", response_class=StreamingResponse, responses=_RESPONSES)
def live_of_site(
    request: Request,
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    last_event_id: LastEventId = None,
) -> EventStream:
    """The newest values of a site's meters as they come in."""
    return _stream(request, context, viewer, f"site:{reference}", last_event_id)


def _stream(
    request: Request, context: AppContext, viewer: Viewer, scope: str, last_event_id: str | None
) -> EventStream:
    def seen(connection: Connection) -> list[int]:
        now = context.now()
        found = found_scope(connection, viewer, scope, now)
        return meters_of(connection, viewer.customer_id, found, now, now + timedelta(seconds=1))

    with context.reading(viewer) as connection:
        ids = seen(connection)
    watch = _Watch(context, request, viewer, seen, ids)
    return EventStream(watch.events(last_event_id), context.stream_slots, viewer.user_id)


class _Watch:
    """One who is watching, and the meters they see."""

    def __init__(
        self,
        context: AppContext,
        request: Request,
        viewer: Viewer,
        seen: Callable[[Connection], list[int]],
        ids: list[int],
    ) -> None:
        self._context = context
        self._viewer = viewer
        self._seen = seen
        self._ids = frozenset(ids)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        self._token = token.strip() if scheme.lower() == "bearer" else None
        self._session = request.cookies.get(SESSION_COOKIE, "")

    async def events(self, last_event_id: str | None) -> AsyncIterator[bytes]:
        """What to send, until the viewer is no longer signed in or the database goes away."""
        live = self._context.live
        try:
            yield b"retry: 2000\n\n"
            await run_in_threadpool(live.look, self._context.now())
            number = live.number_of(last_event_id)
            checked_s = told_s = time.monotonic()
            while True:
                changes = None if number is None else live.since(number)
                if changes is None:
                    number = live.newest
                    yield event(await run_in_threadpool(self._snapshot), name="snapshot",
                                event_id=live.event_id(number))  # fmt: skip
                    told_s = time.monotonic()
                elif changes:
                    number = changes[-1].number
                    rows = [change.row for change in changes if change.row.meter_id in self._ids]
                    if rows:
                        yield event(self._encoded(rows), name="values",
                                    event_id=live.event_id(number))  # fmt: skip
                        told_s = time.monotonic()
                if time.monotonic() - told_s > _SIGN_OF_LIFE_S:
                    yield b": still here\n\n"
                    told_s = time.monotonic()
                if time.monotonic() - checked_s > _CHECK_S:
                    if not await run_in_threadpool(self._may_still_look):
                        yield event(b'{"reason":"signed out, or sees other meters"}', name="end")
                        return
                    checked_s = time.monotonic()
                await wait_for_changes(live, self._context)
        except DATABASE_AWAY:
            return  # the caller comes back, and finds out whether it is there again

    def _snapshot(self) -> bytes:
        with self._context.reading(self._viewer) as connection:
            return self._encoded(latest_of_meters(connection, sorted(self._ids)))

    def _encoded(self, rows: list[Any]) -> bytes:
        now = self._context.now()
        return msgspec.json.encode({"data": [latest_answer(row, now) for row in rows]})

    def _may_still_look(self) -> bool:
        """Whether the credentials are good and show the same meters; using them is not renewing."""
        now = self._context.now()
        with self._context.writing() as connection:
            if self._token is not None:
                user = user_by_token(connection, self._token, now)
            else:
                user = user_by_session(connection, self._session, now, timedelta(0))
            if user is None or user.user_id != self._viewer.user_id:
                return False
        try:
            with self._context.reading(self._viewer) as connection:
                return frozenset(self._seen(connection)) == self._ids
        except ProblemError:
            return False


async def wait_for_changes(live: LiveValues, context: AppContext) -> None:
    """Wait a moment, and look if nobody else did."""
    await anyio.sleep(_WAIT_S)
    if live.is_due:
        await run_in_threadpool(live.look, context.now())
