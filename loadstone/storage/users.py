"""Users as those see them who manage them: listed, changed, disabled; with their scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.domain.permissions import Role
from loadstone.domain.scope import Sees
from loadstone.storage.identity import Language
from loadstone.storage.passwords import hash_password
from loadstone.storage.scopes import enable_role


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """A user, with the codes of what is seen."""

    user_id: int
    name: str
    display_name: str
    role: Role
    language: Language
    email: str | None
    database_role: str
    sees: Sees
    customer_ids: list[int]
    site_ids: list[int]
    seen_codes: list[str]
    has_password: bool
    has_totp: bool
    sso_issuers: list[str]
    tokens: int
    created_at: datetime
    last_login_at: datetime | None
    password_changed_at: datetime | None
    disabled_at: datetime | None


_USERS = """
SELECT u.user_id, u.name, u.display_name, u.role, u.language, u.email, u.database_role, r.sees,
    ARRAY(SELECT c.customer_id FROM core.viewer_customer c
          WHERE c.role_name = u.database_role ORDER BY 1) AS customer_ids,
    ARRAY(SELECT s.site_id FROM core.viewer_site s
          WHERE s.role_name = u.database_role ORDER BY 1) AS site_ids,
    ARRAY(SELECT k.code FROM core.viewer_customer c JOIN core.customer k USING (customer_id)
          WHERE c.role_name = u.database_role
          UNION ALL SELECT k.code FROM core.viewer_site s JOIN core.site k USING (site_id)
          WHERE s.role_name = u.database_role ORDER BY 1) AS seen_codes,
    u.password_hash IS NOT NULL AS has_password,
    EXISTS (SELECT FROM core.totp t WHERE t.user_id = u.user_id AND t.confirmed_at IS NOT NULL)
        AS has_totp,
    ARRAY(SELECT i.issuer FROM core.sso_identity i WHERE i.user_id = u.user_id ORDER BY 1)
        AS sso_issuers,
    (SELECT count(*) FROM core.api_token t WHERE t.user_id = u.user_id AND t.revoked_at IS NULL
        AND coalesce(t.expires_at > %(now)s, true))::int AS tokens,
    u.created_at, u.last_login_at, u.password_changed_at, u.disabled_at
FROM core.app_user u JOIN core.viewer_role r ON r.role_name = u.database_role
"""
_USER_PAGE = (
    _USERS
    + """WHERE u.user_id > %(after)s
AND (%(role)s::text IS NULL OR u.role = %(role)s)
AND (%(enabled)s::boolean IS NULL OR (u.disabled_at IS NULL) = %(enabled)s)
ORDER BY u.user_id LIMIT %(most)s"""
)
_USER_ONE = (
    _USERS
    + """WHERE u.user_id = %(id)s::int OR u.name = %(name)s
ORDER BY coalesce(u.user_id = %(id)s, false) DESC LIMIT 1"""
)


def list_users(
    connection: psycopg.Connection,
    now: datetime,
    *,
    after: int = 0,
    most: int,
    role: Role | None = None,
    enabled: bool | None = None,
) -> list[UserRow]:
    """Users by id, disabled ones too."""
    values = {"now": now, "after": after, "most": most, "role": role, "enabled": enabled}
    return connection.cursor(row_factory=class_row(UserRow)).execute(_USER_PAGE, values).fetchall()


def find_user(connection: psycopg.Connection, reference: str, now: datetime) -> UserRow | None:
    """The user of this id or name, disabled or not."""
    as_id = int(reference) if reference.isdecimal() and len(reference) < 10 else None
    values = {"now": now, "id": as_id, "name": reference}
    return connection.cursor(row_factory=class_row(UserRow)).execute(_USER_ONE, values).fetchone()


_EMAIL_TAKEN = """
SELECT EXISTS (SELECT FROM core.app_user WHERE lower(email) = lower(%s) AND name <> %s)
"""


def email_taken(connection: psycopg.Connection, email: str, name: str) -> bool:
    """Whether somebody other than the user of this name has this address."""
    row = connection.execute(_EMAIL_TAKEN, [email, name]).fetchone()
    return bool(row and row[0])


_SET_EMAIL = "UPDATE core.app_user SET email = %s WHERE user_id = %s"


def set_email(connection: psycopg.Connection, user_id: int, email: str | None) -> None:
    """Set or take away the address by which a provider's user is recognised."""
    connection.execute(_SET_EMAIL, [email, user_id])


_ENABLE = """
UPDATE core.app_user SET disabled_at = CASE WHEN %(enabled)s THEN NULL ELSE %(now)s END
WHERE user_id = %(user_id)s AND (disabled_at IS NULL) <> %(enabled)s
"""


def enable_user(
    connection: psycopg.Connection, user: UserRow, now: datetime, *, enabled: bool
) -> None:
    """Let a user in again, or end sessions and tokens at once; nothing of the user is deleted."""
    values = {"enabled": enabled, "now": now, "user_id": user.user_id}
    connection.execute(_ENABLE, values)
    enable_role(connection, user.database_role, enabled=enabled)
    if not enabled:
        end_sessions(connection, user.user_id)


_SET_PASSWORD = """
UPDATE core.app_user SET password_hash = %s, password_changed_at = %s WHERE user_id = %s
"""  # noqa: S105 - a query


def set_password(
    connection: psycopg.Connection,
    user_id: int,
    password: str,
    now: datetime,
    *,
    keep_session: int | None = None,
) -> None:
    """Change the password and end all sessions but one: who knew the old one is thrown out."""
    connection.execute(_SET_PASSWORD, [hash_password(password), now, user_id])
    end_sessions(connection, user_id, keep=keep_session)


_END_SESSIONS = """
DELETE FROM core.web_session WHERE user_id = %s AND session_id IS DISTINCT FROM %s
"""


def end_sessions(connection: psycopg.Connection, user_id: int, *, keep: int | None = None) -> None:
    """End the sessions of a user, all but `keep`."""
    connection.execute(_END_SESSIONS, [user_id, keep])


_ADMINS = """
SELECT count(*) FROM core.app_user u JOIN core.viewer_role r ON r.role_name = u.database_role
WHERE u.role = 'admin' AND u.disabled_at IS NULL AND r.sees = 'all'
"""


def admin_count(connection: psycopg.Connection) -> int:
    """How many can still manage users; a change that leaves none is to be refused."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('loadstone.admins'))")
    row = connection.execute(_ADMINS).fetchone()
    return int(row[0]) if row else 0


_CHANGE_ROLE = "UPDATE core.app_user SET role = %s WHERE user_id = %s"


def change_role(connection: psycopg.Connection, user_id: int, role: Role) -> None:
    """Give a user another role."""
    connection.execute(_CHANGE_ROLE, [role, user_id])
