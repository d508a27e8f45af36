"""Users, for those who manage them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.changes import Changing
from api.context import Context
from api.errors import not_found
from api.etags import tagged
from api.fast_json import FastJson
from api.list_parameters import Paging
from api.lookup import Reference
from api.models.fields import Page
from api.models.identity import (
    NewUserBody,
    PasswordBody,
    ScopeAnswer,
    UserAnswer,
    UserBody,
)
from api.paging import page_of
from api.roles import UserAdmin, UserReader
from api.user_changes import (
    add_user,
    change_user,
    check_by_person,
    check_new_password,
    note_password,
)
from loadstone.domain.permissions import Role
from loadstone.storage.identity import user_by_id
from loadstone.storage.read_only import Connection
from loadstone.storage.second_step import drop_totp
from loadstone.storage.users import UserRow, find_user, list_users, set_password

router = APIRouter(tags=["users"])


class UsersWanted(Paging):
    """Which users."""

    role: Role | None = None
    enabled: bool | None = None


@router.get("/users", response_model=Page[UserAnswer])
def users(
    context: Context, viewer: UserReader, wanted: Annotated[UsersWanted, Query()]
) -> Response:
    """Users by id, disabled ones too."""
    part = wanted.part("user_id")
    with context.inside() as connection:
        rows = list_users(
            connection,
            context.now(),
            after=part.after[1] if part.after else 0,
            most=part.most,
            role=wanted.role,
            enabled=wanted.enabled,
        )
    page = page_of(rows, wanted.limit, "user_id", "user_id")
    page["data"] = [answered(row) for row in page["data"]]
    return FastJson(page)


@router.get("/users/{reference}", response_model=UserAnswer)
def user(context: Context, viewer: UserReader, reference: Reference) -> Response:
    """One user by id or name."""
    with context.inside() as connection:
        row = the_user(connection, reference, viewer.actor.at)
    return tagged(answered(row))


@router.post("/users", status_code=201, response_model=UserAnswer)
def add(viewer: UserAdmin, body: NewUserBody, change: Changing) -> Response:
    """Add a user."""

    def work(connection: Connection) -> object:
        add_user(connection, viewer, body)
        return answered(the_user(connection, body.name, viewer.actor.at))

    return change.perform(work, status=201)


@router.put("/users/{reference}", response_model=UserAnswer)
def replace(viewer: UserAdmin, reference: Reference, body: UserBody, change: Changing) -> Response:
    """Change a user: role, scope, language; disabling ends all sessions and tokens at once."""

    def work(connection: Connection) -> object:
        row = the_user(connection, reference, viewer.actor.at)
        change.check_match(answered(row))
        change_user(connection, viewer, row, body)
        return answered(the_user(connection, row.name, viewer.actor.at))

    return change.perform(work)


@router.post("/users/{reference}/password", status_code=204)
def reset_password(
    context: Context, viewer: UserAdmin, reference: Reference, body: PasswordBody
) -> Response:
    """Give a user a new password; ends all sessions."""
    check_by_person(viewer)
    with context.writing(viewer.actor) as connection:
        row = the_user(connection, reference, viewer.actor.at)
        check_new_password("password", body.password, row.name)
        set_password(connection, row.user_id, body.password, viewer.actor.at)
        note_password(connection, row.name, by_owner=row.user_id == viewer.user_id)
    return Response(status_code=204)


@router.delete("/users/{reference}/second-step", status_code=204)
def forget_second_step(context: Context, viewer: UserAdmin, reference: Reference) -> Response:
    """Forget a user's lost authenticator app and recovery codes."""
    check_by_person(viewer)
    with context.writing(viewer.actor) as connection:
        row = the_user(connection, reference, viewer.actor.at)
        if user_by_id(connection, row.user_id) is not None:
            drop_totp(connection, row.user_id)
    return Response(status_code=204)


def the_user(connection: Connection, reference: str, now: datetime) -> UserRow:
    """The user of this id or name, or 404."""
    row = None if "\x00" in reference else find_user(connection, reference, now)
    if row is None:
        raise not_found("user", reference)
    return row


def answered(row: UserRow) -> dict[str, object]:
    """A user as answered; told apart from the row, which knows more."""
    return UserAnswer(
        user_id=row.user_id,
        name=row.name,
        display_name=row.display_name,
        role=row.role,
        language=row.language,
        email=row.email,
        scope=ScopeAnswer(sees=row.sees, customer_ids=row.customer_ids, site_ids=row.site_ids),
        enabled=row.disabled_at is None,
        has_password=row.has_password,
        has_totp=row.has_totp,
        sso_issuers=row.sso_issuers,
        token_count=row.tokens,
        created_at=row.created_at,
        last_login_at=row.last_login_at,
        password_changed_at=row.password_changed_at,
        disabled_at=row.disabled_at,
    ).model_dump()
