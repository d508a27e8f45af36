"""Who is looking: found by API token or by session, on every request anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request

from api.context import Context
from api.errors import ProblemError
from api.sessions import CSRF_HEADER, SESSION_COOKIE, SESSION_LIFETIME, check_csrf
from loadstone.storage.identity import (
    KnownUser,
    Language,
    Role,
    user_by_session,
    user_by_token,
)

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The person or program looking; `customer_id` None sees all, else that customer only."""

    user_id: int
    name: str
    display_name: str
    role: Role
    language: Language
    customer_id: int | None

    @property
    def is_staff(self) -> bool:
        """Whether all customers are seen, and what belongs to none of them."""
        return self.customer_id is None


class SignInNeededError(Exception):
    """A page was asked for by nobody we know; `next_path` is where to return."""

    def __init__(self, next_path: str) -> None:
        super().__init__("sign in needed")
        self.next_path = next_path

    @property
    def location(self) -> str:
        """The login page, which leads back."""
        return "/login?next=" + quote(self.next_path, safe="/")


def _viewer_of(user: KnownUser) -> Viewer:
    return Viewer(
        user_id=user.user_id,
        name=user.name,
        display_name=user.display_name,
        role=user.role,
        language=user.language,
        customer_id=user.customer_id,
    )


def maybe_viewer(request: Request, context: Context) -> Viewer | None:
    """The viewer of an API token, else of the session; None where there is neither.

    A wrong token is 401 even beside a good session, and a session changes things only with its
    CSRF token.
    """
    token = _bearer(request)
    if token is not None:
        return _by_token(token, context)
    session = request.cookies.get(SESSION_COOKIE)
    if not session:
        return None
    with context.writing() as connection:
        user = user_by_session(connection, session, context.now(), SESSION_LIFETIME)
    return _viewer_of(user) if user else None


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _by_token(token: str, context: Context) -> Viewer:
    with context.writing() as connection:
        user = user_by_token(connection, token, context.now())
    if user is None:
        raise ProblemError(
            status=401,
            detail="The API token is unknown, expired or of a disabled user.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    return _viewer_of(user)


MaybeViewer = Annotated[Viewer | None, Depends(maybe_viewer)]


def viewer(request: Request, found: MaybeViewer) -> Viewer:
    """The viewer of an API request; 401 where there is none."""
    if found is None:
        raise ProblemError(
            status=401,
            detail="Send `Authorization: Bearer TOKEN`, or sign in.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if request.method not in _SAFE_METHODS and _bearer(request) is None:
        check_csrf(request, request.headers.get(CSRF_HEADER))
    return found


def page_viewer(request: Request, found: MaybeViewer) -> Viewer:
    """The viewer of a page; without one the answer is a redirect to the login page."""
    if found is None:
        query = f"?{request.url.query}" if request.url.query else ""
        target = request.url.path + query if request.method in _SAFE_METHODS else "/"
        raise SignInNeededError(target)
    return found


SignedIn = Annotated[Viewer, Depends(viewer)]
PageViewer = Annotated[Viewer, Depends(page_viewer)]
