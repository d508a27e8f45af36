"""Settings and signals for commands that run until they are told to stop."""

from __future__ import annotations

import signal
from threading import Event
from types import FrameType

import click
from pydantic import ValidationError

from loadstone.settings import Settings
from loadstone.telemetry import configure_logging


def load_settings() -> Settings:
    """Read LOADSTONE_* and set up logging; a wrong setting is named, with its rule."""
    try:
        settings = Settings()  # type: ignore[call-arg]  # every field has a default
    except ValidationError as error:
        lines = [
            f"LOADSTONE_{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg']}"
            for e in error.errors()
        ]
        raise click.ClickException("\n".join(lines)) from error
    configure_logging(settings.log_format, settings.log_level)
    return settings


def database_url(settings: Settings) -> str:
    """The database's address, or an error that says how to give it."""
    if settings.database_url is None:
        raise click.ClickException(
            "LOADSTONE_DATABASE_URL is not set: e.g. postgresql://user:password@host:5432/loadstone"
        )
    return settings.database_url.get_secret_value()


def mqtt_url(settings: Settings) -> str:
    """The broker's address, or an error that says how to give it."""
    if settings.mqtt_url is None:
        raise click.ClickException(
            "LOADSTONE_MQTT_URL is not set: e.g. mqtt://collector:password@host:1883"
        )
    return settings.mqtt_url.get_secret_value()


def stop_on_signals() -> Event:
    """An event that Ctrl-C and SIGTERM set."""
    stop = Event()

    def set_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, set_stop)
    signal.signal(signal.SIGTERM, set_stop)
    return stop
