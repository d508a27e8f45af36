"""The demo's way in: a link that signs in, and the users that its login page may name."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUser:
    """A made-up user whose password may be shown."""

    name: str
    display_name: str
    role: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDoor:
    """`/demo?key=…` signs in as `user_name`; `users` are listed on the login page."""

    key: str = field(repr=False)
    user_name: str
    users: tuple[DemoUser, ...] = ()

    def opens(self, key: str) -> bool:
        """Whether this is the key; takes as long for a wrong one."""
        return hmac.compare_digest(key.encode(), self.key.encode())
