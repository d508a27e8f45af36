"""Signing in and out, and the language switch."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.context import AppContext, Context
from api.errors import refused
from api.i18n import LANGUAGES
from api.i18n.language import LANGUAGE_COOKIE
from api.identity import MaybeViewer, actor_of, address_of
from api.pages.frame import Frame
from api.sessions import (
    CSRF_FIELD,
    LoginRefusedError,
    check_csrf,
    check_password,
    check_same_origin,
    close_session,
    open_session,
    safe_next,
)
from loadstone.storage.identity import Language, set_language, user_by_id

router = APIRouter(include_in_schema=False)
_ONE_YEAR_S = 31_536_000


def refusal_text(frame: Frame, refusal: LoginRefusedError, wrong: str) -> str:
    """What to tell who was refused: to wait, or the text of the key `wrong`."""
    if refusal.wait_s:
        return frame.t("login.wait", span=frame.f.span(timedelta(seconds=refusal.wait_s)))
    return frame.t(wrong)


def refusal_headers(refusal: LoginRefusedError | None) -> dict[str, str] | None:
    """When to try again, for programs."""
    return {"Retry-After": str(refusal.wait_s)} if refusal and refusal.wait_s else None


def login_form(
    request: Request,
    context: AppContext,
    target: str,
    *,
    message: str | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """The page with the form, the demo's users, and single sign-on where there is one."""
    return Frame(request, None).page(
        "login.html", status=status, headers=headers, target=target, message=message,
        demo_users=context.demo.users if context.demo else (),
        sso_label=context.sso.label if context.sso else None,
    )  # fmt: skip


@router.get("/login")
def login_page(
    request: Request, context: Context, viewer: MaybeViewer, next: str = "/"
) -> Response:
    """The form; whoever is signed in already is sent on."""
    if viewer is not None:
        return RedirectResponse(safe_next(next), status_code=303)
    return login_form(request, context, safe_next(next))


@router.post("/login")
def log_in(
    request: Request,
    context: Context,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Open a session, or show the form again with a message that tells nobody which part failed.

    Who has an authenticator app is asked for its code first, and whose role must have one and has
    none is led to set it up.
    """
    check_same_origin(request)
    target = safe_next(next)
    agent = request.headers.get("user-agent")
    try:
        user_id = check_password(context, name, password, address_of(request), agent)
    except LoginRefusedError as refusal:
        message = refusal_text(Frame(request, None), refusal, "login.wrong")
        return login_form(
            request, context, target, message=message, status=429 if refusal.wait_s else 401,
            headers=refusal_headers(refusal),
        )  # fmt: skip
    with context.writing() as connection:
        user = user_by_id(connection, user_id)
    if user is None:
        raise LookupError("the user whose password was right a moment ago")
    actor = actor_of(request, context, user.name, user_id)
    if user.has_totp or user.role in context.totp_roles:
        step = "code" if user.has_totp else "enrol"
        response = RedirectResponse(
            f"/login/{step}?next={quote(target, safe='/')}", status_code=303
        )
        open_session(
            context, user_id, response, actor=actor, stage="code" if user.has_totp else "enrol"
        )
        return response
    response = RedirectResponse(target, status_code=303)
    open_session(context, user_id, response, actor=actor)
    return response


@router.post("/logout")
def log_out(
    request: Request, context: Context, token: Annotated[str, Form(alias=CSRF_FIELD)] = ""
) -> Response:
    """End the session."""
    check_csrf(request, token)
    response = RedirectResponse("/login", status_code=303)
    close_session(context, request, response)
    return response


@router.post("/language")
def switch_language(
    request: Request,
    context: Context,
    viewer: MaybeViewer,
    lang: Annotated[str, Form(max_length=10)],
    next: Annotated[str, Form(max_length=2000)] = "/",
    token: Annotated[str, Form(alias=CSRF_FIELD)] = "",
) -> Response:
    """Keep the language with the user, else in a cookie, and come back to the same page."""
    chosen = next_language(lang)
    response = RedirectResponse(safe_next(next), status_code=303)
    if viewer is None:
        check_same_origin(request)
    else:
        check_csrf(request, token)
        with context.writing(viewer.actor) as connection:
            set_language(connection, viewer.user_id, chosen)
    response.set_cookie(
        LANGUAGE_COOKIE, chosen, max_age=_ONE_YEAR_S, path="/", secure=context.cookie_secure,
        httponly=True, samesite="lax",
    )  # fmt: skip
    return response


def next_language(wish: str) -> Language:
    """A language of ours, or a refusal that names the field."""
    for language in LANGUAGES:
        if wish == language:
            return language
    raise refused("lang", wish, "must be one of " + ", ".join(LANGUAGES))
