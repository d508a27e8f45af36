"""Codes of authenticator apps: RFC 6238 with SHA-1, 6 digits, steps of 30 s, as all know them."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_S = 30
DIGITS = 6
# A phone's clock may be one step off; a code is good for a minute and a half.
_STEPS_OFF = 1


def step_at(now: datetime) -> int:
    """The number of the 30-s step since 1970."""
    return int(now.timestamp()) // STEP_S


def code_of(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def fitting_step(secret: bytes, code: str, now: datetime, last_step: int) -> int | None:
    """The step whose code this is, if it is about now and after `last_step`; else None."""
    given = "".join(code.split()).encode()
    fitting = None
    for step in range(step_at(now) - _STEPS_OFF, step_at(now) + _STEPS_OFF + 1):
        fits = hmac.compare_digest(code_of(secret, step).encode(), given)
        if fits and step > last_step:
            fitting = step
    return fitting


def shown_secret(secret: bytes) -> str:
    """The secret as base32, for typing it into an app."""
    return base64.b32encode(secret).decode().rstrip("=")


def enrolment_uri(secret: bytes, user_name: str, issuer: str) -> str:
    """The otpauth:// address that an app reads from a QR code."""
    label = quote(f"{issuer}:{user_name}")
    query = urlencode(
        {"secret": shown_secret(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_S},
        quote_via=quote,
    )
    return f"otpauth://totp/{label}?{query}"
