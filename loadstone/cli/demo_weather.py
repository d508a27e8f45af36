"""The demo's weather, past and hourly, and its forecasts, which begin when there is a history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from loadstone.cli.demo_processes import DemoProcesses
from loadstone.clock import Clock, utc_now
from loadstone.storage.pool import connect
from loadstone.storage.weather_values import (
    WeatherPlace,
    WeatherValue,
    newest_weather,
    put_weather,
    weather_places,
)
from simulator.model import Portfolio
from simulator.weather_source import SyntheticWeather, cities_of

REPLAY_DAYS = 21
"""For so many days before the first start forecasts are made as they would have been said then."""
WORK_SETTINGS = {"LOADSTONE_ROLLUP_REFRESH_S": "2", "LOADSTONE_FORECAST": "false"}
"""`work` starts before there is anything to forecast from."""
_EVERY = timedelta(hours=1)
_ISSUED_EVERY = timedelta(hours=24)


class DemoWeather:
    """Stores the virtual cities' weather as it becomes known."""

    def __init__(self, url: str, portfolio: Portfolio, clock: Clock) -> None:
        self._url = url
        self._cities = cities_of(portfolio)
        self._clock = clock
        self._told_at: datetime | None = None

    def begin(self, start: datetime) -> None:
        """Measured since `start` or since it was stored last; foreseen daily, lately."""
        now = self._clock()
        with connect(self._url) as connection:
            newest = newest_weather(connection, "synthetic")
            since = max(start, newest) if newest else start
            put_weather(connection, self._past(weather_places(connection), since, now))
        self._told_at = now

    def tell(self) -> None:
        """What has become known, once an hour."""
        now = self._clock()
        if self._told_at is not None and now - self._told_at < _EVERY:
            return
        past = now - self._told_at if self._told_at else _EVERY
        source = SyntheticWeather(cities=self._cities, past=past)
        with connect(self._url) as connection:
            put_weather(connection, source.values(weather_places(connection), now))
        self._told_at = now

    def _past(
        self, places: list[WeatherPlace], since: datetime, now: datetime
    ) -> Iterator[WeatherValue]:
        source = SyntheticWeather(cities=self._cities, past=now - since)
        yield from source.values(places, now)
        foreseen = SyntheticWeather(cities=self._cities, past=timedelta(0))
        at = max(since, now - timedelta(days=REPLAY_DAYS + 1))
        while at < now:
            yield from foreseen.values(places, at)
            at += _ISSUED_EVERY


def start_forecasts(
    processes: DemoProcesses, url: str, portfolio: Portfolio, since: datetime
) -> DemoWeather:
    """Tell the weather since then, and start forecasting in a process of its own."""
    weather = DemoWeather(url, portfolio, utc_now)
    weather.begin(since)
    replay = {"LOADSTONE_FORECAST_REPLAY_DAYS": str(REPLAY_DAYS)}
    processes.start("forecast", ["forecast", "follow"], replay)
    return weather
