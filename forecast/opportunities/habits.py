"""Which loads sleep with their premises, and when the people there come and go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.opportunities.premises import SITE, UNMETERED, Circuit, Premises
from forecast.opportunities.residual import Residual
from forecast.opportunities.shapes import off_hour, on_hour, relative_day, usual_day

# Premises that never close have no off-hours; broadcasters have no hour at which people come.
ROUND_THE_CLOCK = frozenset(
    {"airport", "broadcast", "broadcast_tower", "bus_depot", "cold_storage", "cold_store"}
    | {"data_center", "data_centre", "hospital", "hotel", "steel", "three_shift_factory"}
    | {"tv_tower", "water_works"}
)
NO_OPENING = ROUND_THE_CLOCK | {"tv_station", "metro", "metro_station", "residential"}
WEEKDAYS_ONLY = frozenset(
    {"office", "office_tower", "machining_factory", "factory", "school", "university"}
)
# What serves the people and machines of a building, and should rest when they do.
SUPPORT = frozenset({"chiller", "ventilation", "compressor", "escalator", "lift", "pump"})
ACTIVITY = frozenset({"office", "production", "other", "kitchen", UNMETERED})
# Highest night level that is usual, as a part of the day's level: more asks for a reason.
USUAL_NIGHT = {
    **dict.fromkeys(SUPPORT | {"office", "lighting", "kitchen", "laundry", "production"}, 0.42),
    "other": 0.58, UNMETERED: 0.75, SITE: 0.60,
}  # fmt: skip
_FEWEST_OTHERS = 2
_LAST_WEEKS_DAYS = 56


def last_days(premises: Premises, days: int = _LAST_WEEKS_DAYS) -> NDArray[np.bool_]:
    """The newest days, for habits change."""
    return np.arange(premises.days) >= premises.days - days


def workdays(premises: Premises) -> NDArray[np.bool_]:
    """The newest workdays."""
    return last_days(premises) & ~premises.is_rest


def rest_days(premises: Premises) -> NDArray[np.bool_]:
    """The newest days off."""
    return last_days(premises) & premises.is_rest


def people_come(premises: Premises, residual: Residual) -> tuple[float, float] | None:
    """When the activity of a workday begins and ends, in hours; None where it cannot be told.

    The median of the circuits that people work with; light counts where there are few others.
    """
    if premises.kind in NO_OPENING:
        return None
    times = _times(premises, residual, ACTIVITY)
    if len(times) < _FEWEST_OTHERS:
        times = _times(premises, residual, ACTIVITY | {"lighting"})
    if len(times) < _FEWEST_OTHERS:
        return None
    begins, ends = np.median(np.array(times), axis=0)
    return float(begins), float(ends)


def _times(
    premises: Premises, residual: Residual, categories: frozenset[str]
) -> list[tuple[float, float]]:
    times = []
    for circuit in premises.circuits:
        if circuit.category not in categories:
            continue
        hours = hours_of(premises, residual, circuit)
        if hours is not None:
            times.append(hours)
    return times


def hours_of(
    premises: Premises, residual: Residual, circuit: Circuit
) -> tuple[float, float] | None:
    """When a circuit's usual workday begins and ends, in hours; None where it has no course."""
    relative = relative_day(usual_day(residual.power_kw(circuit), workdays(premises)))
    if relative is None:
        return None
    begins, ends = on_hour(relative), off_hour(relative)
    return None if begins is None or ends is None else (begins, ends)
