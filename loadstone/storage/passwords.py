"""Passwords at rest: argon2id, and nothing that could be turned back."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


@cache
def _nobody() -> str:
    """The hash of nobody's password: an unknown user costs as much time as a known one."""
    return _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The argon2id hash of a password, with its salt and cost in it."""
    return _HASHER.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; without a hash the same work is done and the answer is no."""
    try:
        _HASHER.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
