"""Which passwords are taken: length is what counts (NIST SP 800-63B), not kinds of characters."""

from __future__ import annotations

SHORTEST = 10
LONGEST = 200


def password_fault(password: str, user_name: str) -> str | None:
    """The rule that a new password breaks, in English; None for a good one."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"must have {SHORTEST} to {LONGEST} characters"
    if len(set(password)) < 4:
        return "must have more than three different characters"
    if user_name.casefold() in password.casefold() and len(password) < len(user_name) + SHORTEST:
        return "must not be the user's name with a little added"
    return None
