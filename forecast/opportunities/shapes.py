"""The usual day of a load, and when it begins and ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.opportunities.finding import Evidence, EvidenceSeries
from forecast.opportunities.premises import HOURS_A_SLOT, SLOTS, Grid

_HALF = 0.5
_MORNING_FROM = 8  # 02:00: a day that ended late is over
_NIGHT = slice(2, 18)  # 00:30 to 04:30


def usual_day(power_kw: Grid, days: NDArray[np.bool_]) -> Grid:
    """The median of each quarter hour over the chosen days, (96,); NaN where none is known."""
    chosen = power_kw[days]
    day = np.full(SLOTS, np.nan)
    known = ~np.isnan(chosen).all(axis=0) if len(chosen) else np.zeros(SLOTS, dtype=bool)
    if known.any():
        day[known] = np.nanmedian(chosen[:, known], axis=0)
    return day


def level(values: Grid, share_pct: float) -> float:
    """A percentile of what is known; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(np.percentile(known, share_pct)) if known.size else float("nan")


def night(power_kw: Grid) -> Grid:
    """The quarter hours in which most premises sleep."""
    return power_kw[..., _NIGHT]


def relative_day(day_kw: Grid) -> Grid | None:
    """A usual day from its low level (0) to its high one (1); None where it has no course."""
    low, high = level(day_kw, 10), level(day_kw, 90)
    if not high > 0 or high - low < 0.3 * high:
        return None
    return (day_kw - low) / (high - low)


def on_hour(relative: Grid) -> float | None:
    """When the day's load first passes half its course, in hours from midnight."""
    on = np.flatnonzero(relative[_MORNING_FROM:] >= _HALF)
    return None if not len(on) else (on[0] + _MORNING_FROM) * HOURS_A_SLOT


def off_hour(relative: Grid) -> float | None:
    """When the day's load last falls below half its course, in hours from midnight."""
    on = np.flatnonzero(relative[_MORNING_FROM:] >= _HALF)
    return None if not len(on) else (on[-1] + _MORNING_FROM + 1) * HOURS_A_SLOT


def curve(name: str, values: Grid) -> EvidenceSeries:
    """A series of a chart, with None where nothing is known."""
    return EvidenceSeries(
        name=name,
        values=tuple(None if np.isnan(v) else round(float(v), 3) for v in values),
    )


def day_chart(
    series: dict[str, Grid], levels: dict[str, float] | None = None, unit: str = "kW"
) -> Evidence:
    """Courses of a day, (96,) each, with lines across."""
    x = tuple(slot * HOURS_A_SLOT for slot in range(SLOTS))
    lines = [
        EvidenceSeries(name=name, values=(round(value, 3),))
        for name, value in (levels or {}).items()
    ]
    return Evidence(
        axis="day_hour", unit=unit, x=x, levels=tuple(lines),
        series=tuple(curve(name, values) for name, values in series.items()),
    )  # fmt: skip


def bar_chart(
    labels: tuple[str, ...], series: dict[str, Grid], unit: str, *,
    levels: dict[str, float] | None = None, axis: str = "place",
) -> Evidence:  # fmt: skip
    """Bars by label, with lines across; labels of axis `month` count back from the last month."""
    lines = [
        EvidenceSeries(name=name, values=(round(value, 3),))
        for name, value in (levels or {}).items()
    ]
    return Evidence(
        axis="month" if axis == "month" else "place", unit=unit, labels=labels,
        x=tuple(float(at) for at in range(len(labels))), levels=tuple(lines),
        series=tuple(curve(name, values) for name, values in series.items()),
    )  # fmt: skip
