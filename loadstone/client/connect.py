"""Opening a client."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

import httpx2

from loadstone.client.operations import Operations


class Client(Operations):
    """The operations of one server, as one user's token sees it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def each(self, operation: Callable[..., Mapping[str, Any]], **wanted: Any) -> Iterator[Any]:  # noqa: ANN401 - rows of any list
        """The rows of a list, part by part: `api.each(api.list_meters, site_id=11)`."""
        cursor: str | None = None
        while True:
            part = operation(**wanted, cursor=cursor)
            yield from part["data"]
            cursor = part["next_cursor"]
            if cursor is None:
                return


def connect(url: str, token: str, *, timeout_s: float = 30.0) -> Client:
    """A client of the server at this address; the token is sent to it alone."""
    http = httpx2.Client(
        base_url=url.rstrip("/"),
        headers={"Authorization": f"Bearer {token}"},
        timeout=timeout_s,
        follow_redirects=False,
    )
    return Client(http)
