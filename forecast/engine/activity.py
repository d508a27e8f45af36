"""How much a workday looked like a day off, and how much the coming ones are expected to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.calendars.day_kinds import PAST_OCCASIONS
from forecast.engine.past import Past
from forecast.engine.settings import EngineSettings
from forecast.quantiles import BoolArray, FloatArray

PAST_WEIGHTS: Final = np.array([0.6, 0.3, 0.1])
_WORK_MEMORY: Final = 15
_OFF_MEMORY: Final = 6
_NO_CLOSURE_AT_WESTERN_NEW_YEAR: Final = frozenset({"CN", "KR", "JP", "TW"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """All [C, D]."""

    idleness: FloatArray
    """0 like a workday, 1 like a day off; 0 on days off and on days not known yet."""
    closed: BoolArray
    """Workdays near a holiday that turned out closed."""
    expected_idleness: FloatArray
    """Of workdays near a holiday, as known at issue."""
    grounded: BoolArray
    """The expectation rests on a past occasion."""


def activity_of(past: Past, settings: EngineSettings) -> Activity:
    """Idleness so far, and what past occasions and the last surprise say of what comes."""
    idle = _idleness(past)
    workday = past.near & ~past.off
    closed = workday & (idle > 0.5)
    base, grounded = _from_occasions(past, idle)
    base = np.where(grounded, base, _prior(past))
    before = _last_before(workday, past.lead + 1)
    row = np.arange(len(idle))[:, None]
    place = np.arange(idle.shape[1])[None]
    fresh = (before >= 0) & (place - before <= 8)
    at = np.maximum(before, 0)
    surprise = np.clip(idle[row, at], 0, 1) - np.clip(base[row, at], 0, 1)
    expected = base + np.where(fresh, settings.carry_ratio * surprise, 0.0)
    return Activity(
        idleness=idle,
        closed=closed,
        expected_idleness=np.where(workday, expected, 0.0),
        grounded=grounded,
    )


def _idleness(past: Past) -> FloatArray:
    mean = past.filled.mean(2)
    customers, days = mean.shape
    work = np.full((customers, _WORK_MEMORY), np.nan)
    off = np.full((customers, _OFF_MEMORY), np.nan)
    work_seen, off_seen = np.zeros(customers, dtype=int), np.zeros(customers, dtype=int)
    out = np.zeros((customers, days))
    row = np.arange(customers)
    for day in range(past.last_whole + 1):
        high, low = _median(work, work_seen, 5), _median(off, off_seen, 2)
        span = high - low
        usable = span > 0.04 * np.abs(high)
        share = np.where(usable, (high - mean[:, day]) / np.where(usable, span, 1.0), 0.0)
        rest = past.off[:, day]
        out[:, day] = np.where(rest, 0.0, share)
        off[row[rest], off_seen[rest] % _OFF_MEMORY] = mean[rest, day]
        off_seen[rest] += 1
        busy = ~rest & ~(share > 0.5)
        work[row[busy], work_seen[busy] % _WORK_MEMORY] = mean[busy, day]
        work_seen[busy] += 1
    return out


def _median(memory: FloatArray, seen: np.ndarray, least: int) -> FloatArray:
    """Median of what is remembered [C]; NaN before `least` values are."""
    ranked = np.sort(memory, axis=1)
    number = np.minimum(seen, memory.shape[1])
    row = np.arange(len(memory))
    low = ranked[row, np.maximum((number - 1) // 2, 0)]
    high = ranked[row, np.minimum(number // 2, memory.shape[1] - 1)]
    return np.where(number >= least, 0.5 * (low + high), np.nan)


def _from_occasions(past: Past, idle: FloatArray) -> tuple[FloatArray, BoolArray]:
    bridged, have = _bridged(idle, past.off)
    row = np.arange(len(idle))[:, None]
    place = np.arange(idle.shape[1])[None]
    total, mass = np.zeros_like(idle), np.zeros_like(idle)
    for back in range(PAST_OCCASIONS):
        there = past.alike[:, :, back]
        usable = (there >= 28) & (there < place - past.lead)
        usable &= there >= past.first_known[:, None] + 14
        usable &= have[row, np.maximum(there, 0)]
        weight = np.where(usable, PAST_WEIGHTS[back], 0.0)
        total += weight * bridged[row, np.maximum(there, 0)]
        mass += weight
    return total / np.maximum(mass, 1e-9), mass > 0


def _bridged(idle: FloatArray, off: BoolArray) -> tuple[FloatArray, BoolArray]:
    """Days off take the mean idleness of the nearest workdays, at most four days away."""
    total, mass = np.where(off, 0.0, idle), np.where(off, 0.0, 1.0)
    found_before, found_after = ~off, ~off
    for step in range(1, 5):
        for sign, found in ((1, found_before), (-1, found_after)):
            there = np.roll(~off, sign * step, axis=1) & ~found & off
            total = np.where(there, total + np.roll(idle, sign * step, axis=1), total)
            mass = np.where(there, mass + 1, mass)
            found |= there
    return total / np.maximum(mass, 1), mass > 0


def _prior(past: Past) -> FloatArray:
    """What a workday near a holiday is like where no past occasion is known."""
    month, day = past.months[:, 0], past.months[:, 1]
    bridge = np.select(
        [
            (month == 12) & (day == 24),
            (month == 12) & (day >= 27) & (day <= 30),
            (month == 12) & (day == 31),
            (month == 1) & (day == 2),
        ],
        [0.55, 0.45, 0.55, 0.3],
        0.15,
    )
    plain = np.array(
        [one in _NO_CLOSURE_AT_WESTERN_NEW_YEAR or one is None for one in past.countries]
    )
    return np.where(plain[:, None], 0.15, bridge[None])


def _last_before(flag: BoolArray, gap: int) -> np.ndarray:
    """[C, D]: the last flagged day at least `gap` days earlier, -1 for none."""
    place = np.where(flag, np.arange(flag.shape[1])[None], -1)
    last = np.maximum.accumulate(place, axis=1)
    out = np.full_like(last, -1)
    out[:, gap:] = last[:, :-gap]
    return out
