"""Round numbers along an axis, and days along time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from forecast.reports.document import Times
from forecast.reports.facts.months import local

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_HOURS = (1, 2, 3, 6, 12, 24, 48, 72, 120, 168, 336, 744)
_MOST_MARKS = 12


def round_ticks(least: float, most: float, wanted: int = 4) -> list[float]:
    """Even round values that enclose [least, most]; begins at zero where nothing is below."""
    least = min(0.0, least)
    most = max(most, least + 1e-9)
    rough = (most - least) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in _STEPS if power * one >= rough * 0.999)
    first, last = math.floor(least / step), math.ceil(most / step - 1e-9)
    return [at * step for at in range(first, last + 1)]


def digits_of(ticks: Sequence[float]) -> int:
    """How many decimals tell these ticks apart."""
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    return next((n for n in range(4) if abs(round(step, n) - step) < 1e-9), 4)


def time_marks(axis: Times, zone: str) -> list[tuple[int, str]]:
    """Instants (s since the epoch) to mark and what to write: clock times, or days."""
    hours = axis.step_s * axis.count / 3600
    every = next((h for h in _HOURS if hours / h <= _MOST_MARKS), _HOURS[-1])
    at = local(axis.start_s, zone).replace(hour=0, minute=0)
    end_s = axis.start_s + axis.step_s * axis.count
    marks = []
    while int(at.timestamp()) <= end_s:
        if int(at.timestamp()) >= axis.start_s:
            marks.append((int(at.timestamp()), _written(at, every)))
        at = _next(at, every)
    return marks


def _next(at: datetime, every_h: int) -> datetime:
    if every_h >= 24:
        return (at + timedelta(days=every_h // 24)).replace(hour=0, minute=0)
    return at + timedelta(hours=every_h)  # by the wall clock


def _written(at: datetime, every_h: int) -> str:
    if every_h >= 24:
        return f"{at:%m-%d}"
    return f"{at:%m-%d}" if at.hour == 0 and at.minute == 0 else f"{at:%H:%M}"
