"""The second step of signing in: an app's code or a recovery code, and setting the app up."""

from __future__ import annotations

from typing import Annotated, Literal

import segno
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.context import AppContext, Context
from api.identity import actor_of, address_of
from api.pages.frame import Frame
from api.pages.login import refusal_headers, refusal_text
from api.sessions import (
    LoginRefusedError,
    check_same_origin,
    close_half,
    half_session,
    open_session,
    safe_next,
    trying,
)
from loadstone.domain.one_time_code import enrolment_uri, shown_secret
from loadstone.storage.identity import KnownUser, LoginMethod
from loadstone.storage.second_step import (
    Totp,
    begin_totp,
    confirm_totp,
    take_code,
    use_recovery_code,
)

router = APIRouter(include_in_schema=False)
_ISSUER = "Loadstone"
_Code = Annotated[str, Form(max_length=60)]
_Next = Annotated[str, Form(max_length=2000)]


def key_picture(totp: Totp, user_name: str) -> tuple[str, str]:
    """The QR code as the address of an SVG picture, and the same to type, in groups of four."""
    uri = enrolment_uri(totp.secret, user_name, _ISSUER)
    picture = segno.make(uri, error="m").svg_data_uri(scale=4, border=4, light="#fff")
    plain = shown_secret(totp.secret)
    return picture, " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def throttled_name(name: str) -> str:
    """The second step is counted apart: a right password must not forgive wrong codes."""
    return f"{name}\x00second step"


@router.get("/login/code")
def ask_code(request: Request, context: Context, next: str = "/") -> Response:
    """The form for the code."""
    user = half_session(context, request, "code")
    return _code_form(request, safe_next(next)) if user else _again(next)


@router.post("/login/code")
def give_code(request: Request, context: Context, code: _Code = "", next: _Next = "/") -> Response:
    """Open the session where the code is the app's, or an unused recovery code."""
    check_same_origin(request)
    user = half_session(context, request, "code")
    if user is None:
        return _again(next)
    try:
        method = _checked(request, context, user, code)
    except LoginRefusedError as refusal:
        message = refusal_text(Frame(request, None), refusal, "second.wrong")
        return _code_form(request, safe_next(next), message, refusal)
    response = RedirectResponse(safe_next(next), status_code=303)
    actor = actor_of(request, context, user.name, user.user_id)
    open_session(context, user.user_id, response, actor=actor, method=method)
    close_half(context, request, response)
    return response


def _checked(
    request: Request, context: AppContext, user: KnownUser, code: str
) -> Literal["totp", "recovery"]:
    name, agent = throttled_name(user.name), request.headers.get("user-agent")
    method: Literal["totp", "recovery"] = "totp"
    with trying(context, name, address_of(request), agent) as attempt:
        with context.writing() as connection:
            fits = take_code(connection, user.user_id, code, context.now())
            if not fits and use_recovery_code(connection, user.user_id, code, context.now()):
                fits, method = True, "recovery"
        if fits:
            attempt.succeeded(user.user_id)
    return method


def _code_form(
    request: Request,
    target: str,
    message: str | None = None,
    refusal: LoginRefusedError | None = None,
) -> Response:
    status = 200 if refusal is None else 429 if refusal.wait_s else 401
    return Frame(request, None).page(
        "login_code.html", status=status, headers=refusal_headers(refusal), target=target,
        message=message,
    )  # fmt: skip


@router.get("/login/enrol")
def show_key(request: Request, context: Context, next: str = "/") -> Response:
    """The key to set up an app with, for those whose role must have one."""
    user = half_session(context, request, "enrol")
    return _key_form(request, context, user, safe_next(next)) if user else _again(next)


@router.post("/login/enrol")
def confirm_key(
    request: Request, context: Context, code: _Code = "", next: _Next = "/"
) -> Response:
    """Put the app in force with a code of it, open the session, and show the recovery codes."""
    check_same_origin(request)
    user = half_session(context, request, "enrol")
    if user is None:
        return _again(next)
    actor = actor_of(request, context, user.name, user.user_id)
    codes: list[str] | None = None
    name, agent = throttled_name(user.name), request.headers.get("user-agent")
    try:
        with trying(context, name, address_of(request), agent) as attempt:
            with context.writing(actor) as connection:
                codes = confirm_totp(connection, user.user_id, code, context.now())
            if codes:
                attempt.succeeded(user.user_id)
    except LoginRefusedError as refusal:
        message = refusal_text(Frame(request, None), refusal, "second.wrong")
        return _key_form(request, context, user, safe_next(next), message, refusal)
    response = Frame(request, None).page("recovery_codes.html", codes=codes, target=safe_next(next))
    method: LoginMethod = "totp"
    open_session(context, user.user_id, response, actor=actor, method=method)
    close_half(context, request, response)
    return response


def _key_form(
    request: Request,
    context: AppContext,
    user: KnownUser,
    target: str,
    message: str | None = None,
    refusal: LoginRefusedError | None = None,
) -> Response:
    with context.writing() as connection:
        totp = begin_totp(connection, user.user_id, context.now())
    picture, secret = key_picture(totp, user.name)
    status = 200 if refusal is None else 429 if refusal.wait_s else 401
    return Frame(request, None).page(
        "login_enrol.html", status=status, headers=refusal_headers(refusal), target=target,
        message=message, picture=picture, secret=secret,
    )  # fmt: skip


def _again(target: str) -> Response:
    return RedirectResponse("/login?next=" + safe_next(target), status_code=303)
