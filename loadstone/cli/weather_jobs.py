"""Weather beside the other jobs of `loadstone work`: asked for over HTTP, heard over MQTT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from time import monotonic
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion

from forecast.weather.mqtt_topic import TOPIC, MqttTopic
from forecast.weather.open_meteo import OpenMeteo
from forecast.weather.source import WeatherSource, WeatherUnknownError
from loadstone.cli.environment import database_url, mqtt_url
from loadstone.clock import Clock, utc_now
from loadstone.settings import Settings
from loadstone.storage.pool import connect
from loadstone.storage.read_only import DATABASE_AWAY
from loadstone.storage.weather_values import put_weather, weather_places

_log = structlog.get_logger(__name__)
_HEARD_EVERY_S = 10.0
_NOT_NOW: tuple[type[Exception], ...] = (WeatherUnknownError, *DATABASE_AWAY)


def take_weather(url: str, source: WeatherSource, clock: Clock) -> int:
    """Store what a source knows; how many values were new. Raises WeatherUnknownError."""
    with connect(url) as connection:
        values = source.values(weather_places(connection), clock())
        return put_weather(connection, values)


@contextmanager
def weather_jobs(settings: Settings, stop: Event) -> Iterator[None]:
    """Nothing where neither a server nor the broker is asked for weather."""
    sources: list[tuple[WeatherSource, float]] = []
    with ExitStack() as stack:
        if settings.weather_url is not None:
            every_s = float(settings.weather_every_s)
            sources.append((OpenMeteo(url=settings.weather_url), every_s))
        if settings.weather_mqtt:
            sources.append((stack.enter_context(_listening(mqtt_url(settings))), _HEARD_EVERY_S))
        thread = Thread(
            target=_take, args=[database_url(settings), sources, stop], name="weather", daemon=True
        )
        if sources:
            thread.start()
        yield
        if sources:
            thread.join(15)


def _take(url: str, sources: Sequence[tuple[WeatherSource, float]], stop: Event) -> None:
    """Each source in its time; what could not be had now is asked for again next time."""
    due_s = [monotonic()] * len(sources)
    while not stop.is_set():
        for place, (source, every_s) in enumerate(sources):
            if monotonic() < due_s[place]:
                continue
            due_s[place] = monotonic() + every_s
            try:
                count = take_weather(url, source, utc_now)
            except _NOT_NOW as error:
                _log.warning("weather_not_taken", source=source.name, error=str(error).strip())
                continue
            if count:
                _log.info("weather_taken", source=source.name, values=count)
        stop.wait(1.0)


@contextmanager
def _listening(url: str) -> Iterator[MqttTopic]:
    """A connection of its own, so that a message of weather never waits for one of readings."""
    topic = MqttTopic()
    parts = urlsplit(url)
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    if parts.username:
        password = unquote(parts.password) if parts.password else None
        client.username_pw_set(unquote(parts.username), password)
    if parts.scheme == "mqtts":
        client.tls_set()

    def subscribe(client: paho.Client, *_rest: object) -> None:
        client.subscribe(TOPIC, qos=1)

    def heard(_client: paho.Client, _userdata: object, message: paho.MQTTMessage) -> None:
        topic.heard(message.topic, bytes(message.payload))

    client.on_connect = subscribe
    client.on_message = heard
    default_port = 8883 if parts.scheme == "mqtts" else 1883
    client.connect_async(parts.hostname or "127.0.0.1", parts.port or default_port)
    client.loop_start()
    yield topic
    client.disconnect()
    client.loop_stop()
