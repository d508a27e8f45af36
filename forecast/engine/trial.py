"""Which past days the experts are tried on, and which fit speaks for which day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.engine.settings import EngineSettings
from forecast.quantiles import IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Days to forecast: the tried ones, the day of issue (unless asked for), the day asked for."""

    days: IntArray
    ends: tuple[int, ...]
    """Last day of learning of each fit, ascending."""
    fit: IntArray
    """For each day the index of its fit: never one that knew the day's own issue or later."""


def trial_of(target: int, lead: int, settings: EngineSettings) -> Trial:
    """Each block of tried days has a fit of its own; the day of issue is tried on its morning."""
    known = target - lead - 1
    first = max(settings.warm_up + lead + 8, known + 1 - settings.trial)
    tried = np.arange(first, known + (2 if lead else 1))
    starts = np.arange(first, known + 1, settings.trial_block)
    learnt = {max(int(start) - lead - 1, 0) for start in starts}
    ends = sorted(learnt | {max(known, 0)})
    days = np.append(tried, target)
    fit = np.searchsorted(np.array(ends), days - lead - 1, side="right") - 1
    return Trial(days=days, ends=tuple(ends), fit=np.maximum(fit, 0))
