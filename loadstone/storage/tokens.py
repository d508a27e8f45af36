"""Secrets that people and programs hold, of which the database knows the SHA-256 only."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_PREFIX = "lst_"  # noqa: S105 - tells a leaked token from other text, opens nothing


def new_secret(prefix: str = "") -> str:
    """256 random bits as URL-safe text; unguessable, so a fast hash of it is enough."""
    return prefix + secrets.token_urlsafe(32)


def secret_hash(secret: str) -> bytes:
    """What is stored of a secret, 32 bytes."""
    return hashlib.sha256(secret.encode()).digest()
