"""What looks as if something other than the measure had changed the load: flagged, never assumed.

People confirm or dismiss; only what they confirm changes a figure.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from forecast.quantiles import BoolArray, FloatArray, IntArray
from forecast.savings.result import EventFlag

RUN_DAYS: Final = 3
SHUT_BELOW_RATIO: Final = 0.5
ROBUST_SCORE: Final = 5.0
SURGE_LEAST_RATIO: Final = 0.3
WEEK_DAYS: Final = 7
LEAST_WEEKS: Final = 4
MOST_SHIFTS: Final = 3
SHIFT_SCORE: Final = 6.0
SHIFT_LEAST_RATIO: Final = 0.08
NORMAL_MAD: Final = 1.4826


def flag_events(
    period: str, day: IntArray, actual_kwh: FloatArray, expected_kwh: FloatArray
) -> tuple[EventFlag, ...]:
    """Shutdowns, surges and shifts of level among daily values of one period.

    `expected_kwh` should have the period's own level, so that a saving of the whole is no event.
    """
    known = np.isfinite(actual_kwh) & np.isfinite(expected_kwh) & (expected_kwh > 0)
    day, actual, expected = day[known], actual_kwh[known], expected_kwh[known]
    if len(day) < WEEK_DAYS * LEAST_WEEKS:
        return ()
    share = actual / expected - 1.0
    spread = NORMAL_MAD * float(np.median(np.abs(share - np.median(share)))) + 1e-9
    shut = (share < SHUT_BELOW_RATIO - 1.0) & (share < -ROBUST_SCORE * spread)
    surge = (share > SURGE_LEAST_RATIO) & (share > ROBUST_SCORE * spread)
    told = [
        *_runs("shutdown", period, shut, day, actual, expected, spread),
        *_runs("surge", period, surge, day, actual, expected, spread),
        *_shifts(period, day, actual, expected, shut | surge),
    ]
    return tuple(sorted(told, key=lambda one: one.first_day))


def _flag(kind: str, period: str, days: IntArray, gap_kwh: FloatArray, score: float) -> EventFlag:
    return EventFlag(
        kind=kind,
        period=period,
        first_day=date.fromordinal(int(days[0])),
        end_day=date.fromordinal(int(days[-1]) + 1),
        effect_kwh=float(gap_kwh.sum()),
        score=score,
    )


def _runs(
    kind: str,
    period: str,
    odd: BoolArray,
    day: IntArray,
    actual: FloatArray,
    expected: FloatArray,
    spread: float,
) -> list[EventFlag]:
    """Runs of at least three days in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], odd, [False]]).astype(np.int8)))
    told = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start >= RUN_DAYS:
            gap = actual[start:end] - expected[start:end]
            score = abs(float(gap.sum())) / float(expected[start:end].sum()) / spread
            told.append(_flag(kind, period, day[start:end], gap, score))
    return told


def _shifts(
    period: str, day: IntArray, actual: FloatArray, expected: FloatArray, odd: BoolArray
) -> list[EventFlag]:
    """Shifts of level from one week on: the strongest split, then the strongest in its parts."""
    calm = ~odd
    week = (day - day[0]) // WEEK_DAYS
    many = int(week[-1]) + 1
    count = np.bincount(week[calm], minlength=many)
    base = np.bincount(week[calm], weights=expected[calm], minlength=many)
    gap = np.bincount(week[calm], weights=actual[calm] - expected[calm], minlength=many)
    seen = np.flatnonzero(count >= RUN_DAYS)
    share = gap[seen] / base[seen]
    told = []
    for at, score in _splits(share):
        ends = [one for one, _ in _splits(share) if one > at]
        last = ends[0] if ends else len(seen)
        inside = (week >= seen[at]) & (week <= seen[last - 1])
        level = float(np.mean(share[at:last]) - np.mean(share[:at]))
        told.append(_flag("level_shift", period, day[inside], level * expected[inside], score))
    return told


def _splits(share: FloatArray) -> list[tuple[int, float]]:
    found: list[tuple[int, float]] = []
    parts = [(0, len(share))]
    while parts and len(found) < MOST_SHIFTS:
        start, end = parts.pop(0)
        split = _strongest(share[start:end])
        if split is not None:
            at = start + split[0]
            found.append((at, split[1]))
            parts += [(start, at), (at, end)]
    return sorted(found)


def _strongest(share: FloatArray) -> tuple[int, float] | None:
    """The week from which the mean differs most, judged by how much weeks differ anyway."""
    weeks = len(share)
    if weeks < 2 * LEAST_WEEKS:
        return None
    sums = np.cumsum(share)
    places = np.arange(LEAST_WEEKS, weeks - LEAST_WEEKS + 1)
    before = sums[places - 1] / places
    after = (sums[-1] - sums[places - 1]) / (weeks - places)
    usual = NORMAL_MAD * float(np.median(np.abs(np.diff(share)))) / np.sqrt(2) + 1e-6
    score = np.abs(after - before) / (usual * np.sqrt(1 / places + 1 / (weeks - places)))
    best = int(np.argmax(score))
    step = abs(float(after[best] - before[best]))
    if score[best] < SHIFT_SCORE or step < SHIFT_LEAST_RATIO:
        return None
    return int(places[best]), float(score[best])
