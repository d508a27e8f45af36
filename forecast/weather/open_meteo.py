"""Temperatures from a server that answers like Open-Meteo's forecast API.

https://open-meteo.com/en/docs: `hourly.time` in seconds (`timeformat=unixtime`), and
`hourly.temperature_2m`; several places at once are answered as a list. Hours that are over count as
measured (they are the weather model's analysis), the others as foreseen at the time of asking.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from forecast.weather.source import WeatherUnknownError
from loadstone.storage.weather_values import WeatherPlace, WeatherValue

_PLACES_A_CALL: Final = 50
_TIMEOUT_S: Final = 20.0
_PAST_DAYS: Final = 2
_AHEAD_DAYS: Final = 9

Get = Callable[[str], bytes]


def get(url: str) -> bytes:
    """The body that an address answers with; raises WeatherUnknownError."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise WeatherUnknownError(f"{url!r} is no http address")
    try:
        with urlopen(url, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - the scheme was looked at
            return bytes(answer.read())
    except (URLError, OSError) as error:
        raise WeatherUnknownError(str(error)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMeteo:
    """A server at `url`, such as https://api.open-meteo.com/v1/forecast."""

    url: str
    name: str = "open-meteo"
    get: Get = get

    def values(self, places: Sequence[WeatherPlace], now: datetime) -> Iterable[WeatherValue]:
        """Two days back and nine ahead of all places whose coordinates are known."""
        known = [one for one in places if one.latitude_deg is not None and one.longitude_deg]
        for start in range(0, len(known), _PLACES_A_CALL):
            yield from self._part(known[start : start + _PLACES_A_CALL], now)

    def _part(self, places: Sequence[WeatherPlace], now: datetime) -> Iterable[WeatherValue]:
        wanted = {
            "latitude": ",".join(f"{one.latitude_deg:.4f}" for one in places),
            "longitude": ",".join(f"{one.longitude_deg:.4f}" for one in places),
            "hourly": "temperature_2m",
            "timeformat": "unixtime",
            "past_days": _PAST_DAYS,
            "forecast_days": _AHEAD_DAYS,
        }
        body = self.get(f"{self.url}?{urlencode(wanted)}")
        try:
            told: Any = json.loads(body)
            answers = told if isinstance(told, list) else [told]
            hours = [zip(one["hourly"]["time"], one["hourly"]["temperature_2m"], strict=True)
                     for one in answers]  # fmt: skip
        except (ValueError, KeyError, TypeError) as error:
            raise WeatherUnknownError(f"the answer cannot be read: {error}") from error
        if len(hours) != len(places):
            raise WeatherUnknownError(f"{len(hours)} places answered of {len(places)}")
        for place, told_hours in zip(places, hours, strict=True):
            for at_s, temperature_c in told_hours:
                if temperature_c is not None:
                    yield self._value(place, int(at_s), float(temperature_c), now)

    def _value(
        self, place: WeatherPlace, at_s: int, temperature_c: float, now: datetime
    ) -> WeatherValue:
        valid_at = datetime.fromtimestamp(at_s, UTC)
        return WeatherValue(
            site_id=place.site_id,
            valid_at=valid_at,
            known_at=now,
            source=self.name,
            measured=valid_at <= now,
            temperature_c=temperature_c,
        )
