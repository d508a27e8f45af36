"""How a call proves that it is ours and fresh: HMAC-SHA256 over its time and its body."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

SIGNATURE_HEADER = "Loadstone-Signature"


def signature(secret: str, at: datetime, body: bytes) -> str:
    """`t=…,v1=…`: the time in epoch seconds, and the digest of `time.body` in hex."""
    stamp = int(at.timestamp())
    return f"t={stamp},v1={_digest(secret, stamp, body)}"


def _digest(secret: str, stamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def signature_fits(
    secret: str,
    given: str,
    body: bytes,
    now: datetime,
    *,
    tolerance: timedelta = timedelta(minutes=5),
) -> bool:
    """Whether a call is ours and not an old one sent again; what receivers do too."""
    parts = dict(part.partition("=")[::2] for part in given.split(","))
    stamp = parts.get("t", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    if abs(now.timestamp() - int(stamp)) > tolerance.total_seconds():
        return False
    expected = _digest(secret, int(stamp), body)
    return hmac.compare_digest(expected, parts.get("v1", ""))
