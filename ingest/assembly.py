"""From messages to columns: who said it, whether it can be dated, and where it belongs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from ingest.directory import Directory
from loadstone.domain.messages import Arrival, Telemetry, WireReading
from loadstone.domain.quality import Quality
from loadstone.domain.quantities import FIRST_REGISTER, QUANTITIES, REGISTERS
from loadstone.domain.refusal import Refusal
from loadstone.domain.registry import MeterLimits
from loadstone.domain.time_bounds import EARLIEST_MS, EARLIEST_RULE
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.ingest_writes import ExtraEntry, IntervalEntry, QuarantineEntry

FUTURE_LIMIT_MS = 300_000
SKEW_LIMIT_MS = 300_000
KEPT_PAYLOAD_BYTES = 1_048_576
KEPT_HEAD_BYTES = 65_536

_FUTURE_RULE = "may be at most 300 s later than the server's clock"


def instant(ms: int) -> datetime:
    """UTC epoch milliseconds as an instant."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def quarantine_entry(
    arrival: Arrival,
    refusal: Refusal,
    *,
    raw: bytes | None = None,
    gateway: str | None = None,
    channel: str | None = None,
    meter_id: int | None = None,
    ts_ms: int | None = None,
) -> QuarantineEntry:
    """What is kept of something refused: the whole of it, or a large payload's head and size.

    The fingerprint makes a redelivered message count, not double; values of one meter and field
    that break the same rule again and again within an hour share one entry.
    """
    payload = arrival.payload if raw is None else raw
    if refusal.code in ("implausible", "register_break", "register_jump"):
        hour = (ts_ms or arrival.received_ms) // 3_600_000
        about = f"{meter_id}|{refusal.code}|{refusal.field}|{hour}".encode()
    else:
        about = b"|".join([arrival.topic.encode(), payload, refusal.code.encode()])
        about += (refusal.field or "").encode()
    kept = payload if len(payload) <= KEPT_PAYLOAD_BYTES else payload[:KEPT_HEAD_BYTES]
    return QuarantineEntry(
        fingerprint=hashlib.sha256(about).digest(),
        received_at=instant(arrival.received_ms),
        topic=arrival.topic,
        refusal=refusal,
        payload=kept,
        payload_bytes=len(payload),
        gateway_code=gateway,
        meter_code=channel,
        meter_id=meter_id,
        ts=None if ts_ms is None or not EARLIEST_MS <= ts_ms < 2**42 else instant(ts_ms),
    )


@dataclass(slots=True)
class Assembly:
    """Rows of many messages, collected column by column."""

    meter_ids: list[int] = field(default_factory=list)
    ts_ms: list[int] = field(default_factory=list)
    received_ms: list[int] = field(default_factory=list)
    shown_ms: list[int] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)
    declared: list[int] = field(default_factory=list)
    rows: list[NDArray[np.float64]] = field(default_factory=list)
    sources: list[Arrival] = field(default_factory=list)
    intervals: list[IntervalEntry] = field(default_factory=list)
    extras: list[ExtraEntry] = field(default_factory=list)
    quarantine: list[QuarantineEntry] = field(default_factory=list)
    limits: dict[int, MeterLimits] = field(default_factory=dict)
    channel_of: dict[int, tuple[str, str]] = field(default_factory=dict)

    def add(
        self,
        connection: Connection,
        directory: Directory,
        arrival: Arrival,
        message: Telemetry,
    ) -> None:
        """Take the readings of one message; those that cannot be taken go to quarantine."""
        for bad in message.bad:
            self.quarantine.append(
                quarantine_entry(arrival, bad.refusal, raw=bad.raw, gateway=message.gateway)
            )
        bits = _message_bits(arrival, message)
        shown_ms = _shown_ms(arrival, message)
        if self._add_whole(directory, arrival, message, bits, shown_ms):
            return
        latest_ms = arrival.received_ms + FUTURE_LIMIT_MS
        for at, reading in enumerate(message.readings):
            ts_ms = reading.ts_ms
            if not EARLIEST_MS <= ts_ms <= latest_ms:
                self._refuse(arrival, message, reading, _bad_clock(ts_ms))
                continue
            meter = directory.meter(connection, message.gateway, reading.channel, ts_ms)
            if meter is None:
                self._refuse(arrival, message, reading, _unknown_meter(reading.channel))
                continue
            meter_id = meter.meter_id
            if meter_id not in self.limits:
                self.limits[meter_id] = meter
                self.channel_of[meter_id] = (message.gateway, reading.channel)
            if reading.extras or reading.kind not in _ROWS:
                self._aside(arrival, reading, meter_id, reading.quality | bits)
            if reading.kind in _ROWS:
                self.meter_ids.append(meter_id)
                self.ts_ms.append(ts_ms)
                self.received_ms.append(arrival.received_ms)
                self.shown_ms.append(ts_ms if shown_ms is None else shown_ms)
                self.quality.append(reading.quality | bits)
                self.declared.append(_declared(reading.register_epoch))
                self.rows.append(message.readings.values[at : at + 1])
                self.sources.append(arrival)

    def _add_whole(
        self,
        directory: Directory,
        arrival: Arrival,
        message: Telemetry,
        bits: int,
        shown_ms: int | None,
    ) -> bool:
        """Take all readings of a message at once, if each is a plain row of a known meter."""
        readings = message.readings
        if not len(readings) or readings.extras or not _ROWS.issuperset(readings.kinds):
            return False
        first_ms, last_ms = min(readings.ts_ms), max(readings.ts_ms)
        if first_ms < EARLIEST_MS or last_ms > arrival.received_ms + FUTURE_LIMIT_MS:
            return False
        group = directory.group(message.gateway, readings.channels, first_ms, last_ms)
        if group is None:
            return False
        count = len(readings)
        self.limits.update(group.limits)
        self.channel_of.update(group.channel_of)
        self.meter_ids += group.meter_ids
        self.ts_ms += readings.ts_ms
        self.received_ms += [arrival.received_ms] * count
        self.shown_ms += readings.ts_ms if shown_ms is None else [shown_ms] * count
        self.quality += [each | bits for each in readings.quality] if bits else readings.quality
        epochs = readings.register_epochs
        silent = epochs.count(None) == count
        self.declared += [-1] * count if silent else [_declared(each) for each in epochs]
        self.rows.append(readings.values)
        self.sources += [arrival] * count
        return True

    def values(self) -> NDArray[np.float64]:
        """The measured values, (n, quantities), NaN where not measured."""
        return np.concatenate(self.rows)

    def _refuse(
        self, arrival: Arrival, message: Telemetry, reading: WireReading, refusal: Refusal
    ) -> None:
        self.quarantine.append(
            quarantine_entry(
                arrival,
                refusal,
                raw=_as_sent(reading),
                gateway=message.gateway,
                channel=reading.channel,
                ts_ms=reading.ts_ms,
            )
        )

    def _aside(self, arrival: Arrival, reading: WireReading, meter_id: int, quality: int) -> None:
        """Interval energies, and all fields without a column."""
        ts = instant(reading.ts_ms)
        others = dict(reading.extras or {})
        if reading.kind not in _ROWS:
            named = zip(QUANTITIES, reading.values, strict=True)
            others |= {q.field: value for q, value in named if value is not None}
        if reading.kind == "int" and reading.interval_s is not None:
            amounts = reading.values[FIRST_REGISTER:]
            if any(amount is not None for amount in amounts):
                self.intervals.append(
                    IntervalEntry(
                        meter_id=meter_id,
                        ts=ts,
                        interval_s=reading.interval_s,
                        quality=quality,
                        lag_s=(arrival.received_ms - reading.ts_ms) // 1000,
                        amounts_wh=tuple(None if a is None else round(a * 1000) for a in amounts),
                    )
                )
                others = {k: v for k, v in others.items() if k not in _REGISTER_FIELDS}
        self.extras += [
            ExtraEntry(
                meter_id=meter_id,
                ts=ts,
                kind=reading.kind,
                field=name,
                interval_s=reading.interval_s or 0,
                value=None if value is None else float(value),
                quality=quality,
            )
            for name, value in others.items()
        ]


_ROWS = frozenset(("inst", "reg"))


def _declared(register_epoch: int | None) -> int:
    return -1 if register_epoch is None else register_epoch


_REGISTER_FIELDS = {quantity.field for quantity in REGISTERS}


def _message_bits(arrival: Arrival, message: Telemetry) -> int:
    bits = int(Quality.BACKFILL) if message.backfill else 0
    skew_ms = abs(arrival.received_ms - message.sent_ms)
    if not message.clock_synced or skew_ms > SKEW_LIMIT_MS:
        bits |= int(Quality.CLOCK_UNSYNCED)
    return bits


def _shown_ms(arrival: Arrival, message: Telemetry) -> int | None:
    """When readings are shown as having been taken, where their own clock is not to be believed.

    A message that was sent long ago by a good clock was held up on its way: it stays old.
    """
    ahead = message.sent_ms - arrival.received_ms > SKEW_LIMIT_MS
    return arrival.received_ms if ahead or not message.clock_synced else None


def _bad_clock(ts_ms: int) -> Refusal:
    if ts_ms < EARLIEST_MS:
        return Refusal(code="time_too_old", field="t", value=str(ts_ms), rule=EARLIEST_RULE)
    return Refusal(code="time_in_future", field="t", value=str(ts_ms), rule=_FUTURE_RULE)


def _unknown_meter(channel: str) -> Refusal:
    return Refusal(
        code="unknown_meter",
        field="m",
        value=channel,
        rule="must be a meter that the registry connects to this gateway at that time",
    )


def _as_sent(reading: WireReading) -> bytes:
    """The reading as JSON again, in the protocol's own terms."""
    fields: dict[str, float | bool | None] = {
        quantity.field: value
        for quantity, value in zip(QUANTITIES, reading.values, strict=True)
        if value is not None
    }
    fields.update(reading.extras or {})
    document: dict[str, object] = {
        "m": reading.channel, "t": reading.ts_ms, "k": reading.kind, "q": reading.quality,
        "f": fields,
    }  # fmt: skip
    if reading.interval_s is not None:
        document["dt"] = reading.interval_s
    if reading.register_epoch is not None:
        document["ep"] = reading.register_epoch
    return msgspec.json.encode(document)
