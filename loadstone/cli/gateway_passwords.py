"""Passwords of the demo's users on the broker, all made from one secret."""

from __future__ import annotations

import base64
import hashlib
import hmac


def derived_password(secret: str, name: str) -> str:
    """The password that goes with a name; the same as long as the secret is."""
    digest = hmac.new(secret.encode(), name.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()
