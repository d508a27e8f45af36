"""Users of OpenID providers, and logins that are under way there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.storage.tokens import secret_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What a login at the provider must bring back, and where it leads."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    next_path: str


_DROP_OLD = "DELETE FROM core.sso_attempt WHERE expires_at <= %s"
_BEGIN = """
INSERT INTO core.sso_attempt (cookie_hash, state, nonce, verifier, next_path, expires_at)
VALUES (%s, %s, %s, %s, %s, %s)
"""


def begin_attempt(
    connection: psycopg.Connection, cookie: str, attempt: Attempt, now: datetime, until: datetime
) -> None:
    """Remember a login that was sent to the provider, under the secret of a browser's cookie."""
    connection.execute(_DROP_OLD, [now])
    values = [attempt.state, attempt.nonce, attempt.verifier, attempt.next_path, until]
    connection.execute(_BEGIN, [secret_hash(cookie), *values])


_TAKE = """
DELETE FROM core.sso_attempt WHERE cookie_hash = %s AND expires_at > %s
RETURNING state, nonce, verifier, next_path
"""


def take_attempt(connection: psycopg.Connection, cookie: str, now: datetime) -> Attempt | None:
    """The login that this browser was sent away with; it is answered once."""
    cursor = connection.cursor(row_factory=class_row(Attempt))
    return cursor.execute(_TAKE, [secret_hash(cookie), now]).fetchone()


_BOUND = """
SELECT u.user_id FROM core.sso_identity i JOIN core.app_user u USING (user_id)
WHERE i.issuer = %s AND i.subject = %s AND u.disabled_at IS NULL
"""
_UNBOUND = """
SELECT u.user_id FROM core.app_user u
WHERE lower(u.email) = lower(%(email)s) AND u.disabled_at IS NULL AND NOT EXISTS (
    SELECT FROM core.sso_identity i WHERE i.issuer = %(issuer)s
        AND (i.user_id = u.user_id OR i.subject = %(subject)s))
"""
_BIND = "INSERT INTO core.sso_identity (issuer, subject, user_id, bound_at) VALUES (%s, %s, %s, %s)"


def user_of_identity(
    connection: psycopg.Connection, issuer: str, subject: str, email: str | None, now: datetime
) -> int | None:
    """The user bound to this identity; else the one of the verified `email`, bound from now on.

    A user who is bound to another subject of the issuer is not found: an address that was given to
    somebody else opens nothing.
    """
    row = connection.execute(_BOUND, [issuer, subject]).fetchone()
    if row is not None:
        return int(row[0])
    if email is None:
        return None
    values = {"email": email, "issuer": issuer, "subject": subject}
    row = connection.execute(_UNBOUND, values).fetchone()
    if row is None:
        return None
    connection.execute(_BIND, [issuer, subject, row[0], now])
    return int(row[0])
