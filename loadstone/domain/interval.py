"""Half-open spans of UTC time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A span [start, end) of UTC time."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse anything that is not a forward span of UTC time."""
        for instant in (self.start, self.end):
            if instant.utcoffset() != timedelta(0):
                raise ValueError(f"not in UTC: {instant!r}")
        if self.end <= self.start:
            raise ValueError(f"empty interval: [{self.start}, {self.end})")

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end - self.start) / timedelta(hours=1)

    def __contains__(self, instant: datetime) -> bool:
        """Whether the instant falls inside; the end does not."""
        return self.start <= instant < self.end
