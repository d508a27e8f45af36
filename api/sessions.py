"""Signing in and out in the browser: one cookie that holds a secret and nothing else."""

from __future__ import annotations

import hmac
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request, Response

from api.context import AppContext
from api.errors import ProblemError
from loadstone.storage.identity import create_session, end_session, user_by_name
from loadstone.storage.passwords import password_fits

SESSION_COOKIE = "loadstone_session"
SESSION_LIFETIME = timedelta(hours=12)
# The server ends sessions; the cookie only has to outlive them, since a read does not renew it.
_COOKIE_LIFETIME = timedelta(days=7)
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf_token"


class LoginRefusedError(Exception):
    """Wrong name or password, or too many tries; `wait_s` > 0 says when to try again."""

    def __init__(self, wait_s: int = 0) -> None:
        super().__init__("login refused")
        self.wait_s = wait_s


def check_password(context: AppContext, name: str, password: str, address: str) -> int:
    """The user_id of this name and password; raises LoginRefusedError alike for all wrong ones."""
    now = context.now()
    wait_s = context.throttle.wait_s(name, address, now)
    if wait_s:
        raise LoginRefusedError(wait_s)
    with context.reading() as connection:
        user = None if "\x00" in name else user_by_name(connection, name.strip())
    if not password_fits(user.password_hash if user else None, password) or user is None:
        context.throttle.failed(name, address, now)
        raise LoginRefusedError(context.throttle.wait_s(name, address, now))
    context.throttle.succeeded(name, address)
    return user.user_id


def open_session(context: AppContext, user_id: int, response: Response) -> None:
    """Begin a session and put its cookie on the response."""
    with context.writing() as connection:
        session = create_session(connection, user_id, context.now(), SESSION_LIFETIME)
    response.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=int(_COOKIE_LIFETIME.total_seconds()),
        path="/",
        secure=context.cookie_secure,
        httponly=True,
        samesite="lax",
    )


def close_session(context: AppContext, request: Request, response: Response) -> None:
    """End the request's session, if it has one, and take its cookie away."""
    session = request.cookies.get(SESSION_COOKIE)
    if session:
        with context.writing() as connection:
            end_session(connection, session)
    response.delete_cookie(
        SESSION_COOKIE, path="/", secure=context.cookie_secure, httponly=True, samesite="lax"
    )


def csrf_token(request: Request) -> str:
    """What forms and scripts of this session send along; empty where there is no session.

    Derived from the session's secret, which another host's page can neither read nor set.
    """
    session = request.cookies.get(SESSION_COOKIE, "")
    if not session:
        return ""
    return hmac.new(session.encode(), b"loadstone csrf", "sha256").hexdigest()


def check_csrf(request: Request, token: str | None) -> None:
    """Refuse a change that this session's own pages did not ask for: 403."""
    expected = csrf_token(request)
    if not expected or not hmac.compare_digest(expected.encode(), (token or "").encode()):
        raise ProblemError(
            status=403, detail="This form is no longer valid: load the page anew and try again."
        )


def check_same_origin(request: Request) -> None:
    """Refuse a form that another host's page sent, where there is no session yet (log in): 403."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign_site = site is not None and site not in {"same-origin", "none"}
    foreign_origin = (
        site is None
        and origin is not None
        and urlsplit(origin).netloc != request.headers.get("host")
    )
    if foreign_site or foreign_origin:
        raise ProblemError(status=403, detail="This form was sent by another site's page.")


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a path of this host, else the start page."""
    if not target or not target.startswith("/") or target[1:2] in {"/", "\\"}:
        return "/"
    return target if target.isprintable() else "/"
