"""When messages become visible in the database.

The collector counts every gateway's messages in the transaction that stores their rows
(`core.gateway_sequence`), and stores each gateway's in order. So a look at that short table tells,
at little cost, which rows are committed, flushed and visible.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import psycopg

_COUNTS = (
    "SELECT g.code, s.received FROM core.gateway_sequence s JOIN core.gateway g USING (gateway_id)"
)
_GIVE_UP_S = 20.0  # without progress


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was visible at which moment (monotonic seconds)."""

    at_s: list[float] = field(default_factory=list)
    counts: list[dict[str, int]] = field(default_factory=list)

    def total(self, at: int) -> int:
        """Messages visible at the at-th look."""
        return sum(self.counts[at].values())


class Watch:
    """Looks again and again until so many messages are stored."""

    def __init__(self, connection: psycopg.Connection, every_s: float) -> None:
        self._connection = connection
        self._every_s = every_s

    def total(self) -> int:
        """Messages stored so far."""
        return sum(self._look().values())

    def until(self, messages: int) -> Seen:
        """Each look that showed more than the one before; ends early when nothing more comes."""
        seen, known, progress_s = Seen(), -1, time.monotonic()
        while known < messages and time.monotonic() - progress_s < _GIVE_UP_S:
            counts = self._look()
            now_s = time.monotonic()
            if sum(counts.values()) > known:
                known, progress_s = sum(counts.values()), now_s
                seen.at_s.append(now_s)
                seen.counts.append(counts)
            time.sleep(self._every_s)
        return seen

    def _look(self) -> dict[str, int]:
        return {str(row[0]): int(row[1]) for row in self._connection.execute(_COUNTS)}
