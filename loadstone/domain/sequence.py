"""Counting numbered messages: what came, what came twice, what is missing."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class SequenceLedger:
    """The numbers seen of one gateway session; `gaps` are the missing [low, high), in order."""

    first: int
    last: int
    received: int = 0
    repeated: int = 0
    gaps: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def begin(cls, seq: int) -> SequenceLedger:
        """A ledger whose first message is this one, not yet counted."""
        return cls(first=seq, last=seq - 1)

    @property
    def missing(self) -> int:
        """How many numbers between the first and the last did not come."""
        return sum(high - low for low, high in self.gaps)

    def note(self, seq: int) -> None:
        """Count one message."""
        if seq > self.last:
            if seq > self.last + 1:
                self.gaps.append((self.last + 1, seq))
            self.last = seq
            self.received += 1
        elif seq < self.first:
            if seq + 1 < self.first:
                self.gaps.insert(0, (seq + 1, self.first))
            self.first = seq
            self.received += 1
        elif not self._fill(seq):
            self.repeated += 1

    def _fill(self, seq: int) -> bool:
        at = bisect_right(self.gaps, (seq, float("inf"))) - 1
        if at < 0 or not self.gaps[at][0] <= seq < self.gaps[at][1]:
            return False
        low, high = self.gaps[at]
        self.gaps[at : at + 1] = [gap for gap in ((low, seq), (seq + 1, high)) if gap[0] < gap[1]]
        self.received += 1
        return True
