"""Users, their API tokens and their sessions in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import psycopg
from psycopg.rows import class_row

from loadstone.storage.passwords import hash_password
from loadstone.storage.tokens import TOKEN_PREFIX, new_secret, secret_hash

Role = Literal["admin", "operator", "account_manager", "facility_manager", "auditor", "integrator"]
Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may look; `customer_id` None sees all customers, else that one only."""

    user_id: int
    name: str
    display_name: str
    role: Role
    language: Language
    customer_id: int | None
    password_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUser:
    """A user found by a token or a session, and until when that is good (None: for ever)."""

    user_id: int
    name: str
    display_name: str
    role: Role
    language: Language
    customer_id: int | None
    expires_at: datetime | None


_PUT_USER = """
INSERT INTO core.app_user AS u (name, display_name, role, password_hash, language, customer_id)
VALUES (%(name)s, %(display_name)s, %(role)s, %(password_hash)s, %(language)s, %(customer_id)s)
ON CONFLICT (name) DO UPDATE SET
    display_name = excluded.display_name, role = excluded.role, language = excluded.language,
    customer_id = excluded.customer_id,
    password_hash = coalesce(excluded.password_hash, u.password_hash)
RETURNING user_id
"""


def put_user(
    connection: psycopg.Connection,
    *,
    name: str,
    display_name: str,
    role: Role,
    password: str | None = None,
    language: Language = "en",
    customer_id: int | None = None,
) -> int:
    """Register a user, or change the one with this name; returns user_id.

    Without a password the old one stays; a new user without one cannot log in.
    """
    row = connection.execute(
        _PUT_USER,
        {
            "name": name,
            "display_name": display_name,
            "role": role,
            "password_hash": None if password is None else hash_password(password),
            "language": language,
            "customer_id": customer_id,
        },
    ).fetchone()
    assert row is not None  # noqa: S101 - RETURNING always gives the row
    return int(row[0])


_USER_BY_NAME = """
SELECT user_id, name, display_name, role, language, customer_id, password_hash
FROM core.app_user WHERE name = %s AND disabled_at IS NULL
"""


def user_by_name(connection: psycopg.Connection, name: str) -> User | None:
    """The user of this name who is not disabled, with the hash of the password."""
    return connection.cursor(row_factory=class_row(User)).execute(_USER_BY_NAME, [name]).fetchone()


_SET_LANGUAGE = "UPDATE core.app_user SET language = %s WHERE user_id = %s"


def set_language(connection: psycopg.Connection, user_id: int, language: Language) -> None:
    """Remember the language in which a user reads the pages."""
    connection.execute(_SET_LANGUAGE, [language, user_id])


_CREATE_TOKEN = """
INSERT INTO core.api_token (user_id, name, token_hash, expires_at) VALUES (%s, %s, %s, %s)
"""  # noqa: S105 - a query


def create_token(
    connection: psycopg.Connection, user_id: int, name: str, expires_at: datetime | None
) -> str:
    """Make an API token and return it; it cannot be had again."""
    token = new_secret(TOKEN_PREFIX)
    connection.execute(_CREATE_TOKEN, [user_id, name, secret_hash(token), expires_at])
    return token


_USER_BY_TOKEN = """
SELECT u.user_id, u.name, u.display_name, u.role, u.language, u.customer_id, t.expires_at
FROM core.api_token t JOIN core.app_user u USING (user_id)
WHERE t.token_hash = %(hash)s AND u.disabled_at IS NULL
  AND coalesce(t.expires_at > %(now)s, true)
"""  # noqa: S105 - a query

_TOUCH_TOKEN = """
UPDATE core.api_token SET last_used_at = %(now)s
WHERE token_hash = %(hash)s AND coalesce(last_used_at < %(now)s - interval '1 minute', true)
"""  # noqa: S105 - a query


def user_by_token(connection: psycopg.Connection, token: str, now: datetime) -> KnownUser | None:
    """The user of an API token that has not expired; remembers to the minute that it was used."""
    values = {"hash": secret_hash(token), "now": now}
    cursor = connection.cursor(row_factory=class_row(KnownUser))
    user = cursor.execute(_USER_BY_TOKEN, values).fetchone()
    if user is not None:
        connection.execute(_TOUCH_TOKEN, values)
    return user


_DROP_OLD_SESSIONS = "DELETE FROM core.web_session WHERE expires_at <= %s"
_CREATE_SESSION = """
INSERT INTO core.web_session (session_hash, user_id, expires_at) VALUES (%s, %s, %s)
"""


def create_session(
    connection: psycopg.Connection, user_id: int, now: datetime, lifetime: timedelta
) -> str:
    """Begin a session and return its secret; sessions that have ended are dropped on the way."""
    connection.execute(_DROP_OLD_SESSIONS, [now])
    session = new_secret()
    connection.execute(_CREATE_SESSION, [secret_hash(session), user_id, now + lifetime])
    return session


_USER_BY_SESSION = """
SELECT u.user_id, u.name, u.display_name, u.role, u.language, u.customer_id, s.expires_at
FROM core.web_session s JOIN core.app_user u USING (user_id)
WHERE s.session_hash = %s AND s.expires_at > %s AND u.disabled_at IS NULL
"""

_EXTEND_SESSION = """
UPDATE core.web_session SET expires_at = %(until)s
WHERE session_hash = %(hash)s AND expires_at < %(until)s - interval '5 minutes'
"""


def user_by_session(
    connection: psycopg.Connection, session: str, now: datetime, lifetime: timedelta
) -> KnownUser | None:
    """The user of a session that has not ended; using it moves its end, in steps of 5 minutes."""
    cursor = connection.cursor(row_factory=class_row(KnownUser))
    user = cursor.execute(_USER_BY_SESSION, [secret_hash(session), now]).fetchone()
    if user is not None:
        values = {"hash": secret_hash(session), "until": now + lifetime}
        connection.execute(_EXTEND_SESSION, values)
    return user


_END_SESSION = "DELETE FROM core.web_session WHERE session_hash = %s"


def end_session(connection: psycopg.Connection, session: str) -> None:
    """End a session now, wherever its cookie may still be."""
    connection.execute(_END_SESSION, [secret_hash(session)])
