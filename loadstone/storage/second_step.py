"""The second step of logging in: authenticator apps, and recovery codes for when one is lost."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from loadstone.domain.one_time_code import fitting_step
from loadstone.storage.tokens import secret_hash

_SECRET_BYTES = 20
RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Totp:
    """The secret that a user's app shares with us; counts from `confirmed_at` on."""

    secret: bytes = field(repr=False)
    confirmed_at: datetime | None
    last_step: int


_BEGIN = """
INSERT INTO core.totp AS t (user_id, secret, created_at) VALUES (%s, %s, %s)
ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at
WHERE t.confirmed_at IS NULL AND t.created_at < excluded.created_at - interval '1 hour'
"""
_TOTP = "SELECT secret, confirmed_at, last_step FROM core.totp WHERE user_id = %s FOR UPDATE"


def totp_of(connection: psycopg.Connection, user_id: int) -> Totp | None:
    """The user's app, confirmed or not; locked, so that two logins cannot take one code."""
    return connection.cursor(row_factory=class_row(Totp)).execute(_TOTP, [user_id]).fetchone()


def begin_totp(connection: psycopg.Connection, user_id: int, now: datetime) -> Totp:
    """The secret to enrol with: the one begun within the last hour, else a new one."""
    connection.execute(_BEGIN, [user_id, secrets.token_bytes(_SECRET_BYTES), now])
    begun = totp_of(connection, user_id)
    assert begun is not None  # noqa: S101 - there is one now
    return begun


_TAKE_STEP = "UPDATE core.totp SET last_step = %s WHERE user_id = %s"


def take_code(connection: psycopg.Connection, user_id: int, code: str, now: datetime) -> bool:
    """Whether the code is the app's and was not used before; it is used up by that."""
    totp = totp_of(connection, user_id)
    if totp is None or len(code) > 20:
        return False
    step = fitting_step(totp.secret, code, now, totp.last_step)
    if step is None:
        return False
    connection.execute(_TAKE_STEP, [step, user_id])
    return True


_CONFIRM = "UPDATE core.totp SET confirmed_at = %s WHERE user_id = %s AND confirmed_at IS NULL"


def confirm_totp(
    connection: psycopg.Connection, user_id: int, code: str, now: datetime
) -> list[str] | None:
    """Put the app in force with a code of it; returns recovery codes, None for a wrong code."""
    if not take_code(connection, user_id, code, now):
        return None
    connection.execute(_CONFIRM, [now, user_id])
    return new_recovery_codes(connection, user_id)


_DROP = "DELETE FROM core.totp WHERE user_id = %s"
_DROP_CODES = "DELETE FROM core.recovery_code WHERE user_id = %s"


def drop_totp(connection: psycopg.Connection, user_id: int) -> None:
    """Forget the app and its recovery codes."""
    connection.execute(_DROP, [user_id])
    connection.execute(_DROP_CODES, [user_id])


_PUT_CODES = "INSERT INTO core.recovery_code (user_id, code_hash) SELECT %s, unnest(%s::bytea[])"


def new_recovery_codes(connection: psycopg.Connection, user_id: int) -> list[str]:
    """Ten new codes of 80 bits, each good once; the old ones are void. Shown now or never."""
    codes = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    connection.execute(_DROP_CODES, [user_id])
    connection.execute(_PUT_CODES, [user_id, [secret_hash(code) for code in codes]])
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


_USE_CODE = """
UPDATE core.recovery_code SET used_at = %s
WHERE user_id = %s AND code_hash = %s AND used_at IS NULL
"""


def use_recovery_code(
    connection: psycopg.Connection, user_id: int, code: str, now: datetime
) -> bool:
    """Whether this is one of the user's unused codes; it is used up by that."""
    plain = code.replace("-", "").replace(" ", "").upper()
    values = [now, user_id, secret_hash(plain[:100])]
    return connection.execute(_USE_CODE, values).rowcount > 0


_CODES_LEFT = "SELECT count(*) FROM core.recovery_code WHERE user_id = %s AND used_at IS NULL"


def recovery_codes_left(connection: psycopg.Connection, user_id: int) -> int:
    """How many recovery codes the user has not used."""
    row = connection.execute(_CODES_LEFT, [user_id]).fetchone()
    return int(row[0]) if row else 0
