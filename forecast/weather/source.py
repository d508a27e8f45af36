"""What every source of weather can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from loadstone.storage.weather_values import WeatherPlace, WeatherValue


class WeatherUnknownError(Exception):
    """A source said nothing that can be used; the message says why."""


class WeatherSource(Protocol):
    """Tells temperatures of places, measured and foreseen, as they are known at an instant."""

    @property
    def name(self) -> str:
        """What its values are stored under."""
        ...

    def values(self, places: Sequence[WeatherPlace], now: datetime) -> Iterable[WeatherValue]:
        """Everything that it knows by now; raises WeatherUnknownError."""
        ...
