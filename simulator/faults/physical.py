"""Faults and measures that change what is truly consumed (in whole quarter hours)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.faults.window import Window
from simulator.noise import Floats

NIGHT_FROM_HOUR: Final = 22.0
NIGHT_TO_HOUR: Final = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving(Window):
    """A measure that saves a share of everything behind a meter.

    With `night_pct` the hours from 22 to 6, by the site's clock, save that share instead.
    """

    meter: str
    saving_pct: float
    night_pct: float | None = None

    def __post_init__(self) -> None:
        super(Saving, self).__post_init__()
        for share in (self.saving_pct, self.night_pct):
            if share is not None and not 0 < share < 100:
                raise ValueError("a saving is more than 0 and less than 100 %")

    def describe(self) -> str:
        """Say in one line what is changed."""
        night = "" if self.night_pct is None else f" ({self.night_pct:g} % at night)"
        return f"{self.meter}: saves {self.saving_pct:g} %{night} {self.describe_window()}"

    def factor(self, hour: Floats) -> Floats:
        """What is left of the load at these local hours of the day, 0-1."""
        at_night = (hour >= NIGHT_FROM_HOUR) | (hour < NIGHT_TO_HOUR)
        night_pct = self.saving_pct if self.night_pct is None else self.night_pct
        left: Floats = 1 - np.where(at_night, night_pct, self.saving_pct) / 100
        return left


def day_saving_pct(overall_pct: float, night_pct: float, night_share_ratio: float) -> float:
    """What the other hours must save, so that with the night's saving the overall one is met.

    `night_share_ratio` is the night's share of the energy without the measure.
    """
    return (overall_pct - night_pct * night_share_ratio) / (1 - night_share_ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class NightLoad(Window):
    """A constant load that somebody leaves on at night, by the site's local hours."""

    meter: str
    power_kw: float
    from_hour: float = 21.0
    to_hour: float = 6.0

    def describe(self) -> str:
        """Say in one line what is changed."""
        return f"{self.meter}: {self.power_kw:g} kW left on at night {self.describe_window()}"
