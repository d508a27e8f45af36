"""Who may say what: gateways and the meters they carry, as the registry has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from loadstone.domain.registry import MeterLimits
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.ingest_reads import channels, gateway_ids

_ALWAYS_MS = (-(2**62), 2**62)
_MOST_GROUPS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The meters that a gateway means by some names in a row, at any instant of [from, to) ms."""

    meter_ids: list[int]
    limits: dict[int, MeterLimits]
    channel_of: dict[int, tuple[str, str]]
    from_ms: int
    to_ms: int


class Directory:
    """A copy of the registry in memory, read again when something unknown turns up.

    Unknown names cause at most one reading of the registry per `patience_s`, so that a stranger's
    flood costs nothing; everything is read again every `refresh_s`.
    """

    def __init__(
        self,
        *,
        patience_s: float = 2.0,
        refresh_s: float = 30.0,
        elapsed_s: Callable[[], float] = monotonic,
    ) -> None:
        self._patience_s = patience_s
        self._refresh_s = refresh_s
        self._elapsed_s = elapsed_s
        self._read_at_s: float | None = None
        self._gateways: dict[str, int] = {}
        self._channels: dict[tuple[str, str], list[tuple[int, int, MeterLimits]]] = {}
        self._groups: dict[tuple[str, tuple[str, ...]], Group] = {}

    def refresh(self, connection: Connection) -> None:
        """Read the registry if it was not read lately."""
        if self._age_s() > self._refresh_s:
            self._read(connection)

    def gateway(self, connection: Connection, code: str) -> int | None:
        """The id of a gateway in service, or None."""
        if code not in self._gateways and self._age_s() > self._patience_s:
            self._read(connection)
        return self._gateways.get(code)

    def meter(
        self, connection: Connection, gateway: str, channel: str, ts_ms: int
    ) -> MeterLimits | None:
        """The meter that a gateway means by a name at an instant, or None."""
        spans = self._channels.get((gateway, channel))
        if spans is None:
            if self._age_s() <= self._patience_s:
                return None
            self._read(connection)
            spans = self._channels.get((gateway, channel), [])
        for from_ms, to_ms, limits in spans:
            if from_ms <= ts_ms < to_ms:
                return limits
        return None

    def group(
        self, gateway: str, channels: Sequence[str], first_ms: int, last_ms: int
    ) -> Group | None:
        """The meters behind names that are all known for a whole span; None otherwise.

        Gateways send the same names again and again, so they are looked up once.
        """
        key = (gateway, tuple(channels))
        found = self._groups.get(key)
        if found is None or not (found.from_ms <= first_ms and last_ms < found.to_ms):
            found = self._make_group(gateway, channels, first_ms)
            if found is None or last_ms >= found.to_ms:
                return None
            if len(self._groups) >= _MOST_GROUPS:
                self._groups.clear()
            self._groups[key] = found
        return found

    def _make_group(self, gateway: str, channels: Sequence[str], at_ms: int) -> Group | None:
        meters: list[MeterLimits] = []
        from_ms, to_ms = _ALWAYS_MS
        for channel in channels:
            spans = self._channels.get((gateway, channel), ())
            span = next((each for each in spans if each[0] <= at_ms < each[1]), None)
            if span is None:
                return None
            from_ms, to_ms = max(from_ms, span[0]), min(to_ms, span[1])
            meters.append(span[2])
        return Group(
            meter_ids=[meter.meter_id for meter in meters],
            limits={meter.meter_id: meter for meter in meters},
            channel_of={
                meter.meter_id: (gateway, channel)
                for meter, channel in zip(meters, channels, strict=True)
            },
            from_ms=from_ms,
            to_ms=to_ms,
        )

    def _age_s(self) -> float:
        return float("inf") if self._read_at_s is None else self._elapsed_s() - self._read_at_s

    def _read(self, connection: Connection) -> None:
        self._gateways = gateway_ids(connection)
        self._channels, self._groups = {}, {}
        for row in channels(connection):
            from_ms = round(row.valid_from.timestamp() * 1000) if row.valid_from else _ALWAYS_MS[0]
            to_ms = round(row.valid_to.timestamp() * 1000) if row.valid_to else _ALWAYS_MS[1]
            key = (row.gateway_code, row.channel)
            self._channels.setdefault(key, []).append((from_ms, to_ms, row.limits))
        self._read_at_s = self._elapsed_s()
