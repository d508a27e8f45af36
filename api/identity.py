"""Who is looking: found by API token or by session, on every request anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request

from api.context import AppContext, Context
from api.errors import ProblemError
from api.sessions import CSRF_HEADER, SESSION_COOKIE, SESSION_LIFETIME, check_csrf
from loadstone.domain.permissions import Permission, Role, may
from loadstone.domain.scope import Sees
from loadstone.storage.audit import Actor
from loadstone.storage.identity import (
    Access,
    KnownUser,
    Language,
    user_by_session,
    user_by_token,
)

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The person or program looking; sees what the database role `database_role` sees.

    `access` is `read` for tokens that may change nothing; `actor` is who the audit log names.
    """

    user_id: int
    name: str
    display_name: str
    role: Role
    language: Language
    database_role: str
    sees: Sees
    customer_ids: tuple[int, ...]
    access: Access
    actor: Actor
    session_id: int | None
    token_id: int | None

    @property
    def is_staff(self) -> bool:
        """Whether all customers are seen, and what belongs to none of them."""
        return self.sees == "all"

    @property
    def customer_id(self) -> int | None:
        """The one customer that is seen, to narrow queries by; None where it is not one.

        What is seen does not hang on it: the database shows the role's rows only.
        """
        one = self.sees == "customers" and len(self.customer_ids) == 1
        return self.customer_ids[0] if one else None

    def may(self, permission: Permission) -> bool:
        """Whether role and scope allow it; the matrix is loadstone.domain.permissions."""
        return may(self.role, permission, sees_all=self.is_staff)


class SignInNeededError(Exception):
    """A page was asked for by nobody we know; `next_path` is where to return."""

    def __init__(self, next_path: str) -> None:
        super().__init__("sign in needed")
        self.next_path = next_path

    @property
    def location(self) -> str:
        """The login page, which leads back."""
        return "/login?next=" + quote(self.next_path, safe="/")


def address_of(request: Request) -> str:
    """Where the request came from, as the server saw it."""
    return request.client.host if request.client else ""


def actor_of(
    request: Request,
    context: AppContext,
    name: str,
    user_id: int | None,
    database_role: str | None = None,
) -> Actor:
    """Who the audit log names for this request, and as whom its transactions see."""
    return Actor(
        who=name,
        at=context.now(),
        user_id=user_id,
        address=address_of(request) or None,
        user_agent=request.headers.get("user-agent"),
        database_role=database_role,
    )


def _viewer_of(request: Request, context: AppContext, user: KnownUser) -> Viewer:
    return Viewer(
        user_id=user.user_id,
        name=user.name,
        display_name=user.display_name,
        role=user.role,
        language=user.language,
        database_role=user.database_role,
        sees=user.sees,
        customer_ids=tuple(user.customer_ids),
        access=user.access,
        actor=actor_of(request, context, user.name, user.user_id, user.database_role),
        session_id=user.session_id,
        token_id=user.token_id,
    )


def maybe_viewer(request: Request, context: Context) -> Viewer | None:
    """The viewer of an API token, else of the session; None where there is neither.

    A wrong token is 401 even beside a good session, and a session changes things only with its
    CSRF token.
    """
    token = _bearer(request)
    if token is not None:
        return _by_token(request, token, context)
    session = request.cookies.get(SESSION_COOKIE)
    if not session:
        return None
    with context.asking() as connection:
        user = user_by_session(connection, session, context.now(), SESSION_LIFETIME)
    return _viewer_of(request, context, user) if user else None


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _by_token(request: Request, token: str, context: AppContext) -> Viewer:
    with context.asking() as connection:
        user = user_by_token(connection, token, context.now())
    if user is None:
        raise ProblemError(
            status=401,
            detail="The API token is unknown, expired or of a disabled user.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    return _viewer_of(request, context, user)


MaybeViewer = Annotated[Viewer | None, Depends(maybe_viewer)]


async def viewer(request: Request, found: MaybeViewer) -> Viewer:
    """The viewer of an API request; 401 where there is none."""
    if found is None:
        raise ProblemError(
            status=401,
            detail="Send `Authorization: Bearer TOKEN`, or sign in.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if request.method not in _SAFE_METHODS and found.access == "read":
        raise ProblemError(status=403, detail="This API token may only read.")
    if request.method not in _SAFE_METHODS and _bearer(request) is None:
        check_csrf(request, request.headers.get(CSRF_HEADER))
    return found


async def page_viewer(request: Request, found: MaybeViewer) -> Viewer:
    """The viewer of a page; without one the answer is a redirect to the login page."""
    if found is None:
        query = f"?{request.url.query}" if request.url.query else ""
        target = request.url.path + query if request.method in _SAFE_METHODS else "/"
        raise SignInNeededError(target)
    return found


SignedIn = Annotated[Viewer, Depends(viewer)]
PageViewer = Annotated[Viewer, Depends(page_viewer)]
