"""Who may talk to the broker, and as what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class BrokerRole(StrEnum):
    """What a user may do: see the access list in `mosquitto_files`."""

    GATEWAY = "gateway"
    COLLECTOR = "collector"
    COMMANDER = "commander"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerUser:
    """A name (a gateway's is its id), its password and its role.

    Where only the password's hash is known, as mosquitto keeps it, that stands in its place: other
    brokers cannot use it.

    A gateway id with a colon is refused here though the topics allow it: mosquitto's password file
    ends the name at the first one.
    """

    name: str
    password: str
    role: BrokerRole
    password_hash: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "role", BrokerRole(self.role))
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"not a broker user's name: {self.name!r} (want {_NAME.pattern})")
        if not self.password and not self.password_hash:
            raise ValueError(f"broker user {self.name!r} has no password")


def check_names_differ(users: Sequence[BrokerUser]) -> None:
    """Raise ValueError when two users share a name."""
    names = [user.name for user in users]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"broker users named twice: {', '.join(twice)}")
