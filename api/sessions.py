"""Signing in and out in the browser: one cookie that holds a secret and nothing else."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from fastapi import Request, Response

from api.context import AppContext
from api.errors import ProblemError
from loadstone.storage.audit import Actor, note
from loadstone.storage.identity import (
    KnownUser,
    LoginMethod,
    Stage,
    create_session,
    end_session,
    user_by_name,
    user_by_stage,
)
from loadstone.storage.passwords import password_fits

SESSION_COOKIE = "loadstone_session"
SESSION_LIFETIME = timedelta(hours=12)
# Between the password and the second step.
HALF_COOKIE = "loadstone_login"
HALF_LIFETIME = timedelta(minutes=10)
# The server ends sessions; the cookie only has to outlive them, since a read does not renew it.
_COOKIE_LIFETIME = timedelta(days=7)
_LONGEST_NAME = 100
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf_token"


class LoginRefusedError(Exception):
    """Wrong name, password or code, or too many tries; `wait_s` > 0 says when to try again."""

    def __init__(self, wait_s: int = 0) -> None:
        super().__init__("login refused")
        self.wait_s = wait_s


def check_password(
    context: AppContext, name: str, password: str, address: str, user_agent: str | None = None
) -> int:
    """The user_id of this name and password; raises LoginRefusedError alike for all wrong ones."""
    with trying(context, name, address, user_agent) as attempt:
        with context.inside() as connection:
            user = None if "\x00" in name else user_by_name(connection, name.strip())
        fits = password_fits(user.password_hash if user else None, password)
        if fits and user is not None:
            return attempt.succeeded(user.user_id)
    raise AssertionError("a try that does not succeed is refused")


@dataclass(slots=True, kw_only=True)
class Attempt:
    """A try to log in; whoever made it says when it was right."""

    user_id: int | None = None

    def succeeded(self, user_id: int) -> int:
        """The try was right."""
        self.user_id = user_id
        return user_id


@contextmanager
def trying(
    context: AppContext, name: str, address: str, user_agent: str | None = None
) -> Iterator[Attempt]:
    """Slow down who tries too often, and note what failed; raises LoginRefusedError for it."""
    now = context.now()
    wait_s = context.throttle.wait_s(name, address, now)
    if wait_s:
        raise LoginRefusedError(wait_s)
    attempt = Attempt()
    yield attempt
    if attempt.user_id is None:
        context.throttle.failed(name, address, now)
        actor = Actor(who="nobody", at=now, address=address, user_agent=user_agent)
        with context.writing(actor) as connection:
            subject = name.replace("\x00", "")[:_LONGEST_NAME]
            note(connection, "login.failed", kind="session", subject=subject)
        raise LoginRefusedError(context.throttle.wait_s(name, address, now))
    context.throttle.succeeded(name, address)


def open_session(
    context: AppContext,
    user_id: int,
    response: Response,
    *,
    actor: Actor | None = None,
    method: LoginMethod = "password",
    stage: Stage = "in",
) -> None:
    """Begin a session and put its cookie on the response; a stage before `in` ends soon."""
    whole = stage == "in"
    with context.writing(actor) as connection:
        session = create_session(
            connection,
            user_id,
            context.now(),
            SESSION_LIFETIME if whole else HALF_LIFETIME,
            stage=stage,
            method=method,
            address=actor.address if actor else None,
            user_agent=actor.user_agent if actor else None,
        )
        if whole and actor is not None:
            note(connection, "login", kind="session", subject=actor.who, after={"method": method})
    lifetime = _COOKIE_LIFETIME if whole else HALF_LIFETIME
    response.set_cookie(
        SESSION_COOKIE if whole else HALF_COOKIE,
        session,
        max_age=int(lifetime.total_seconds()),
        path="/" if whole else "/login",
        secure=context.cookie_secure,
        httponly=True,
        samesite="lax",
    )


def half_session(
    context: AppContext, request: Request, stage: Literal["code", "enrol"]
) -> KnownUser | None:
    """Who gave the right password a moment ago and stands before the second step."""
    session = request.cookies.get(HALF_COOKIE)
    if not session:
        return None
    with context.inside() as connection:
        return user_by_stage(connection, session, context.now(), stage)


def close_session(context: AppContext, request: Request, response: Response) -> None:
    """End the request's session, if it has one, and take its cookie away."""
    _end(context, request, response, SESSION_COOKIE, "/")


def close_half(context: AppContext, request: Request, response: Response) -> None:
    """End what stood before the second step."""
    _end(context, request, response, HALF_COOKIE, "/login")


def _end(context: AppContext, request: Request, response: Response, cookie: str, path: str) -> None:
    session = request.cookies.get(cookie)
    if session:
        with context.writing() as connection:
            end_session(connection, session)
    response.delete_cookie(
        cookie, path=path, secure=context.cookie_secure, httponly=True, samesite="lax"
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
