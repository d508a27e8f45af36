"""What is known about a reading's trustworthiness, as bits that travel with it."""

from __future__ import annotations

from enum import IntFlag


class Quality(IntFlag):
    """The quality bits of telemetry v1; 0 is a plain good measurement."""

    GOOD = 0
    INVALID = 1 << 0
    ESTIMATED = 1 << 1
    QUESTIONABLE = 1 << 2
    CLOCK_UNSYNCED = 1 << 3
    PARTIAL = 1 << 4
    POWER_FAIL = 1 << 5
    ROLLOVER = 1 << 6
    REGISTER_RESET = 1 << 7
    MANUAL = 1 << 8
    BACKFILL = 1 << 9
    OUT_OF_RANGE = 1 << 10
    PHASE_REVERSED = 1 << 11
    SIMULATED = 1 << 12
    INTERPOLATED = 1 << 13
    VALIDATED = 1 << 14


# A repeated reading replaces the stored one only when it is at least as good:
# bad bits count against it, in this order of gravity.
RANK_WEIGHTS: tuple[tuple[Quality, int], ...] = (
    (Quality.INVALID, 8),
    (Quality.QUESTIONABLE, 4),
    (Quality.OUT_OF_RANGE, 4),
    (Quality.ESTIMATED, 2),
    (Quality.INTERPOLATED, 2),
    (Quality.CLOCK_UNSYNCED, 1),
)


def rank(quality: int) -> int:
    """How little a reading with these bits is to be trusted; 0 is best."""
    return sum(weight for bit, weight in RANK_WEIGHTS if quality & bit)
