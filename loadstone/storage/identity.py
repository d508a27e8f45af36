"""Users: putting them in, and finding them by name, by token or by session."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import psycopg
from psycopg.rows import class_row

from loadstone.domain import permissions
from loadstone.domain.scope import EVERYTHING, Scope, Sees
from loadstone.storage.passwords import hash_password
from loadstone.storage.scopes import create_role, set_scope
from loadstone.storage.tokens import TOKEN_PREFIX, new_secret, secret_hash

Role = permissions.Role
Language = Literal["en", "zh"]
Access = Literal["read", "write"]
Stage = Literal["in", "code", "enrol"]
LoginMethod = Literal["password", "totp", "recovery", "sso", "demo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may log in; sees what the role `database_role` sees."""

    user_id: int
    name: str
    display_name: str
    role: Role
    language: Language
    database_role: str
    password_hash: str | None = field(repr=False)
    has_totp: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUser:
    """A user found by a token or a session, and until when that is good (None: for ever).

    `sees` is that of `database_role`, which may be narrower than the user's for a token.
    """

    user_id: int
    name: str
    display_name: str
    role: Role
    language: Language
    database_role: str
    sees: Sees
    customer_ids: list[int]
    access: Access
    expires_at: datetime | None
    session_id: int | None
    token_id: int | None


_PUT_USER = """
INSERT INTO core.app_user AS u (name, display_name, role, password_hash, language, email,
    database_role)
VALUES (%(name)s, %(display_name)s, %(role)s, %(password_hash)s, %(language)s, %(email)s,
    %(database_role)s)
ON CONFLICT (name) DO UPDATE SET
    display_name = excluded.display_name, role = excluded.role, language = excluded.language,
    email = coalesce(excluded.email, u.email),
    password_hash = coalesce(excluded.password_hash, u.password_hash)
RETURNING user_id
"""
_ROLE_OF_NAME = "SELECT database_role FROM core.app_user WHERE name = %s FOR UPDATE"


def put_user(
    connection: psycopg.Connection,
    *,
    name: str,
    display_name: str,
    role: Role,
    password: str | None = None,
    language: Language = "en",
    scope: Scope = EVERYTHING,
    email: str | None = None,
) -> int:
    """Register a user, or change the one with this name; returns user_id.

    Without a password the old one stays; a new user without one cannot log in. Raises ValueError
    for a facility manager who would see everything.
    """
    if role == "facility_manager" and scope.sees == "all":
        raise ValueError("a facility manager sees some customers or sites, never everything")
    found = connection.execute(_ROLE_OF_NAME, [name]).fetchone()
    if found is None:
        database_role = create_role(connection, scope)
    else:
        database_role = str(found[0])
        set_scope(connection, database_role, scope)
    row = connection.execute(
        _PUT_USER,
        {
            "name": name,
            "display_name": display_name,
            "role": role,
            "password_hash": None if password is None else hash_password(password),
            "language": language,
            "email": email,
            "database_role": database_role,
        },
    ).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return int(row[0])


_USER = """
SELECT user_id, name, display_name, role, language, database_role, password_hash,
    EXISTS (SELECT FROM core.totp t WHERE t.user_id = u.user_id AND t.confirmed_at IS NOT NULL)
        AS has_totp
FROM core.app_user u WHERE disabled_at IS NULL
"""
_USER_BY_NAME = _USER + "AND name = %s"
_USER_BY_ID = _USER + "AND user_id = %s"


def user_by_name(connection: psycopg.Connection, name: str) -> User | None:
    """The user of this name who is not disabled, with the hash of the password."""
    return connection.cursor(row_factory=class_row(User)).execute(_USER_BY_NAME, [name]).fetchone()


def user_by_id(connection: psycopg.Connection, user_id: int) -> User | None:
    """The user of this id who is not disabled, with the hash of the password."""
    return connection.cursor(row_factory=class_row(User)).execute(_USER_BY_ID, [user_id]).fetchone()


_SET_LANGUAGE = "UPDATE core.app_user SET language = %s WHERE user_id = %s"


def set_language(connection: psycopg.Connection, user_id: int, language: Language) -> None:
    """Remember the language in which a user reads the pages."""
    connection.execute(_SET_LANGUAGE, [language, user_id])


_CREATE_TOKEN = """
INSERT INTO core.api_token (user_id, name, token_hash, expires_at, access, database_role)
VALUES (%s, %s, %s, %s, %s, %s)
"""  # noqa: S105 - a query


def create_token(
    connection: psycopg.Connection,
    user_id: int,
    name: str,
    expires_at: datetime | None,
    *,
    access: Access = "write",
    database_role: str | None = None,
) -> str:
    """Make an API token and return it; it cannot be had again.

    With `database_role` it sees what that role sees, else what its user sees.
    """
    token = new_secret(TOKEN_PREFIX)
    values = [user_id, name, secret_hash(token), expires_at, access, database_role]
    connection.execute(_CREATE_TOKEN, values)
    return token


# What both the role and the one it is within let see.
_SEEN = """
r.role_name AS database_role,
CASE WHEN 'sites' IN (r.sees, w.sees) THEN 'sites'
     WHEN 'customers' IN (r.sees, w.sees) THEN 'customers' ELSE 'all' END AS sees,
CASE WHEN 'sites' IN (r.sees, w.sees) OR NOT 'customers' IN (r.sees, coalesce(w.sees, 'all'))
    THEN '{}' ELSE ARRAY(
        SELECT k.customer_id FROM core.customer k
        WHERE (r.sees = 'all' OR EXISTS (SELECT FROM core.viewer_customer c
                WHERE c.role_name = r.role_name AND c.customer_id = k.customer_id))
            AND (coalesce(w.sees, 'all') = 'all' OR EXISTS (SELECT FROM core.viewer_customer c
                WHERE c.role_name = w.role_name AND c.customer_id = k.customer_id)))
    END AS customer_ids
"""
_USER_BY_TOKEN = f"""
WITH found AS (
SELECT u.user_id, u.name, u.display_name, u.role, u.language, t.expires_at, t.access, t.token_id,
    NULL::int AS session_id, {_SEEN}
FROM core.api_token t JOIN core.app_user u USING (user_id)
JOIN core.viewer_role r ON r.role_name = coalesce(t.database_role, u.database_role)
LEFT JOIN core.viewer_role w ON w.role_name = r.within
WHERE t.token_hash = %(hash)s AND t.revoked_at IS NULL AND u.disabled_at IS NULL
  AND coalesce(t.expires_at > %(now)s, true)
), touched AS (
UPDATE core.api_token SET last_used_at = %(now)s
WHERE token_hash = %(hash)s AND coalesce(last_used_at < %(now)s - interval '1 minute', true)
    AND EXISTS (SELECT FROM found)
)
SELECT * FROM found
"""  # noqa: S608 - a query, of constants


def user_by_token(connection: psycopg.Connection, token: str, now: datetime) -> KnownUser | None:
    """The user of a token that is good now; notes that it was used, to the minute."""
    values = {"hash": secret_hash(token), "now": now}
    cursor = connection.cursor(row_factory=class_row(KnownUser))
    return cursor.execute(_USER_BY_TOKEN, values).fetchone()


_DROP_OLD_SESSIONS = "DELETE FROM core.web_session WHERE expires_at <= %s"
_CREATE_SESSION = """
INSERT INTO core.web_session (session_hash, user_id, created_at, last_seen_at, expires_at, stage,
    method, address, user_agent)
VALUES (%(hash)s, %(user_id)s, %(now)s, %(now)s, %(until)s, %(stage)s, %(method)s, %(address)s,
    %(user_agent)s)
"""
_LOGGED_IN = "UPDATE core.app_user SET last_login_at = %s WHERE user_id = %s"


def create_session(
    connection: psycopg.Connection,
    user_id: int,
    now: datetime,
    lifetime: timedelta,
    *,
    stage: Stage = "in",
    method: LoginMethod = "password",
    address: str | None = None,
    user_agent: str | None = None,
) -> str:
    """Begin a session and return its secret; sessions that have ended are dropped on the way."""
    connection.execute(_DROP_OLD_SESSIONS, [now])
    session = new_secret()
    connection.execute(
        _CREATE_SESSION,
        {
            "hash": secret_hash(session),
            "user_id": user_id,
            "now": now,
            "until": now + lifetime,
            "stage": stage,
            "method": method,
            "address": address,
            "user_agent": (user_agent or "")[:300] or None,
        },
    )
    if stage == "in":
        connection.execute(_LOGGED_IN, [now, user_id])
    return session


_USER_BY_SESSION = f"""
SELECT u.user_id, u.name, u.display_name, u.role, u.language, s.expires_at, 'write' AS access,
    s.session_id, NULL::int AS token_id, {_SEEN}
FROM core.web_session s JOIN core.app_user u USING (user_id)
JOIN core.viewer_role r ON r.role_name = u.database_role
LEFT JOIN core.viewer_role w ON w.role_name = r.within
WHERE s.session_hash = %s AND s.expires_at > %s AND s.stage = %s AND u.disabled_at IS NULL
"""  # noqa: S608 - of constants

_EXTEND_SESSION = """
UPDATE core.web_session SET expires_at = %(until)s, last_seen_at = %(now)s
WHERE session_hash = %(hash)s AND expires_at < %(until)s - interval '5 minutes'
"""


def user_by_session(
    connection: psycopg.Connection, session: str, now: datetime, lifetime: timedelta
) -> KnownUser | None:
    """The user of a session that has not ended; using it moves its end, in steps of 5 minutes."""
    user = user_by_stage(connection, session, now, "in")
    if user is not None:
        values = {"hash": secret_hash(session), "until": now + lifetime, "now": now}
        connection.execute(_EXTEND_SESSION, values)
    return user


def user_by_stage(
    connection: psycopg.Connection, session: str, now: datetime, stage: Stage
) -> KnownUser | None:
    """The user of a session that stands at this stage of logging in and has not ended."""
    cursor = connection.cursor(row_factory=class_row(KnownUser))
    return cursor.execute(_USER_BY_SESSION, [secret_hash(session), now, stage]).fetchone()


_END_SESSION = "DELETE FROM core.web_session WHERE session_hash = %s"


def end_session(connection: psycopg.Connection, session: str) -> None:
    """End a session now, wherever its cookie may still be."""
    connection.execute(_END_SESSION, [secret_hash(session)])
