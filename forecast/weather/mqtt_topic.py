"""Temperatures that somebody publishes: `loadstone/v1/weather/{site code}`.

{"v": 1, "t": 1774000000000, "temperature_c": 21.5} was measured at `t` (ms since the epoch);
{"v": 1, "issued": ..., "values": [[t, temperature_c], ...]} was foreseen at `issued`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Final

import msgspec

from forecast.weather.source import WeatherUnknownError
from loadstone.storage.weather_values import WeatherPlace, WeatherValue

TOPIC: Final = "loadstone/v1/weather/+"
_LONGEST_BYTES: Final = 262_144


class WeatherMessage(msgspec.Struct, kw_only=True):
    """What such a message holds."""

    v: int
    t: int | None = None
    temperature_c: float | None = None
    issued: int | None = None
    values: list[tuple[int, float]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttTopic:
    """Takes messages as they come, and tells what they said when it is asked."""

    name: str = "mqtt"
    _waiting: SimpleQueue[tuple[str, bytes]] = field(default_factory=SimpleQueue)

    def heard(self, topic: str, payload: bytes) -> None:
        """Put a message aside; from any thread."""
        self._waiting.put((topic.rsplit("/", 1)[-1], payload))

    def values(self, places: Sequence[WeatherPlace], now: datetime) -> Iterable[WeatherValue]:
        """What came since it was asked last; raises WeatherUnknownError for a bad message."""
        ids = {one.code: one.site_id for one in places}
        while True:
            try:
                code, payload = self._waiting.get_nowait()
            except Empty:
                return
            if code not in ids:
                raise WeatherUnknownError(f"no site has the code {code!r}")
            yield from self._told(ids[code], payload, now)

    def _told(self, site_id: int, payload: bytes, now: datetime) -> Iterable[WeatherValue]:
        if len(payload) > _LONGEST_BYTES:
            raise WeatherUnknownError(f"a message of {len(payload)} bytes")
        try:
            message = msgspec.json.decode(payload, type=WeatherMessage)
        except msgspec.MsgspecError as error:
            raise WeatherUnknownError(f"a message cannot be read: {error}") from error
        told = list(message.values)
        if message.t is not None and message.temperature_c is not None:
            told.append((message.t, message.temperature_c))
        issued = now if message.issued is None else min(_instant(message.issued), now)
        for at_ms, temperature_c in told:
            valid_at = _instant(at_ms)
            yield WeatherValue(
                site_id=site_id,
                valid_at=valid_at,
                known_at=issued if message.issued is not None else now,
                source=self.name,
                measured=message.issued is None and valid_at <= now,
                temperature_c=temperature_c,
            )


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
