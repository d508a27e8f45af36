"""Intervals as a gateway's messages, sent over MQTT as fast as told and acknowledged."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic, sleep

from loadstone.clock import Clock
from simulator.encoder import Reading, reading, telemetry_message
from simulator.interval_series import IntervalSeries, RegisterPoints, register_points
from simulator.replay_line import ReplayLine

INTERVALS_PER_MESSAGE = 48
BACKFILL_AGE_MS = 3_600_000
_ID_END = 64

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayMeter:
    """Who speaks: the gateway, its session number, and the meter's name on it."""

    gateway: str
    boot: int
    meter: str
    has_export: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayMessage:
    """One telemetry message and the instant (UTC epoch ms) of its newest reading."""

    newest_ms: int
    payload: bytes
    readings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What went out and was acknowledged by the broker."""

    messages: int
    readings: int


def meter_code(name: str) -> str:
    """A name as an id of the protocol: `LP_Ö_Büro` becomes `LP_O_Buro`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    code = re.sub(r"[^A-Za-z0-9_.:-]+", "-", plain).lstrip("_.:-").rstrip("-")[:_ID_END]
    return code or "METER-1"


def messages(who: ReplayMeter, points: RegisterPoints, clock: Clock) -> Iterator[ReplayMessage]:
    """Telemetry messages in order of time, each made when it is asked for."""
    for seq, first in enumerate(range(0, len(points.ts_ms), INTERVALS_PER_MESSAGE), start=1):
        last = min(first + INTERVALS_PER_MESSAGE, len(points.ts_ms))
        rows = [each for at in range(first, last) for each in _readings(who, points, at)]
        now_ms = int(clock().timestamp() * 1000)
        newest_ms = int(points.ts_ms[last - 1])
        payload = telemetry_message(
            who.gateway, who.boot, seq, now_ms, rows, now_ms - newest_ms > BACKFILL_AGE_MS
        )
        yield ReplayMessage(newest_ms=newest_ms, payload=payload, readings=len(rows))


def birth(who: ReplayMeter, series: IntervalSeries, now_ms: int) -> bytes:
    """What the gateway says of itself: one meter that shows registers and mean power."""
    body = {
        "v": 1, "gw": who.gateway, "boot": who.boot, "t": now_ms,
        "fw": "1", "model": "interval replay",
        "meters": [
            {"m": who.meter, "wiring": "3P4W", "dt_s": series.step_ms // 1000,
             "fields": ["p", "ep_imp", *(["ep_exp"] if who.has_export else [])]}
        ],
    }  # fmt: skip
    return json.dumps(body, separators=(",", ":")).encode()


def replay(
    line: ReplayLine,
    who: ReplayMeter,
    series: IntervalSeries,
    *,
    speed_up: float,
    clock: Clock,
    progress: Progress,
) -> Sent:
    """Send birth and all readings, and wait until the broker has acknowledged every message.

    `speed_up` 3600 sends an hour of the file in a second, infinity as fast as acknowledged.
    Raises GatewayLineError.
    """
    points = register_points(series)
    line.publish("birth", birth(who, series, int(clock().timestamp() * 1000)), retain=True)
    total = -(-len(points.ts_ms) // INTERVALS_PER_MESSAGE)
    began, first_ms, readings, sent = monotonic(), int(points.ts_ms[0]), 0, 0
    for message in messages(who, points, clock):
        due = began + (message.newest_ms - first_ms) / 1000 / speed_up
        sleep(max(0.0, due - monotonic()))
        line.publish("tele", message.payload)
        sent, readings = sent + 1, readings + message.readings
        progress(sent, total)
    line.drain()
    return Sent(messages=sent, readings=readings)


def _readings(who: ReplayMeter, points: RegisterPoints, at: int) -> Iterator[Reading]:
    ts_ms, power_kw = int(points.ts_ms[at]), float(points.power_kw[at])
    if power_kw == power_kw:
        yield reading(who.meter, ts_ms, "inst", {"p": power_kw})
    registers = {"ep_imp": float(points.import_kwh[at])}
    if who.has_export:
        registers["ep_exp"] = float(points.export_kwh[at])
    yield reading(who.meter, ts_ms, "reg", registers, epoch=int(points.epoch[at]))
