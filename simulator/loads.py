"""What a circuit draws: a daily pattern, its size, and how weather and chance move it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weather = Literal["none", "cooling", "heating", "refrigeration", "dark", "sun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One load, fully determined by its fields; `key` seeds its chance.

    `weather_ratio` (0-1) is the part of the load that follows the weather; `ripple_ratio` (0-0.9)
    bounds the movement inside a quarter of an hour; a negative power factor is capacitive.
    """

    pattern: str
    peak_kw: float
    key: str = ""
    weather: Weather = "none"
    weather_ratio: float = 0.0
    noise_ratio: float = 0.03
    ripple_ratio: float = 0.04
    power_factor: float = 0.9

    def __post_init__(self) -> None:
        if self.peak_kw < 0:
            raise ValueError(f"a load of {self.peak_kw} kW: generation is the pattern 'pv'")
        if not 0 <= self.ripple_ratio <= 0.9:
            raise ValueError("ripple_ratio must be 0-0.9, or the power could change its sign")
        if not 0.2 <= abs(self.power_factor) <= 1:
            raise ValueError(f"power factor {self.power_factor} is out of 0.2-1")

    @property
    def tan_phi(self) -> float:
        """Reactive over active power, negative when capacitive."""
        size = abs(self.power_factor)
        tan = float((1 - size * size) ** 0.5 / size)
        return tan if self.power_factor > 0 else -tan
