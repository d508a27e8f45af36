"""Single sign-on: away to the provider, and back."""

from __future__ import annotations

import secrets
from datetime import timedelta

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.context import AppContext, Context
from api.errors import not_found
from api.identity import actor_of
from api.pages.frame import Frame
from api.pages.login import login_form
from api.sessions import open_session, safe_next
from api.sso import Identity, SingleSignOn
from api.sso_http import ProviderError
from loadstone.storage.audit import note
from loadstone.storage.identity import user_by_id
from loadstone.storage.single_sign_on import begin_attempt, take_attempt, user_of_identity

router = APIRouter(include_in_schema=False)
_LOG = structlog.get_logger()
_COOKIE = "loadstone_sso"
_TAKES_AT_MOST = timedelta(minutes=10)


def _provider(context: AppContext) -> SingleSignOn:
    if context.sso is None:
        raise not_found("page", "/login/sso")
    return context.sso


@router.get("/login/sso")
def go_to_provider(request: Request, context: Context, next: str = "/") -> Response:
    """Send the browser to the provider, with a secret to come back with."""
    now = context.now()
    try:
        address, attempt = _provider(context).begin(safe_next(next), now)
    except ProviderError as error:
        return _failed(request, context, error)
    secret = secrets.token_urlsafe(32)
    with context.writing() as connection:
        begin_attempt(connection, secret, attempt, now, now + _TAKES_AT_MOST)
    response = RedirectResponse(address, status_code=303)
    response.set_cookie(
        _COOKIE, secret, max_age=int(_TAKES_AT_MOST.total_seconds()), path="/login/sso",
        secure=context.cookie_secure, httponly=True, samesite="lax",
    )  # fmt: skip
    return response


@router.get("/login/sso/callback")
def come_back(request: Request, context: Context) -> Response:
    """Open a session for the user whom the provider vouches for; nobody is made a user by it."""
    provider = _provider(context)
    with context.writing() as connection:
        attempt = take_attempt(connection, request.cookies.get(_COOKIE, ""), context.now())
    if attempt is None:
        return _failed(request, context, ProviderError("this browser began no login"))
    try:
        identity = provider.finish(attempt, dict(request.query_params), context.now())
    except ProviderError as error:
        return _failed(request, context, error)
    user_id = _user_of(request, context, identity)
    if user_id is None:
        return _unknown(request, context, identity)
    response = RedirectResponse(attempt.next_path, status_code=303)
    with context.writing() as connection:
        user = user_by_id(connection, user_id)
    name = user.name if user else ""
    actor = actor_of(request, context, name, user_id)
    open_session(context, user_id, response, actor=actor, method="sso")
    response.delete_cookie(_COOKIE, path="/login/sso")
    return response


def _user_of(request: Request, context: AppContext, identity: Identity) -> int | None:
    actor = actor_of(request, context, "single sign-on", None)
    with context.writing(actor) as connection:
        return user_of_identity(
            connection, identity.issuer, identity.subject, identity.email, context.now()
        )


def _failed(request: Request, context: AppContext, error: ProviderError) -> Response:
    _LOG.warning("sso_failed", reason=str(error))
    message = Frame(request, None).t("login.sso_failed")
    return login_form(request, context, "/", message=message, status=401)


def _unknown(request: Request, context: AppContext, identity: Identity) -> Response:
    _LOG.warning("sso_user_unknown", subject=identity.subject)
    with context.writing(actor_of(request, context, "nobody", None)) as connection:
        subject = identity.email or identity.subject[:100]
        note(connection, "login.failed", kind="session", subject=subject, after={"method": "sso"})
    message = Frame(request, None).t("login.sso_unknown")
    return login_form(request, context, "/", message=message, status=401)
