"""The numbers that a gateway gives a meter's registers, one more with each new register."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate

from loadstone.domain.registers import RegisterPoint


class RegisterNumbers:
    """Which number was the highest that had been said of a meter until an instant.

    Readings themselves are stored without: the few that raised the number are kept apart, as
    (instant in epoch ms, number). So it is known even of readings that count nowhere.
    """

    def __init__(self, said: Iterable[tuple[int, int]] = ()) -> None:
        steps = sorted(said)
        self._instants_ms = [ts_ms for ts_ms, _ in steps]
        self._highest = list(accumulate((number for _, number in steps), max))

    def until(self, ts_ms: int) -> int | None:
        """The highest number said at or before an instant (UTC epoch ms), if any was."""
        known = bisect_right(self._instants_ms, ts_ms)
        return self._highest[known - 1] if known else None

    def beside(self, point: RegisterPoint) -> RegisterPoint:
        """A reading that says the number known by its time, unless it says a higher one."""
        said, known = point.declared_epoch, self.until(point.ts_ms)
        if known is None or (said is not None and said >= known):
            return point
        return replace(point, declared_epoch=known)

    def raised_by(self, points: Iterable[RegisterPoint]) -> dict[int, int]:
        """The numbers, by their instants, of those of these readings that raise it in turn."""
        raised: dict[int, int] = {}
        highest = -1
        for point in sorted(points, key=lambda each: each.ts_ms):
            said, known = point.declared_epoch, self.until(point.ts_ms)
            highest = max(highest, -1 if known is None else known)
            if said is not None and said > highest:
                raised[point.ts_ms] = highest = said
        return raised
