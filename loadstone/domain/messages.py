"""What gateways say, whatever dialect they said it in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from loadstone.domain.quantities import QUANTITIES
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
class Readings(Sequence[WireReading]):
    """The readings of one message, column by column, all of one length n.

    `values` is (n, len(QUANTITIES)) with NaN where not measured; `extras` is None where no reading
    has any. Taken one by one they are WireReadings.
    """

    channels: Sequence[str]
    ts_ms: Sequence[int]
    kinds: Sequence[ReadingKind]
    values: NDArray[np.float64]
    quality: Sequence[int]
    intervals_s: Sequence[int | None]
    register_epochs: Sequence[int | None]
    extras: Sequence[Mapping[str, float | bool | None] | None] | None = None

    @classmethod
    def of(cls, readings: Iterable[WireReading]) -> Readings:
        """Readings that were read one by one."""
        each = list(readings)
        rows = np.array([one.values for one in each], dtype=np.float64)
        return cls(
            channels=[one.channel for one in each],
            ts_ms=[one.ts_ms for one in each],
            kinds=[one.kind for one in each],
            values=rows.reshape(len(each), len(QUANTITIES)),
            quality=[one.quality for one in each],
            intervals_s=[one.interval_s for one in each],
            register_epochs=[one.register_epoch for one in each],
            extras=[one.extras for one in each] if any(one.extras for one in each) else None,
        )

    def __len__(self) -> int:
        return len(self.channels)

    @overload
    def __getitem__(self, at: int) -> WireReading: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[WireReading]: ...

    def __getitem__(self, at: int | slice) -> WireReading | Sequence[WireReading]:
        if isinstance(at, slice):
            return [self._one(place) for place in range(*at.indices(len(self)))]
        return self._one(at)

    def _one(self, at: int) -> WireReading:
        return WireReading(
            channel=self.channels[at],
            ts_ms=self.ts_ms[at],
            kind=self.kinds[at],
            values=tuple(None if v != v else v for v in self.values[at].tolist()),
            quality=self.quality[at],
            interval_s=self.intervals_s[at],
            register_epoch=self.register_epochs[at],
            extras=self.extras[at] if self.extras else None,
        )


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
    readings: Readings
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
