"""Whole stretches of a meter's past, judged and stored like what gateways send."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.assembly import quarantine_entry
from ingest.plausibility import screen
from ingest.registers import RegisterKeeper, write_judgement
from loadstone.domain.batch import merge
from loadstone.domain.messages import Arrival
from loadstone.domain.quality import Quality
from loadstone.domain.quantities import POSITION, QUANTITIES
from loadstone.domain.refusal import Refusal
from loadstone.domain.registry import MeterLimits
from loadstone.storage.ingest_connection import IngestConnection
from loadstone.storage.ingest_writes import QuarantineEntry, store_quarantine
from loadstone.storage.readings import (
    ensure_partitions,
    mark_dirty,
    store_latest,
    store_readings,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a history is said to come from: its gateway and the gateway's name for the meter."""

    gateway: str
    channel: str

    def entry(self, meter_id: int, ts_ms: int, refusal: Refusal) -> QuarantineEntry:
        """What is kept of a value that was refused or flagged."""
        topic = f"loadstone/v1/gw/{self.gateway}/up/tele"
        document = {"m": self.channel, "t": ts_ms, "f": {refusal.field or "": refusal.value}}
        arrival = Arrival(topic=topic, payload=b"", received_ms=ts_ms + 1000)
        return quarantine_entry(
            arrival,
            refusal,
            raw=json.dumps(document).encode(),
            gateway=self.gateway,
            channel=self.channel,
            meter_id=meter_id,
            ts_ms=ts_ms,
        )


class HistoryLoader:
    """Stores columns of readings, a meter at a time, by the rules of the pipeline."""

    def __init__(self, connection: IngestConnection) -> None:
        self._database = connection
        self._keeper = RegisterKeeper()
        self._months: set[int] = set()

    def load(
        self,
        meter: MeterLimits,
        source: Source,
        ts_ms: NDArray[np.int64],
        fields: Mapping[str, NDArray[np.float64]],
        quality: NDArray[np.int32],
    ) -> int:
        """Store one meter's readings, (n,) each, in the protocol's units; returns the rows.

        Fields without a column of their own are left out: this is for known sources, not gateways.
        """
        if not len(ts_ms):
            return 0
        values = np.full((len(ts_ms), len(QUANTITIES)), np.nan)
        for name, column in fields.items():
            if name in POSITION:
                values[:, POSITION[name]] = column
        meter_ids = np.full(len(ts_ms), meter.meter_id, dtype=np.int32)
        lag_s = np.ones(len(ts_ms), dtype=np.int32)
        batch = merge(meter_ids, ts_ms, quality, lag_s, values).batch
        limits = {meter.meter_id: meter}
        with self._database.session() as connection:
            ensure_partitions(connection, batch.ts_ms, self._months)
        with self._database.transaction() as connection:
            flags = [(found.row, found.refusal) for found in screen(batch, limits)]
            undeclared = np.full(len(batch), -1, dtype=np.int64)
            judgement = self._keeper.judge(connection, batch, undeclared, limits)
            write_judgement(connection, judgement)
            entries = [
                source.entry(meter.meter_id, int(batch.ts_ms[row]), refusal)
                for row, refusal in [*flags, *judgement.flags]
            ]
            store_quarantine(connection, entries)
            store_readings(connection, batch, fresh=True)
            live = (batch.quality & int(Quality.BACKFILL)) == 0
            if live.any():
                shown = batch.take(live)
                store_latest(connection, shown, shown.ts_ms + 1000)
            mark_dirty(connection, batch.meter_id, batch.ts_ms)
        return len(batch)
