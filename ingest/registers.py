"""Which register epoch each reading belongs to: fast where all is well, careful where it is not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from loadstone.domain.batch import ReadingBatch
from loadstone.domain.quantities import REGISTERS
from loadstone.domain.refusal import Refusal
from loadstone.domain.registers import (
    UNTRUSTED,
    Epoch,
    RegisterPoint,
    RegisterTrack,
    Verdict,
    place_late,
)
from loadstone.domain.registry import MeterLimits
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.ingest_reads import (
    epochs_of,
    last_points,
    pending_points,
    points_around,
)
from loadstone.storage.ingest_writes import store_epochs
from loadstone.storage.readings import mark_dirty, relabel

_NO_DECLARED = -1


@dataclass(slots=True, kw_only=True)
class Judgement:
    """What judging a batch means beyond the labels set in it."""

    flags: list[tuple[int, Refusal]] = field(default_factory=list)
    relabels: list[tuple[int, Verdict]] = field(default_factory=list)
    epochs: dict[int, list[Epoch]] = field(default_factory=dict)


class RegisterKeeper:
    """Knows where every meter's registers stand, and labels new readings with their epoch.

    Its memory must match the database: after a transaction that failed, call `forget`.
    """

    def __init__(self) -> None:
        self._tracks: dict[int, RegisterTrack] = {}

    def forget(self) -> None:
        """Drop all that is remembered; it is read again from the database."""
        self._tracks.clear()

    def track(
        self, connection: Connection, meter_id: int, limits: Mapping[int, MeterLimits]
    ) -> RegisterTrack:
        """The end of one meter's register history."""
        self._load(connection, [meter_id], limits)
        return self._tracks[meter_id]

    def judge(
        self,
        connection: Connection,
        batch: ReadingBatch,
        declared: NDArray[np.int64],
        limits: Mapping[int, MeterLimits],
    ) -> Judgement:
        """Label every row of the batch, in place; `declared`, (n,), is -1 where not said."""
        meters = np.unique(batch.meter_id)
        self._load(connection, [int(m) for m in meters], limits)
        judgement = Judgement()
        starts = np.searchsorted(batch.meter_id, meters)
        ends = np.append(starts[1:], len(batch))
        plain = self._plain_rows(batch, declared, meters, starts)
        registers = batch.registers_wh
        with_register = batch.has_register
        for meter, start, end in zip(meters.tolist(), starts.tolist(), ends.tolist(), strict=True):
            track = self._tracks[meter]
            rows = np.arange(start, end)[with_register[start:end]]
            batch.epoch[start:end] = track.epoch
            if not len(rows):
                continue
            if plain[rows].all():
                last = int(rows[-1])
                track.last = _point(int(batch.ts_ms[last]), registers[last], track.last)
                track.pending.clear()
                continue
            _Careful(connection, meter, track, batch, rows, declared, registers, judgement).judge(
                plain[rows]
            )
        return judgement

    def restart(
        self, connection: Connection, meter: MeterLimits, opened: RegisterPoint
    ) -> Judgement:
        """Read a meter's epochs again after a new one was declared to begin at `opened`.

        Readings after it that were not trusted so far are judged anew.
        """
        self._tracks.pop(meter.meter_id, None)
        track = self.track(connection, meter.meter_id, {meter.meter_id: meter})
        judgement = Judgement()
        if track.last is not None and track.last.ts_ms >= opened.ts_ms:
            return judgement
        track.last, waiting, track.pending = opened, track.pending, []
        for point in waiting:
            if point.ts_ms >= opened.ts_ms:
                judgement.relabels += [
                    (meter.meter_id, replace(verdict, was=UNTRUSTED))
                    for verdict in track.follow(point)
                ]
        if track.changed:
            judgement.epochs[meter.meter_id] = list(track.epochs)
            track.changed = False
        return judgement

    def _plain_rows(
        self,
        batch: ReadingBatch,
        declared: NDArray[np.int64],
        meters: NDArray[np.int32],
        starts: NDArray[np.intp],
    ) -> NDArray[np.bool_]:
        """Rows that simply go on from the row before: later, no register less or far more."""
        now, ts = batch.registers_wh, batch.ts_ms
        before, before_ts = np.empty_like(now), np.empty_like(ts)
        before[1:], before_ts[1:] = now[:-1], ts[:-1]
        tracks = [self._tracks[int(meter)] for meter in meters]
        for start, track in zip(starts, tracks, strict=True):
            if track.last is None:
                before_ts[start] = np.iinfo(np.int64).max
            else:
                before_ts[start] = track.last.ts_ms
                before[start] = [np.nan if v is None else v for v in track.last.values]
        spans = np.diff(np.append(starts, len(batch)))
        watts = np.repeat([_inf(t.limits.max_power_w) for t in tracks], spans)
        slack = np.repeat([t.limits.slack_wh for t in tracks], spans)
        known = np.repeat(
            [_declared(track) for track in tracks],
            spans,
        )
        calm = np.repeat([not t.pending for t in tracks], spans)
        most = watts * 1.2 * (ts - before_ts) / 3_600_000 + slack
        with np.errstate(invalid="ignore"):
            growth = now - before
            grown = ((growth >= 0) & (growth <= most[:, None])) | np.isnan(growth)
        same_set = (np.isnan(now) == np.isnan(before)).all(axis=1)
        same_register = (declared == _NO_DECLARED) | (declared == known)
        plain: NDArray[np.bool_] = (
            (ts > before_ts) & grown.all(axis=1) & same_set & same_register & calm
        )
        return plain

    def _load(
        self, connection: Connection, meters: Sequence[int], limits: Mapping[int, MeterLimits]
    ) -> None:
        unknown = [meter for meter in meters if meter not in self._tracks]
        if not unknown:
            return
        for meter in unknown:
            self._tracks[meter] = RegisterTrack(limits=limits[meter].registers)
        for row in epochs_of(connection, unknown):
            self._tracks[row.meter_id].epochs.append(row.value)
        for point in last_points(connection, unknown):
            track = self._tracks[point.meter_id]
            track.last = point.point
            track.pending = pending_points(connection, point.meter_id, point.ts_ms)
            if track.epochs and track.epochs[-1].starts_ms > point.ts_ms:
                track.last = None  # a declared epoch that has no reading yet


def write_judgement(connection: Connection, judgement: Judgement) -> None:
    """Store what was decided of epochs, and relabel readings that were stored before."""
    for meter_id, epochs in judgement.epochs.items():
        store_epochs(connection, meter_id, epochs)
    for meter_id, verdict in judgement.relabels:
        was = UNTRUSTED if verdict.was is None else verdict.was
        relabel(connection, meter_id, verdict.from_ms, verdict.to_ms, was, verdict.epoch)
        hours = np.arange(verdict.from_ms, verdict.to_ms + 3_600_000, 3_600_000, dtype=np.int64)
        mark_dirty(connection, np.full(len(hours), meter_id, dtype=np.int32), hours)


def _declared(track: RegisterTrack) -> int:
    known = track.epochs[-1].declared_epoch if track.epochs else None
    return _NO_DECLARED if known is None else known


def _inf(value: float | None) -> float:
    return float("inf") if value is None else value


def _point(
    ts_ms: int,
    registers: NDArray[np.float64],
    known: RegisterPoint | None,
    declared: int = _NO_DECLARED,
) -> RegisterPoint:
    old = known.values if known else (None,) * len(REGISTERS)
    values = tuple(
        before if value != value else int(value)
        for value, before in zip(registers.tolist(), old, strict=True)
    )
    return RegisterPoint(
        ts_ms=ts_ms, values=values, declared_epoch=None if declared == _NO_DECLARED else declared
    )


@dataclass(slots=True)
class _Careful:
    """Judges the readings of one meter one by one."""

    connection: Connection
    meter_id: int
    track: RegisterTrack
    batch: ReadingBatch
    rows: NDArray[np.intp]
    declared: NDArray[np.int64]
    registers: NDArray[np.float64]
    judgement: Judgement

    def judge(self, plain: NDArray[np.bool_]) -> None:
        """Label the rows, late ones first since they come first in time; `plain` as for the batch.

        Stretches that simply go on are taken at once, from wherever the row before is trusted.
        """
        ts = self.batch.ts_ms[self.rows]
        late = self._late_rows(ts)
        if late:
            self._place([self._read(at) for at in range(late)])
        at = late
        while at < len(self.rows):
            run = self._run(plain, at) if self._goes_on(ts, at) else 0
            if run:
                self.batch.epoch[self.rows[at : at + run]] = self.track.epoch
                last = self._read(at + run - 1)
                self.track.last = replace(last, declared_epoch=None)
                at += run
                continue
            for verdict in self._follow(self._read(at)):
                self._apply(verdict)
            at += 1
        if self.track.changed:
            self.judgement.epochs[self.meter_id] = list(self.track.epochs)
            self.track.changed = False

    def _read(self, at: int) -> RegisterPoint:
        row = self.rows[at]
        return _point(
            int(self.batch.ts_ms[row]), self.registers[row], None, int(self.declared[row])
        )

    def _late_rows(self, ts: NDArray[np.int64]) -> int:
        """How many rows lie before the end of what is known."""
        last, epochs = self.track.last, self.track.epochs
        late = int(np.searchsorted(ts, last.ts_ms, side="right")) if last else 0
        return max(late, int(np.searchsorted(ts, epochs[-1].starts_ms))) if epochs else late

    def _goes_on(self, ts: NDArray[np.int64], at: int) -> bool:
        """Whether the row before this one is the last trusted reading, with nothing pending."""
        last = self.track.last
        if last is None or self.track.pending:
            return False
        return at == 0 or last.ts_ms == int(ts[at - 1])

    def _run(self, plain: NDArray[np.bool_], at: int) -> int:
        """How many rows from here on are plain."""
        broken = np.flatnonzero(~plain[at:])
        return int(broken[0]) if len(broken) else len(plain) - at

    def _follow(self, point: RegisterPoint) -> list[Verdict]:
        pending = self.track.pending
        if not pending or point.ts_ms > pending[-1].ts_ms:
            return self.track.follow(point)
        points = sorted(
            [p for p in pending if p.ts_ms != point.ts_ms] + [point], key=lambda p: p.ts_ms
        )
        self.track.pending = []
        verdicts = []
        for each in points:
            verdicts += [
                verdict if each is point or verdict.was is not None
                else replace(verdict, was=UNTRUSTED)
                for verdict in self.track.follow(each)
            ]  # fmt: skip
        return verdicts

    def _apply(self, verdict: Verdict) -> None:
        ts = self.batch.ts_ms[self.rows]
        inside = self.rows[(ts >= verdict.from_ms) & (ts <= verdict.to_ms)]
        if verdict.was is not None:
            inside = inside[self.batch.epoch[inside] == verdict.was]
            if verdict.epoch != verdict.was:
                self.judgement.relabels.append((self.meter_id, verdict))
        self.batch.epoch[inside] = verdict.epoch
        if verdict.why is not None:
            self.judgement.flags += [(int(row), verdict.why) for row in inside]

    def _place(self, late: list[RegisterPoint]) -> None:
        """Late readings find their place between the stored ones."""
        stored = points_around(self.connection, self.meter_id, late[0].ts_ms, late[-1].ts_ms)
        known = [(row.point, row.epoch) for row in stored]
        instants = [point.ts_ms for point, _ in known]
        for point in late:
            row = self.rows[np.searchsorted(self.batch.ts_ms[self.rows], point.ts_ms)]
            at = bisect_left(instants, point.ts_ms)
            same = at < len(known) and instants[at] == point.ts_ms
            if same and _repeats(point, known[at][0]):
                self.batch.epoch[row] = known[at][1]
                continue
            after = bisect_right(instants, point.ts_ms)
            placed = place_late(
                point,
                self._neighbour(known, at - 1),
                self._neighbour(known, after),
                self.track.epochs,
                self.track.limits,
            )
            self.batch.epoch[row] = placed.epoch
            if placed.shift is not None:
                self._shift(placed.epoch, placed.shift)
            if placed.why is not None:
                self.judgement.flags.append((int(row), placed.why))
            elif not same:
                known.insert(at, (point, placed.epoch))
                instants.insert(at, point.ts_ms)

    def _neighbour(
        self, known: list[tuple[RegisterPoint, int]], at: int
    ) -> tuple[RegisterPoint, Epoch] | None:
        if not 0 <= at < len(known):
            return None
        point, number = known[at]
        epoch = next(e for e in self.track.epochs if e.number == number)
        return point, epoch

    def _shift(self, epoch: int, shift: tuple[int, ...]) -> None:
        """A reset's energy before it becomes known: all later registers lie that much higher."""
        self.track.epochs = [
            replace(e, offsets=tuple(o + s for o, s in zip(e.offsets, shift, strict=True)))
            if e.number > epoch
            else e
            for e in self.track.epochs
        ]
        self.track.changed = True


def _repeats(point: RegisterPoint, stored: RegisterPoint) -> bool:
    """Whether a reading says nothing that is not stored already."""
    return all(
        new is None or new == old for new, old in zip(point.values, stored.values, strict=True)
    )
