"""The newest values as they come in: asked for once, however many people are watching.

Whoever watches asks `look` now and then; the first to find it due asks the database for all. Each
change has a number, by which a stream that broke goes on where it was.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from loadstone.storage.latest import ChangedRow

# Rows are committed in another order than they were stamped: look back so far, and skip the known.
_LOOK_BACK = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveChange:
    """New values of a meter; `number` counts all changes since the process began."""

    number: int
    row: ChangedRow


@dataclass(slots=True, kw_only=True)
class LiveValues:
    """Changes of the newest values, the last `keep` of them; `ask` gives those received since."""

    ask: Callable[[datetime], Sequence[ChangedRow]]
    every_s: float = 0.5
    keep: int = 20_000
    boot: str = field(default_factory=lambda: secrets.token_hex(4))
    newest: int = 0
    _changes: deque[LiveChange] = field(default_factory=deque)
    _known: dict[int, tuple[datetime | None, datetime | None]] = field(default_factory=dict)
    _of_site: dict[int, int] = field(default_factory=dict)
    _received_at: datetime | None = None
    _looked_s: float = float("-inf")
    _lock: Lock = field(default_factory=Lock)

    @property
    def is_due(self) -> bool:
        """Whether it is time to look again."""
        return monotonic() - self._looked_s >= self.every_s

    def look(self, now: datetime) -> None:
        """Ask the database if it is due and nobody else is asking."""
        if not self.is_due or not self._lock.acquire(blocking=False):
            return
        try:
            self._looked_s = monotonic()
            since = (self._received_at or now) - _LOOK_BACK
            for row in self.ask(since):
                self._take(row)
        finally:
            self._lock.release()

    def _take(self, row: ChangedRow) -> None:
        version = (row.ts, row.received_at)
        if self._known.get(row.meter_id) == version:
            return
        self._known[row.meter_id] = version
        self.newest += 1
        self._changes.append(LiveChange(number=self.newest, row=row))
        self._of_site[row.site_id] = self.newest
        if row.received_at is not None:
            self._received_at = max(self._received_at or row.received_at, row.received_at)
        if len(self._changes) > self.keep:
            self._changes.popleft()

    def since(self, number: int) -> list[LiveChange] | None:
        """The changes after a number, in order; None where some of them are forgotten."""
        if number > self.newest:
            return None
        changes = list(self._changes)
        if changes and changes[0].number > number + 1:
            return None
        return changes[max(0, len(changes) - self.newest + number) :]

    def newest_of(self, site_id: int) -> int:
        """The number of a site's newest change; 0 for none."""
        return self._of_site.get(site_id, 0)

    def event_id(self, number: int) -> str:
        """How a stream names a change."""
        return f"{self.boot}-{number}"

    def number_of(self, event_id: str | None) -> int | None:
        """The change that an event's id names; None where this process did not give it."""
        boot, _, number = (event_id or "").partition("-")
        if boot != self.boot or not (number.isascii() and number.isdigit() and len(number) < 16):
            return None
        return int(number)
