"""Changes: each in one transaction, done once however often it is sent, and never over another's.

`Idempotency-Key` names a request; `If-Match` says as what the caller saw the thing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Header, Request, Response

from api.context import AppContext, Context
from api.errors import ProblemError, refused
from api.etags import check_match, tag_of
from api.fast_json import FastJson
from api.identity import SignedIn, Viewer
from loadstone.storage.idempotency import (
    RequestUnderWayError,
    claim_key,
    keep_answer,
    key_hash,
)
from loadstone.storage.read_only import Connection

_KEY = (
    "A name for this request, for 24 hours: sent again with the same body, it is answered as "
    "before and not done again."
)
_IF_MATCH = "The `ETag` of the thing as you saw it; the change is refused where it is another now."
IfMatch = Annotated[str | None, Header(max_length=500, description=_IF_MATCH)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One request that changes something."""

    context: AppContext
    viewer: Viewer
    request_hash: bytes
    key: str | None
    if_match: str | None

    def perform(
        self,
        work: Callable[[Connection], object],
        *,
        status: int = 200,
        once_only: Mapping[str, Any] | None = None,
    ) -> Response:
        """Do the work in a transaction and answer with what it returns.

        `once_only` is what replaces fields that may be told once, such as a new secret, in the
        answer that is kept for requests that are sent again.
        """
        with self.context.writing(self.viewer.actor) as connection:
            key = key_hash(self.viewer.user_id, self.key) if self.key is not None else None
            if key is not None:
                earlier = self._earlier(connection, key)
                if earlier is not None:
                    return earlier
            answered = work(connection)
            if key is not None:
                kept = {**msgspec.to_builtins(answered), **(once_only or {})}
                keep_answer(connection, key, status, msgspec.json.encode(kept))
        return FastJson(answered, status_code=status, headers={"ETag": tag_of(answered)})

    def check_match(self, answer: object) -> None:
        """Refuse where the thing, as it would be answered now, is not what the caller saw."""
        check_match(self.if_match, answer)

    def _earlier(self, connection: Connection, key: bytes) -> Response | None:
        now = self.context.now()
        try:
            found = claim_key(connection, key, self.request_hash, now)
        except RequestUnderWayError as error:
            raise ProblemError(
                status=409,
                detail="A request with this Idempotency-Key is still being worked on.",
                headers={"Retry-After": "2"},
            ) from error
        if found is None:
            return None
        if found.request_hash != self.request_hash:
            raise refused(
                "Idempotency-Key", None, "was used for another request: every request has its own"
            )
        headers = {"Idempotency-Replayed": "true"}
        return Response(found.body, found.status, headers, media_type="application/json")


async def _change(
    request: Request,
    context: Context,
    viewer: SignedIn,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=200, description=_KEY)
    ] = None,
    if_match: IfMatch = None,
) -> Change:
    head = f"{request.method} {request.url.path}\n".encode()
    return Change(
        context=context,
        viewer=viewer,
        request_hash=hashlib.sha256(head + await request.body()).digest(),
        key=idempotency_key,
        if_match=if_match,
    )


Changing = Annotated[Change, Depends(_change)]
