"""The rules by which users and their tokens are changed, for the API and the pages alike."""

from __future__ import annotations

from api.errors import ProblemError, refused
from api.identity import Viewer
from api.models.identity import NewUserBody, TokenBody, UserBody
from loadstone.domain.password_rule import password_fault
from loadstone.domain.permissions import Role
from loadstone.domain.scope import Scope
from loadstone.storage.audit import note
from loadstone.storage.credentials import TokenRow, find_token, token_id_of
from loadstone.storage.identity import create_token, put_user
from loadstone.storage.read_only import Connection
from loadstone.storage.scopes import create_role, unknown_ids
from loadstone.storage.users import (
    UserRow,
    admin_count,
    email_taken,
    enable_user,
    find_user,
    set_email,
)


def add_user(connection: Connection, viewer: Viewer, body: NewUserBody) -> None:
    """Add a user; refuses a name that is taken."""
    if find_user(connection, body.name, viewer.actor.at) is not None or body.name.isdecimal():
        raise refused("name", body.name, "must be new, and not a number alone")
    if body.password is not None:
        check_new_password("password", body.password, body.name)
    _put(connection, viewer, body.name, body, body.password)


def change_user(connection: Connection, viewer: Viewer, row: UserRow, body: UserBody) -> None:
    """Change a user; refuses to shut out oneself or the last who could manage users."""
    if row.user_id == viewer.user_id and (
        body.role != row.role or not body.enabled or body.scope.sees != row.sees
    ):
        raise refused("name", row.name, "must be somebody else: nobody changes their own rights")
    _put(connection, viewer, row.name, body, None)
    if admin_count(connection) == 0:
        raise refused("role", body.role, "must leave an administrator who sees everything")


def _put(
    connection: Connection, viewer: Viewer, name: str, body: UserBody, password: str | None
) -> None:
    scope = body.scope.scope()
    check_scope(connection, scope, body.role)
    if body.email is not None and email_taken(connection, body.email, name):
        raise refused("email", body.email, "must not be another user's")
    put_user(
        connection,
        name=name,
        display_name=body.display_name,
        role=body.role,
        password=password,
        language=body.language,
        scope=scope,
        email=body.email,
    )
    row = find_user(connection, name, viewer.actor.at)
    if row is None:
        raise LookupError(name)
    if row.email != body.email:
        set_email(connection, row.user_id, body.email)
    enable_user(connection, row, viewer.actor.at, enabled=body.enabled)


def check_scope(connection: Connection, scope: Scope, role: Role | None = None) -> None:
    """Refuse a scope that names what does not exist, or is wider than its role may have."""
    if role == "facility_manager" and scope.sees == "all":
        raise refused("scope.sees", scope.sees, "must be customers or sites for this role")
    unknown = unknown_ids(connection, scope)
    if unknown:
        raise refused(f"scope.{scope.sees[:-1]}_ids", unknown[0], "must be an id that exists")


def check_new_password(field: str, password: str, user_name: str) -> None:
    """Refuse a password that breaks the rule; it is never shown."""
    fault = password_fault(password, user_name)
    if fault:
        raise refused(field, None, fault)


def check_by_person(viewer: Viewer) -> None:
    """Refuse a token what would let it outlive itself or see more: 403."""
    if viewer.token_id is not None:
        raise ProblemError(
            status=403, detail="Sign in for this: an API token makes and changes no credentials."
        )


def make_token(connection: Connection, viewer: Viewer, body: TokenBody) -> tuple[TokenRow, str]:
    """Make a token of the viewer's; returns it and its secret."""
    if body.expires_at is not None and body.expires_at <= viewer.actor.at:
        raise refused("expires_at", body.expires_at.isoformat(), "must lie in the future")
    database_role = None
    if body.scope is not None and body.scope.sees != "all":
        scope = body.scope.scope()
        check_scope(connection, scope)
        database_role = create_role(connection, scope, within=viewer.database_role)
    secret = create_token(
        connection,
        viewer.user_id,
        body.name,
        body.expires_at,
        access=body.access,
        database_role=database_role,
    )
    row = find_token(connection, viewer.user_id, token_id_of(connection, secret))
    if row is None:
        raise LookupError("the token that was just made")
    return row, secret


def note_password(connection: Connection, user: str, *, by_owner: bool) -> None:
    """Write down that a password was changed, and by whom."""
    action = "password.change" if by_owner else "password.reset"
    note(connection, action, kind="user", subject=user)
