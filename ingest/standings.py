"""Where the registers of many meters stand, as columns: what simply goes on is judged at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from loadstone.domain.quantities import REGISTERS
from loadstone.domain.register_track import RegisterTrack
from loadstone.domain.registers import HEADROOM, MS_PER_HOUR, RegisterPoint

NOT_DECLARED = -1
_NEVER_MS = np.iinfo(np.int64).max
_COLUMNS = np.dtype(
    [
        ("ts_ms", np.int64),
        ("registers_wh", np.float64, (len(REGISTERS),)),
        ("most_w", np.float64),
        ("slack_wh", np.float64),
        ("declared", np.int64),
        ("calm", np.bool_),
        ("epoch", np.int16),
        ("ahead", np.bool_),
    ]
)


class Standings:
    """The last trusted reading of every meter's track, and what may follow it.

    Where readings simply went on, only the columns know: `track` brings a track up to date.
    """

    def __init__(self) -> None:
        self._tracks: dict[int, RegisterTrack] = {}
        self._slots: dict[int, int] = {}
        self._table = np.zeros(64, dtype=_COLUMNS)

    def clear(self) -> None:
        """Forget every meter."""
        self._tracks.clear()
        self._slots.clear()

    def __contains__(self, meter_id: int) -> bool:
        return meter_id in self._slots

    def put(self, meter_id: int, track: RegisterTrack) -> None:
        """Know a meter by its track, from its last reading on."""
        slot = self._slots.setdefault(meter_id, len(self._slots))
        if slot == len(self._table):
            self._table = np.concatenate([self._table, np.zeros_like(self._table)])
        self._tracks[meter_id] = track
        last, limits = track.last, track.limits
        values = (None,) * len(REGISTERS) if last is None else last.values
        self._table[slot] = (
            _NEVER_MS if last is None else last.ts_ms,
            [np.nan if value is None else value for value in values],
            np.inf if limits.max_power_w is None else limits.max_power_w,
            limits.slack_wh,
            NOT_DECLARED if track.declared_epoch is None else track.declared_epoch,
            last is None or track.horizon_ms == last.ts_ms,
            track.epoch,
            False,
        )

    def track(self, meter_id: int) -> RegisterTrack:
        """A meter's track, up to date."""
        track, row = self._tracks[meter_id], self._table[self._slots[meter_id]]
        if row["ahead"]:
            values = tuple(None if v != v else int(v) for v in row["registers_wh"].tolist())
            track.last = RegisterPoint(ts_ms=int(row["ts_ms"]), values=values)
            row["ahead"] = False
        return track

    def slots(self, meters: Sequence[int]) -> NDArray[np.intp]:
        """Where these meters stand in the table, (n,)."""
        return np.fromiter((self._slots[meter] for meter in meters), np.intp, len(meters))

    def epochs(self, slots: NDArray[np.intp]) -> NDArray[np.int16]:
        """The current epochs, (n,)."""
        current: NDArray[np.int16] = self._table["epoch"][slots]
        return current

    def advance(
        self, slots: NDArray[np.intp], ts_ms: NDArray[np.int64], registers_wh: NDArray[np.float64]
    ) -> None:
        """These meters simply went on, as far as these readings, (n,) and (n, 8)."""
        self._table["ts_ms"][slots] = ts_ms
        self._table["registers_wh"][slots] = registers_wh
        self._table["ahead"][slots] = True

    def plain(
        self,
        slots: NDArray[np.intp],
        starts: NDArray[np.intp],
        ts_ms: NDArray[np.int64],
        registers_wh: NDArray[np.float64],
        declared: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """Readings, (n,), that go on from the one before: later, no register less or far more.

        `slots` has the meters, (m,), `starts` their first readings, (m,).
        """
        before, before_ms = np.empty_like(registers_wh), np.empty_like(ts_ms)
        before[1:], before_ms[1:] = registers_wh[:-1], ts_ms[:-1]
        meters = self._table[slots]
        before[starts], before_ms[starts] = meters["registers_wh"], meters["ts_ms"]
        each = np.repeat(np.arange(len(slots)), np.diff(np.append(starts, len(ts_ms))))
        hours = (ts_ms - before_ms) / MS_PER_HOUR
        with np.errstate(invalid="ignore"):
            most_wh = meters["most_w"][each] * HEADROOM * hours + meters["slack_wh"][each]
            growth = registers_wh - before
            grown = ((growth >= 0) & (growth <= most_wh[:, None])) | np.isnan(growth)
        same_set = (np.isnan(registers_wh) == np.isnan(before)).all(axis=1)
        same_register = declared <= meters["declared"][each]
        plain: NDArray[np.bool_] = (
            (ts_ms > before_ms)
            & grown.all(axis=1)
            & same_set
            & same_register
            & meters["calm"][each]
        )
        return plain
