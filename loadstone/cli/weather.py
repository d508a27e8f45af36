"""`loadstone weather`: temperatures from a file, or from a server at once."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.weather.csv_file import CsvFile
from forecast.weather.open_meteo import OpenMeteo
from forecast.weather.source import WeatherSource, WeatherUnknownError
from loadstone.cli.environment import database_url, load_settings
from loadstone.cli.weather_jobs import take_weather
from loadstone.clock import utc_now
from loadstone.settings import Settings


@click.group()
def weather() -> None:
    """Bring in temperatures, measured and foreseen, for the forecasts."""


@weather.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_command(file: Path) -> None:
    """Take temperatures from a CSV FILE with the columns site, valid_at, temperature_c, known_at.

    Without known_at a value was measured; else it was foreseen then. All or nothing is taken.
    """
    _take(load_settings(), CsvFile(path=file))


@weather.command()
def fetch() -> None:
    """Ask the server of LOADSTONE_WEATHER_URL once; `loadstone work` asks it by itself."""
    settings = load_settings()
    if settings.weather_url is None:
        raise click.ClickException(
            "LOADSTONE_WEATHER_URL is not set: e.g. https://api.open-meteo.com/v1/forecast"
        )
    _take(settings, OpenMeteo(url=settings.weather_url))


def _take(settings: Settings, source: WeatherSource) -> None:
    try:
        count = take_weather(database_url(settings), source, utc_now)
    except WeatherUnknownError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} temperatures were new")
