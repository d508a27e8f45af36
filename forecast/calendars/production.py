"""A customer's own calendar: shutdowns, extra shifts, events, each a named span of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class EntryKind(Enum):
    """What the span does to its days."""

    SHUTDOWN = "shutdown"
    """Days off, whatever the weekday."""
    WORKING = "working"
    """Worked, whatever the weekday: an extra shift, a holiday worked through."""
    EVENT = "event"
    """Unlike other days; entries of one name resemble each other, day by day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionEntry:
    """Days `start` to `end`, both included, of one kind."""

    name: str
    kind: EntryKind
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"{self.name!r} ends on {self.end}, before it starts on {self.start}")
