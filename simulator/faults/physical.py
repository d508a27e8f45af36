"""Faults and measures that change what is truly consumed (in whole quarter hours)."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.faults.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving(Window):
    """A measure that saves a share of everything behind a meter."""

    meter: str
    saving_pct: float

    def __post_init__(self) -> None:
        super(Saving, self).__post_init__()
        if not 0 < self.saving_pct < 100:
            raise ValueError("a saving is more than 0 and less than 100 %")

    def describe(self) -> str:
        """Say in one line what is changed."""
        return f"{self.meter}: saves {self.saving_pct:g} % {self.describe_window()}"


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
