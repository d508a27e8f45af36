"""What gateways say, whatever dialect they said it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from loadstone.domain.refusal import Refusal

ReadingKind = Literal["inst", "reg", "int", "dem", "bill"]


@dataclass(slots=True, kw_only=True)
class WireReading:
    """One reading as sent: `values` follows `quantities.QUANTITIES`, None where not measured.

    `extras` holds the fields that have no column (harmonics, tariff registers, inputs, x_*).
    Units are the protocol's: V, A, kW, kvar, kVA, kWh, kvarh, Hz; `ts_ms` is UTC epoch ms.
    """

    channel: str
    ts_ms: int
    kind: ReadingKind
    values: tuple[float | None, ...]
    quality: int = 0
    interval_s: int | None = None
    register_epoch: int | None = None
    extras: Mapping[str, float | bool | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadReading:
    """A reading of an otherwise good message that cannot be taken, with its bytes."""

    raw: bytes
    refusal: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """A batch of readings from one gateway."""

    gateway: str
    boot: int
    seq: int
    sent_ms: int
    readings: Sequence[WireReading]
    bad: Sequence[BadReading] = ()
    backfill: bool = False
    clock_synced: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """What a gateway says of itself and its meters when it comes up."""

    gateway: str
    boot: int
    model: str | None
    firmware: str | None
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A gateway is on or off the line; `why` is `lwt` when the broker says it in its stead."""

    gateway: str
    on: bool
    boot: int | None
    ts_ms: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEvent:
    """Something that happened at the premises; `kind` such as `register_exchange`."""

    gateway: str
    boot: int
    seq: int
    ts_ms: int
    kind: str
    channel: str | None
    details: Mapping[str, object] = field(default_factory=dict)


Message = Telemetry | Birth | Presence | GatewayEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One message as it came off the line; `message` is None where `refusal` says why.

    `again` marks one that is read a second time: it counts neither as news of its gateway nor among
    the gateway's numbered messages.
    """

    topic: str
    payload: bytes
    received_ms: int
    message: Message | None = None
    refusal: Refusal | None = None
    again: bool = False


class SinkUnavailableError(Exception):
    """What arrived cannot be stored now; nothing of it was, and it may be tried again."""
