"""What every request needs, built at the roof and carried by the application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request

from api.demo_door import DemoDoor
from api.live_values import LiveValues
from api.slots import Slots
from api.sso import SingleSignOn
from api.throttle import LoginThrottle
from loadstone.clock import Clock
from loadstone.domain.permissions import Role
from loadstone.storage.audit import Actor, act_as
from loadstone.storage.pool import Pool
from loadstone.storage.read_only import Connection, read_only


class Seeing(Protocol):
    """Who sees what a database role sees."""

    @property
    def database_role(self) -> str:
        """The role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """The pool, the clock and what logging in needs; one an application."""

    pool: Pool
    clock: Clock
    throttle: LoginThrottle
    demo: DemoDoor | None
    cookie_secure: bool
    sso: SingleSignOn | None = None
    totp_roles: frozenset[Role] = frozenset()
    live: LiveValues = field(default_factory=lambda: LiveValues(ask=lambda _since: []))
    stream_slots: Slots = field(default_factory=lambda: Slots(most=200, most_each=10))
    webhooks_may_call_private: bool = False
    export_slots: Slots = field(default_factory=lambda: Slots(most=4, most_each=2))

    def now(self) -> datetime:
        """The current instant, UTC."""
        return self.clock()

    def reading(self, viewer: Seeing, *, wait_s: float = 5.0) -> AbstractContextManager[Connection]:
        """A connection that can only read, and only what this viewer sees."""
        return read_only(self.pool, viewer.database_role, wait_s=wait_s)

    def inside(self, *, wait_s: float = 5.0) -> AbstractContextManager[Connection]:
        """A connection that can only read, for what is no viewer's: logins, users, health."""
        return read_only(self.pool, None, wait_s=wait_s)

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """A connection on which every statement stands alone: what each request begins with."""
        with self.pool.connection(timeout=5.0) as connection:
            connection.autocommit = True
            try:
                yield connection
            finally:
                if not connection.closed:
                    connection.autocommit = False

    @contextmanager
    def writing(self, actor: Actor | None = None) -> Iterator[Connection]:
        """A connection in a transaction of its own; what it changes is noted as the actor's."""
        with self.pool.connection(timeout=5.0) as connection:
            if actor is not None:
                act_as(connection, actor)
            yield connection


def app_context(request: Request) -> AppContext:
    """The context of the application that answers this request."""
    context = request.app.state.context
    if not isinstance(context, AppContext):
        raise TypeError("the application was built without a context: see api.app.create_app")
    return context


async def _context(request: Request) -> AppContext:
    return app_context(request)  # not in a thread: there is nothing to wait for


Context = Annotated[AppContext, Depends(_context)]
