"""One's own profile: language, password, second step, sessions, API tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.context import AppContext, Context
from api.errors import ProblemError
from api.identity import PageViewer, Viewer, address_of
from api.models.identity import TokenBody
from api.pages.frame import Frame, PageFrame
from api.pages.login import refusal_text
from api.pages.second_step import key_picture, throttled_name
from api.routes.me import replace_own_password
from api.sessions import CSRF_FIELD, LoginRefusedError, check_csrf, trying
from api.user_changes import make_token
from loadstone.storage.credentials import (
    SessionRow,
    TokenRow,
    end_one_session,
    find_token,
    list_sessions,
    list_tokens,
    revoke_token,
)
from loadstone.storage.identity import Access, user_by_id
from loadstone.storage.passwords import password_fits
from loadstone.storage.second_step import (
    begin_totp,
    confirm_totp,
    drop_totp,
    recovery_codes_left,
)

router = APIRouter(include_in_schema=False)
_MOST = 200
_Csrf = Annotated[str, Form(alias=CSRF_FIELD)]
_Word = Annotated[str, Form(max_length=1000)]
_Id = Annotated[int, Form(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a form's sending led to: a refusal by part of the page, or something told once."""

    refused: str = ""
    message: str = ""
    token: str = ""
    codes: tuple[str, ...] = ()


@router.get("/profile")
def profile(frame: PageFrame, context: Context, viewer: PageViewer, done: str = "") -> Response:
    """The page; `done` names what was just changed."""
    known = done if done in {"password", "session", "token", "totp"} else ""
    return _page(frame, context, viewer, done=known)


@router.post("/profile/password")
def change_password(
    request: Request, frame: PageFrame, context: Context, viewer: PageViewer,
    current: _Word = "", password: _Word = "", repeated: _Word = "", token: _Csrf = "",
) -> Response:  # fmt: skip
    """Change the password; the same rules as the API's."""
    check_csrf(request, token)
    if password != repeated:
        return _refused(frame, context, viewer, "password", frame.t("profile.not_the_same"))
    try:
        replace_own_password(request, context, viewer, current, password)
    except ProblemError as problem:
        name = problem.errors[0].field if problem.errors else ""
        known = "profile.password_wrong" if name == "current_password" else "profile.password_rule"
        return _refused(frame, context, viewer, "password", frame.t(known))
    return _done("password")


@router.post("/profile/sessions")
def end_session(
    request: Request, context: Context, viewer: PageViewer, session_id: _Id, token: _Csrf = ""
) -> Response:
    """End one of one's own sessions."""
    check_csrf(request, token)
    with context.writing(viewer.actor) as connection:
        end_one_session(connection, viewer.user_id, session_id)
    return _done("session")


@router.post("/profile/tokens")
def new_token(
    request: Request, frame: PageFrame, context: Context, viewer: PageViewer,
    name: Annotated[str, Form(max_length=100)] = "", access: Annotated[Access, Form()] = "read",
    days: Annotated[int, Form(ge=1, le=3650)] = 365, token: _Csrf = "",
) -> Response:  # fmt: skip
    """Make a token and show it, this once."""
    check_csrf(request, token)
    if not viewer.may("tokens.own") or not name.strip().isprintable() or not name.strip():
        return _refused(frame, context, viewer, "tokens", frame.t("profile.token_refused"))
    body = TokenBody(
        name=name.strip(), access=access, expires_at=viewer.actor.at + timedelta(days=days)
    )
    with context.writing(viewer.actor) as connection:
        _, secret = make_token(connection, viewer, body)
    return _page(frame, context, viewer, said=Said(token=secret))


@router.post("/profile/tokens/revoke")
def end_token(
    request: Request, context: Context, viewer: PageViewer, token_id: _Id, token: _Csrf = ""
) -> Response:
    """Revoke one of one's own tokens."""
    check_csrf(request, token)
    with context.writing(viewer.actor) as connection:
        if find_token(connection, viewer.user_id, token_id) is not None:
            revoke_token(connection, token_id, context.now())
    return _done("token")


@router.post("/profile/second-step")
def second_step(
    request: Request, frame: PageFrame, context: Context, viewer: PageViewer,
    code: Annotated[str, Form(max_length=60)] = "", password: _Word = "", token: _Csrf = "",
) -> Response:  # fmt: skip
    """With a code, put the app in force; with the password, forget it."""
    check_csrf(request, token)
    agent = request.headers.get("user-agent")
    codes: list[str] | None = None
    has_totp = False
    try:
        name = throttled_name(viewer.name)
        with trying(context, name, address_of(request), agent) as attempt:
            with context.writing(viewer.actor) as connection:
                user = user_by_id(connection, viewer.user_id)
                has_totp = bool(user and user.has_totp)
                if user is not None and not has_totp:
                    codes = confirm_totp(connection, viewer.user_id, code, context.now())
                elif user is not None and password_fits(user.password_hash, password):
                    drop_totp(connection, viewer.user_id)
                    attempt.succeeded(viewer.user_id)
            if codes:
                attempt.succeeded(viewer.user_id)
    except LoginRefusedError as refusal:
        wrong = "profile.password_wrong" if has_totp else "second.wrong"
        return _refused(frame, context, viewer, "second", refusal_text(frame, refusal, wrong))
    if codes is None:
        return _done("totp")
    return _page(frame, context, viewer, said=Said(codes=tuple(codes)))


def _done(what: str) -> Response:
    return RedirectResponse(f"/profile?done={what}", status_code=303)


def _refused(
    frame: Frame, context: AppContext, viewer: Viewer, part: str, message: str
) -> Response:
    return _page(frame, context, viewer, said=Said(refused=part, message=message), status=422)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """A token in words."""

    row: TokenRow
    state: str
    until: str
    used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A session in words."""

    row: SessionRow
    current: bool
    since: str
    seen: str


_NOTHING = Said()


def _page(
    frame: Frame,
    context: AppContext,
    viewer: Viewer,
    *,
    said: Said = _NOTHING,
    done: str = "",
    status: int = 200,
) -> Response:
    now = context.now()
    with context.writing() as connection:
        user = user_by_id(connection, viewer.user_id)
        has_totp = bool(user and user.has_totp)
        picture, secret = "", ""
        if not has_totp and user is not None:
            picture, secret = key_picture(begin_totp(connection, user.user_id, now), user.name)
        codes_left = recovery_codes_left(connection, viewer.user_id)
        sessions = list_sessions(connection, viewer.user_id, now)
        tokens = list_tokens(connection, viewer.user_id, most=_MOST)
    when = frame.f.instant
    return frame.page(
        "profile.html",
        section="profile",
        status=status,
        said=said,
        done=done,
        has_totp=has_totp,
        has_password=bool(user and user.password_hash),
        picture=picture,
        secret=secret,
        codes_left=codes_left,
        sessions=[
            SessionView(
                row=row,
                current=row.session_id == viewer.session_id,
                since=when(row.created_at, "UTC", now) + " UTC",
                seen=when(row.last_seen_at or row.created_at, "UTC", now) + " UTC",
            )
            for row in sessions
        ],
        tokens=[
            TokenView(
                row=row,
                state="revoked" if row.revoked_at else
                "expired" if row.expires_at and row.expires_at <= now else "good",
                until=when(row.expires_at, "UTC", now) + " UTC" if row.expires_at else "",
                used=when(row.last_used_at, "UTC", now) + " UTC" if row.last_used_at else "",
            )
            for row in reversed(tokens)
        ],
    )  # fmt: skip
