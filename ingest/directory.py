"""Who may say what: gateways and the meters they carry, as the registry has them."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from loadstone.domain.registry import MeterLimits
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.ingest_reads import channels, gateway_ids

_ALWAYS_MS = (-(2**62), 2**62)


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

    def _age_s(self) -> float:
        return float("inf") if self._read_at_s is None else self._elapsed_s() - self._read_at_s

    def _read(self, connection: Connection) -> None:
        self._gateways = gateway_ids(connection)
        self._channels = {}
        for row in channels(connection):
            from_ms = round(row.valid_from.timestamp() * 1000) if row.valid_from else _ALWAYS_MS[0]
            to_ms = round(row.valid_to.timestamp() * 1000) if row.valid_to else _ALWAYS_MS[1]
            key = (row.gateway_code, row.channel)
            self._channels.setdefault(key, []).append((from_ms, to_ms, row.limits))
        self._read_at_s = self._elapsed_s()
