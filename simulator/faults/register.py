"""What happens to the registers themselves, at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRollover:
    """The import register is set so that it passes its modulus at this instant."""

    meter: str
    at: datetime

    def describe(self) -> str:
        """Say in one line what happens."""
        return f"{self.meter}: register rolls over at {self.at:%Y-%m-%d %H:%M}Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterExchange:
    """The meter is exchanged; closing and opening readings are declared in an event."""

    meter: str
    at: datetime
    new_serial: str
    opening_kwh: float = 0.0
    reason: str = "periodic verification"

    def describe(self) -> str:
        """Say in one line what happens."""
        return f"{self.meter}: exchanged for {self.new_serial} at {self.at:%Y-%m-%d %H:%M}Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterReset:
    """All registers start again at 0; if unannounced, neither event nor epoch tells of it."""

    meter: str
    at: datetime
    announced: bool = True

    def describe(self) -> str:
        """Say in one line what happens."""
        word = "announced" if self.announced else "silent"
        return f"{self.meter}: {word} register reset at {self.at:%Y-%m-%d %H:%M}Z"


RegisterFault = RegisterRollover | MeterExchange | RegisterReset
