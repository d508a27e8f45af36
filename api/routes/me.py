"""Who asks: rights, language, password, sessions."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request, Response

from api.context import AppContext, Context
from api.errors import not_found, refused
from api.identity import SignedIn, Viewer, address_of
from api.lookup import RowId
from api.models.identity import (
    Me,
    MeBody,
    OwnPasswordBody,
    ScopeAnswer,
    SessionAnswer,
    SessionList,
)
from api.sessions import LoginRefusedError, trying
from api.user_changes import check_by_person, check_new_password, note_password
from loadstone.domain.permissions import PERMISSIONS
from loadstone.storage.credentials import end_one_session, list_sessions
from loadstone.storage.identity import set_language, user_by_id
from loadstone.storage.passwords import password_fits
from loadstone.storage.scopes import scope_of
from loadstone.storage.users import set_password

router = APIRouter(tags=["users"])


@router.get("/me")
def me(context: Context, viewer: SignedIn) -> Me:
    """Who the credentials are of, what they see and what they may do."""
    return _me(context, viewer, viewer.language)


@router.put("/me")
def change_me(context: Context, viewer: SignedIn, body: MeBody) -> Me:
    """Choose the language of the pages and of refusals."""
    with context.writing(viewer.actor) as connection:
        set_language(connection, viewer.user_id, body.language)
    return _me(context, viewer, body.language)


@router.post("/me/password", status_code=204)
def change_password(
    request: Request, context: Context, viewer: SignedIn, body: OwnPasswordBody
) -> Response:
    """Change one's own password; ends all other sessions."""
    check_by_person(viewer)
    replace_own_password(request, context, viewer, body.current_password, body.password)
    return Response(status_code=204)


def replace_own_password(
    request: Request, context: AppContext, viewer: Viewer, current: str, new: str
) -> None:
    """Check the current password, slowly for who guesses, and set the new one."""
    check_new_password("password", new, viewer.name)
    agent = request.headers.get("user-agent")
    try:
        with trying(context, viewer.name, address_of(request), agent) as attempt:
            with context.inside() as connection:
                user = user_by_id(connection, viewer.user_id)
            if user is not None and password_fits(user.password_hash, current):
                attempt.succeeded(user.user_id)
    except LoginRefusedError as error:
        rule = f"wait {error.wait_s} s and try again" if error.wait_s else "is wrong"
        raise refused("current_password", None, rule) from error
    with context.writing(viewer.actor) as connection:
        set_password(connection, viewer.user_id, new, context.now(), keep_session=viewer.session_id)
        note_password(connection, viewer.name, by_owner=True)


@router.get("/me/sessions")
def sessions(context: Context, viewer: SignedIn) -> SessionList:
    """Where one is signed in, the last used first."""
    with context.inside() as connection:
        rows = list_sessions(connection, viewer.user_id, context.now())
    return SessionList(
        data=[
            SessionAnswer(**asdict(row), current=row.session_id == viewer.session_id)
            for row in rows
        ]
    )


@router.delete("/me/sessions/{session_id}", status_code=204)
def end_session(context: Context, viewer: SignedIn, session_id: RowId) -> Response:
    """End one of one's own sessions, wherever it is."""
    with context.writing(viewer.actor) as connection:
        if not end_one_session(connection, viewer.user_id, session_id):
            raise not_found("session", session_id)
    return Response(status_code=204)


def _me(context: AppContext, viewer: Viewer, language: str) -> Me:
    with context.inside() as connection:
        user = user_by_id(connection, viewer.user_id)
        scope = scope_of(connection, viewer.database_role)
    seen = ScopeAnswer(
        sees=scope.sees if scope else viewer.sees,
        customer_ids=list(scope.customer_ids) if scope else [],
        site_ids=list(scope.site_ids) if scope else [],
    )
    return Me(
        user_id=viewer.user_id,
        name=viewer.name,
        display_name=viewer.display_name,
        role=viewer.role,
        language="zh" if language == "zh" else "en",
        access=viewer.access,
        permissions=[p for p in PERMISSIONS if viewer.may(p)],
        scope=seen,
        has_totp=bool(user and user.has_totp),
        token_id=viewer.token_id,
    )
