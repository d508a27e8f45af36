"""API tokens and sessions as their owners see them: listed and ended, never shown again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.domain.scope import Sees
from loadstone.storage.identity import Access, LoginMethod
from loadstone.storage.tokens import secret_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """An API token; `sees` None means what its user sees."""

    token_id: int
    user_id: int
    user_name: str
    name: str
    access: Access
    sees: Sees | None
    customer_ids: list[int]
    site_ids: list[int]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


_TOKENS = """
SELECT t.token_id, t.user_id, u.name AS user_name, t.name, t.access, r.sees,
    ARRAY(SELECT c.customer_id FROM core.viewer_customer c
          WHERE c.role_name = t.database_role ORDER BY 1) AS customer_ids,
    ARRAY(SELECT s.site_id FROM core.viewer_site s
          WHERE s.role_name = t.database_role ORDER BY 1) AS site_ids,
    t.created_at, t.expires_at, t.last_used_at, t.revoked_at
FROM core.api_token t JOIN core.app_user u USING (user_id)
LEFT JOIN core.viewer_role r ON r.role_name = t.database_role
WHERE (%(user_id)s::int IS NULL OR t.user_id = %(user_id)s)
"""
_TOKEN_PAGE = _TOKENS + "AND t.token_id > %(after)s ORDER BY t.token_id LIMIT %(most)s"
_TOKEN_ONE = _TOKENS + "AND t.token_id = %(token_id)s"


def list_tokens(
    connection: psycopg.Connection, user_id: int | None, *, after: int = 0, most: int
) -> list[TokenRow]:
    """Tokens by id, of one user or of all; revoked and expired ones too."""
    values = {"user_id": user_id, "after": after, "most": most}
    cursor = connection.cursor(row_factory=class_row(TokenRow))
    return cursor.execute(_TOKEN_PAGE, values).fetchall()


def find_token(
    connection: psycopg.Connection, user_id: int | None, token_id: int
) -> TokenRow | None:
    """One token, of this user or of anybody."""
    values = {"user_id": user_id, "token_id": token_id}
    cursor = connection.cursor(row_factory=class_row(TokenRow))
    return cursor.execute(_TOKEN_ONE, values).fetchone()


_TOKEN_ID = "SELECT token_id FROM core.api_token WHERE token_hash = %s"  # noqa: S105 - a query


def token_id_of(connection: psycopg.Connection, token: str) -> int:
    """The id of a token that exists."""
    row = connection.execute(_TOKEN_ID, [secret_hash(token)]).fetchone()
    if row is None:
        raise LookupError("there is no such token")
    return int(row[0])


_REVOKE = """
UPDATE core.api_token SET revoked_at = %s WHERE token_id = %s AND revoked_at IS NULL
"""


def revoke_token(connection: psycopg.Connection, token_id: int, now: datetime) -> None:
    """End a token now; that it was is kept."""
    connection.execute(_REVOKE, [now, token_id])


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """Where a user is signed in."""

    session_id: int
    created_at: datetime
    last_seen_at: datetime | None
    expires_at: datetime
    method: LoginMethod
    address: str | None
    user_agent: str | None


_SESSIONS = """
SELECT session_id, created_at, last_seen_at, expires_at, method, address, user_agent
FROM core.web_session WHERE user_id = %s AND stage = 'in' AND expires_at > %s
ORDER BY last_seen_at DESC NULLS LAST, session_id DESC
"""


def list_sessions(connection: psycopg.Connection, user_id: int, now: datetime) -> list[SessionRow]:
    """The user's sessions that have not ended, the last used first."""
    cursor = connection.cursor(row_factory=class_row(SessionRow))
    return cursor.execute(_SESSIONS, [user_id, now]).fetchall()


_END = "DELETE FROM core.web_session WHERE user_id = %s AND session_id = %s"


def end_one_session(connection: psycopg.Connection, user_id: int, session_id: int) -> bool:
    """End one of the user's sessions; whether there was one."""
    return connection.execute(_END, [user_id, session_id]).rowcount > 0
