"""Signing in and out, and the language switch."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.context import AppContext, Context
from api.errors import refused
from api.i18n import LANGUAGES
from api.i18n.language import LANGUAGE_COOKIE
from api.identity import MaybeViewer
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
from loadstone.storage.identity import Language, set_language

router = APIRouter(include_in_schema=False)
_ONE_YEAR_S = 31_536_000


def _login_page(
    request: Request, context: AppContext, target: str, refusal: LoginRefusedError | None = None
) -> Response:
    frame = Frame(request, None)
    message = None
    if refusal is not None and refusal.wait_s:
        message = frame.t("login.wait", span=frame.f.span(timedelta(seconds=refusal.wait_s)))
    elif refusal is not None:
        message = frame.t("login.wrong")
    demo_users = context.demo.users if context.demo else ()
    status = 200 if refusal is None else 429 if refusal.wait_s else 401
    headers = {"Retry-After": str(refusal.wait_s)} if refusal and refusal.wait_s else None
    return frame.page(
        "login.html", status=status, headers=headers, target=target, message=message,
        demo_users=demo_users,
    )  # fmt: skip


@router.get("/login")
def login_page(
    request: Request, context: Context, viewer: MaybeViewer, next: str = "/"
) -> Response:
    """The form; whoever is signed in already is sent on."""
    if viewer is not None:
        return RedirectResponse(safe_next(next), status_code=303)
    return _login_page(request, context, safe_next(next))


@router.post("/login")
def log_in(
    request: Request,
    context: Context,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Open a session, or show the form again with a message that tells nobody which part failed."""
    check_same_origin(request)
    address = request.client.host if request.client else ""
    try:
        user_id = check_password(context, name, password, address)
    except LoginRefusedError as refusal:
        return _login_page(request, context, safe_next(next), refusal)
    response = RedirectResponse(safe_next(next), status_code=303)
    open_session(context, user_id, response)
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
        with context.writing() as connection:
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
