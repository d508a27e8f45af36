"""The virtual premises' weather, measured and foreseen, for the product's forecasts.

The foreseen temperature is off by something that grows with how far ahead it is told: a smooth
error of half a kelvin tomorrow and two in a week.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from loadstone.storage.weather_values import WeatherPlace, WeatherValue
from simulator.cities import CITIES, City
from simulator.model import Portfolio
from simulator.noise import Floats, key_of, smooth
from simulator.weather import temperature_c

_HOUR_S: Final = 3600
_AHEAD_H: Final = 24 * 9
_FIRST_DAY_ERROR_K: Final = 0.5
_DAILY_ERROR_K: Final = 0.25
_ERROR_LASTS_S: Final = 9 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticWeather:
    """The weather of the portfolio's cities; `past` is how far back measured hours are told."""

    cities: dict[str, City]
    """By code of the site."""
    past: timedelta
    name: str = "synthetic"

    def values(self, places: Sequence[WeatherPlace], now: datetime) -> Iterable[WeatherValue]:
        """Measured hours up to now, and nine days as they are foreseen now."""
        hour_s = int(now.timestamp()) // _HOUR_S * _HOUR_S
        hours = int(self.past.total_seconds()) // _HOUR_S
        past_s = hour_s - _HOUR_S * np.arange(hours, -1, -1)
        ahead_s = hour_s + _HOUR_S * np.arange(1, _AHEAD_H + 1)
        for place in places:
            city = self.cities.get(place.code)
            if city is None:
                continue
            measured = temperature_c(city, past_s)
            for at_s, value in zip(past_s.tolist(), measured.tolist(), strict=True):
                at = datetime.fromtimestamp(at_s, UTC)
                yield self._value(place, at, at, value)
            foreseen = temperature_c(city, ahead_s) + _error_k(city, ahead_s, hour_s)
            for at_s, value in zip(ahead_s.tolist(), foreseen.tolist(), strict=True):
                yield self._value(place, datetime.fromtimestamp(at_s, UTC), now, value)

    def _value(
        self, place: WeatherPlace, at: datetime, known_at: datetime, value: float
    ) -> WeatherValue:
        return WeatherValue(
            site_id=place.site_id,
            valid_at=at,
            known_at=known_at,
            source=self.name,
            measured=known_at >= at,
            temperature_c=round(value, 2),
        )


def _error_k(city: City, at_s: np.ndarray, issued_s: int) -> Floats:
    """Another one for every issue, the same whenever it is asked for."""
    ahead_days = (at_s - issued_s) / 86_400
    size = _FIRST_DAY_ERROR_K + _DAILY_ERROR_K * ahead_days
    found: Floats = size * smooth(
        key_of(f"foreseen:{city.name_en}:{issued_s}"), at_s, _ERROR_LASTS_S
    )
    return found


def cities_of(portfolio: Portfolio) -> dict[str, City]:
    """The city of each site, by the site's code."""
    return {site.code: CITIES[site.city_en] for customer in portfolio for site in customer.sites}
