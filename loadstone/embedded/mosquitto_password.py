"""Password hashes as mosquitto 2.0 keeps them in its password file."""

from __future__ import annotations

import base64
import hashlib
import secrets

_ALGORITHM_ID = 7  # PBKDF2 with HMAC-SHA-512
_ITERATIONS = 1_000  # about 1 ms: the broker has one thread, and all gateways reconnect at once
_SALT_BYTES = 12  # mosquitto 2.0 accepts no other length
_HASH_BYTES = 64


def mosquitto_password_hash(password: str) -> str:
    """Return `$7$iterations$salt$hash` for a line `name:hash` of mosquitto's password file."""
    salt = secrets.token_bytes(_SALT_BYTES)
    hashed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS, _HASH_BYTES)
    texts = (base64.b64encode(part).decode("ascii") for part in (salt, hashed))
    return "$".join(["", str(_ALGORITHM_ID), str(_ITERATIONS), *texts])
