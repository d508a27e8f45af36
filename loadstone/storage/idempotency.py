"""Answers to changes that may be sent again: found by the name that their sender gave them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg import errors
from psycopg.rows import class_row

LIFETIME = timedelta(hours=24)


class RequestUnderWayError(Exception):
    """The first request of this name is still being worked on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierAnswer:
    """What was answered to the first request of this name."""

    request_hash: bytes
    status: int
    body: bytes


def key_hash(user_id: int, key: str) -> bytes:
    """How a user's key is stored."""
    return hashlib.sha256(f"{user_id}\n{key}".encode()).digest()


_FORGET = "DELETE FROM core.idempotency_key WHERE key_hash = %s AND expires_at <= %s"
_WAIT = "SELECT set_config('lock_timeout', '5s', true)"
_CLAIM = """
INSERT INTO core.idempotency_key (key_hash, request_hash, expires_at) VALUES (%s, %s, %s)
ON CONFLICT (key_hash) DO NOTHING
"""
_EARLIER = "SELECT request_hash, status, body FROM core.idempotency_key WHERE key_hash = %s"


def claim_key(
    connection: psycopg.Connection, key: bytes, request_hash: bytes, now: datetime
) -> EarlierAnswer | None:
    """Take a key in this transaction, or return what was answered to it before.

    Waits for another transaction that has taken it; raises RequestUnderWayError after 5 s.
    """
    connection.execute(_FORGET, [key, now])
    connection.execute(_WAIT)
    try:
        claimed = connection.execute(_CLAIM, [key, request_hash, now + LIFETIME]).rowcount
    except errors.LockNotAvailable as error:
        raise RequestUnderWayError from error
    if claimed:
        return None
    cursor = connection.cursor(row_factory=class_row(EarlierAnswer))
    return cursor.execute(_EARLIER, [key]).fetchone()


_KEEP = "UPDATE core.idempotency_key SET status = %s, body = %s WHERE key_hash = %s"


def keep_answer(connection: psycopg.Connection, key: bytes, status: int, body: bytes) -> None:
    """Keep what was answered, with the change itself."""
    connection.execute(_KEEP, [status, body, key])


_EXPIRED = "DELETE FROM core.idempotency_key WHERE expires_at <= %s"


def forget_expired(connection: psycopg.Connection, now: datetime) -> int:
    """Let go of the answers that nobody will ask for; returns how many."""
    return connection.execute(_EXPIRED, [now]).rowcount
