"""Many readings as columns: the form in which they are checked and stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loadstone.domain.quantities import FIRST_REGISTER, QUANTITIES, REGISTERS


@dataclass(slots=True, kw_only=True)
class ReadingBatch:
    """Readings sorted by (meter_id, ts_ms), each pair once.

    Arrays share length n; `values` is (n, len(QUANTITIES)) in the protocol's units with NaN where
    not measured. `epoch` is the register epoch, -1 where the registers are not trusted.
    """

    meter_id: NDArray[np.int32]
    ts_ms: NDArray[np.int64]
    quality: NDArray[np.int32]
    lag_s: NDArray[np.int32]
    epoch: NDArray[np.int16]
    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.meter_id)

    @property
    def registers_wh(self) -> NDArray[np.float64]:
        """Registers in whole Wh and varh, (n, 8), NaN where not read."""
        return np.rint(self.values[:, FIRST_REGISTER:] * REGISTERS[0].scale)

    @property
    def has_register(self) -> NDArray[np.bool_]:
        """Whether any register was read, (n,)."""
        known: NDArray[np.bool_] = ~np.isnan(self.values[:, FIRST_REGISTER:])
        return np.asarray(known.any(axis=1))

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> ReadingBatch:
        """The rows at these positions, or where this mask is true."""
        return ReadingBatch(
            meter_id=self.meter_id[rows],
            ts_ms=self.ts_ms[rows],
            quality=self.quality[rows],
            lag_s=self.lag_s[rows],
            epoch=self.epoch[rows],
            values=self.values[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A batch of n rows made of m readings.

    `source`, (n,), is each row's first reading; `row_of`, (m,), is each reading's row.
    """

    batch: ReadingBatch
    source: NDArray[np.intp]
    row_of: NDArray[np.intp]


def merge(
    meter_id: NDArray[np.int32],
    ts_ms: NDArray[np.int64],
    quality: NDArray[np.int32],
    lag_s: NDArray[np.int32],
    values: NDArray[np.float64],
) -> Merged:
    """Sort by meter and time, and make one row of all that was said of one meter and instant.

    The later value wins, a missing one never does; quality bits add up.
    """
    order = np.lexsort((ts_ms, meter_id))
    meter_id, ts_ms, quality = meter_id[order], ts_ms[order], quality[order]
    lag_s, values = lag_s[order], values[order]
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = (np.diff(meter_id) != 0) | (np.diff(ts_ms) != 0)
    group = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    if len(first) < len(order):
        merged = values[first].copy()
        bits = quality[first].copy()
        within = np.arange(len(order)) - first[group]
        for place in range(1, int(within.max()) + 1):
            rows = np.flatnonzero(within == place)
            target = group[rows]
            merged[target] = np.where(np.isnan(values[rows]), merged[target], values[rows])
            bits[target] |= quality[rows]
        values, quality = merged, bits
        meter_id, ts_ms, lag_s = meter_id[first], ts_ms[first], lag_s[first]
    row_of = np.empty(len(order), dtype=np.intp)
    row_of[order] = group
    batch = ReadingBatch(
        meter_id=meter_id,
        ts_ms=ts_ms,
        quality=quality,
        lag_s=lag_s,
        epoch=np.zeros(len(meter_id), dtype=np.int16),
        values=values,
    )
    return Merged(batch=batch, source=order[first], row_of=row_of)


def empty_batch() -> ReadingBatch:
    """A batch of no readings."""
    return ReadingBatch(
        meter_id=np.empty(0, np.int32),
        ts_ms=np.empty(0, np.int64),
        quality=np.empty(0, np.int32),
        lag_s=np.empty(0, np.int32),
        epoch=np.empty(0, np.int16),
        values=np.empty((0, len(QUANTITIES))),
    )
