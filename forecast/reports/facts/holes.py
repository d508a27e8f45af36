"""When the load was not measured: stretches that are estimated, or not known at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from forecast.reports.facts.loads import MonthLoad
from forecast.reports.facts.months import local


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """From when to when, by the month's clock; `energy_kwh` is its estimate, None: not known."""

    start: datetime
    end: datetime
    duration_s: int
    energy_kwh: float | None


def holes_of(load: MonthLoad) -> list[Hole]:
    """The stretches of a month, the longest first."""
    unsure = load.estimated | ~np.isfinite(load.energy_kwh)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], unsure, [False])).astype(np.int8)))
    holes = [_hole(load, int(a), int(z)) for a, z in edges.reshape(-1, 2)]
    return sorted(holes, key=lambda hole: (-hole.duration_s, hole.start))


def _hole(load: MonthLoad, first: int, behind: int) -> Hole:
    start_s = int(load.start_s[first])
    end_s = int(load.start_s[behind - 1]) + load.step_s
    energy = load.energy_kwh[first:behind]
    return Hole(
        start=local(start_s, load.month.zone),
        end=local(end_s, load.month.zone),
        duration_s=end_s - start_s,
        energy_kwh=float(energy.sum()) if np.isfinite(energy).all() else None,
    )
