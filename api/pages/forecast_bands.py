"""A forecast as series of a chart: its mean, and the bands of 80 % and 95 % behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from api.pages.charts import LegendItem, Series
from api.pages.frame import Frame
from forecast.quantiles import LEVELS
from loadstone.storage.screens.forecasts import SlotRow

P025, P10, P90, P975 = (LEVELS.index(level) for level in (0.025, 0.1, 0.9, 0.975))
Column = list[float | None]


def forecast_bands(
    frame: Frame, slots: Sequence[SlotRow], grid: range
) -> tuple[list[Series], list[LegendItem]]:
    """Three series on the grid (epoch s), and what they are called."""
    t = frame.t

    def at(level: int) -> Column:
        return on_grid(slots, [slot.quantiles_kw[level] for slot in slots], grid)

    mean = on_grid(slots, [slot.mean_kw for slot in slots], grid)
    series = [
        Series(label=t("fc.series"), colour="forecast", values=mean, width=1.9, optional=True),
        Series(label=t("fc.band_80"), colour="forecast", values=at(P90), low=at(P10), width=0,
               fill="forecast-band", optional=True),
        Series(label=t("fc.band_95"), colour="forecast", values=at(P975), low=at(P025), width=0,
               fill="forecast-band-wide", optional=True),
    ]  # fmt: skip
    return series, [
        LegendItem(mark="line forecast", text=t("fc.series")),
        LegendItem(mark="box band-80", text=t("fc.band_80")),
        LegendItem(mark="box band-95", text=t("fc.band_95")),
    ]


def on_grid(slots: Sequence[SlotRow], values: Sequence[float], grid: range) -> Column:
    """One value a quarter hour; longer intervals hold for all of their quarter hours."""
    found: Column = [None] * len(grid)
    for slot, value in zip(slots, values, strict=True):
        first = (int(slot.start_at.timestamp()) - grid.start) // grid.step
        steps = max(1, int((slot.end_at - slot.start_at) / timedelta(seconds=grid.step)))
        for place in range(max(first, 0), min(first + steps, len(found))):
            found[place] = round(float(value), 1)
    return found
