"""Which register epoch each reading belongs to: fast where all is well, careful where it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ingest.register_history import MeterHistory, Rejudged
from ingest.standings import NOT_DECLARED, Standings
from loadstone.domain.batch import ReadingBatch
from loadstone.domain.quality import rank
from loadstone.domain.quantities import FIRST_REGISTER, REGISTERS
from loadstone.domain.refusal import Refusal
from loadstone.domain.register_numbers import RegisterNumbers
from loadstone.domain.register_track import RegisterTrack, Verdict
from loadstone.domain.registers import Epoch, Exchange, RegisterPoint
from loadstone.domain.registry import MeterLimits
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.register_reads import (
    PointRow,
    epochs_of,
    exchanges_of,
    last_points,
    numbers_of,
    points_at,
    with_later_points,
)
from loadstone.storage.register_writes import (
    relabel_range,
    relabel_rows,
    shift_labels,
    store_epochs,
    store_numbers,
)


@dataclass(slots=True, kw_only=True)
class Judgement:
    """What judging a batch means beyond the labels set in it: `writes` are done in their order."""

    flags: list[tuple[int, Refusal]] = field(default_factory=list)
    writes: list[Callable[[Connection], None]] = field(default_factory=list)
    epochs: dict[int, list[Epoch]] = field(default_factory=dict)
    numbers: dict[int, dict[int, int]] = field(default_factory=dict)

    def note_numbers(self, meter_id: int, raised: Mapping[int, int]) -> None:
        """Readings, by their instants, raised the number of a meter's register."""
        if raised:
            self.numbers.setdefault(meter_id, {}).update(raised)

    def relabel(self, meter_id: int, verdict: Verdict) -> None:
        """Stored readings that a later one confirmed get their label."""
        was = verdict.was
        if was is not None:
            self.writes.append(
                lambda connection: relabel_range(
                    connection, meter_id, verdict.from_ms, verdict.to_ms, was, verdict.epoch
                )
            )

    def rejudged(self, meter_id: int, result: Rejudged) -> None:
        """Stored readings get the labels that they have now."""
        labels = result.relabelled()
        if labels:
            self.writes.append(lambda connection: relabel_rows(connection, meter_id, labels))
        if result.shift_by:
            self.writes.append(
                lambda connection: shift_labels(
                    connection, meter_id, result.shift_after_ms, result.shift_by
                )
            )


class RegisterKeeper:
    """Knows where every meter's registers stand, and labels new readings with their epoch.

    Its memory must match the database: after a transaction that failed, call `forget`.
    """

    def __init__(self) -> None:
        self._standings = Standings()

    def forget(self) -> None:
        """Drop all that is remembered; it is read again from the database."""
        self._standings.clear()

    def exchange(
        self, connection: Connection, meter: MeterLimits, exchange: Exchange
    ) -> tuple[Judgement, Refusal | None]:
        """Judge again after a stored declaration of an exchange; with the reason if it is wrong."""
        meter_id = meter.meter_id
        self._load(connection, [meter_id], {meter_id: meter})
        judgement = Judgement()
        result = self._history(connection, meter_id).rejudge({}, exchange.ts_ms)
        self._adopt(meter_id, result, judgement)
        return judgement, result.refused.get(exchange.ts_ms)

    def again(
        self, connection: Connection, meter: MeterLimits, start_ms: int, end_ms: int
    ) -> tuple[Rejudged, Judgement]:
        """Judge a stored stretch again; nothing is written until the judgement is."""
        meter_id = meter.meter_id
        self._load(connection, [meter_id], {meter_id: meter})
        judgement = Judgement()
        result = self._history(connection, meter_id).rejudge_between(start_ms, end_ms)
        self._adopt(meter_id, result, judgement)
        return result, judgement

    def judge(
        self,
        connection: Connection,
        batch: ReadingBatch,
        declared: NDArray[np.int64],
        limits: Mapping[int, MeterLimits],
    ) -> Judgement:
        """Label every row of the batch, in place; `declared`, (n,), is -1 where not said."""
        meters, row_of = np.unique(batch.meter_id, return_inverse=True)
        self._load(connection, meters.tolist(), limits)
        slots = self._standings.slots(meters.tolist())
        batch.epoch[:] = self._standings.epochs(slots)[row_of]
        judgement = Judgement()
        rows = np.flatnonzero(batch.has_register)
        if not len(rows):
            return judgement
        registers = batch.registers_wh
        turns = np.diff(batch.meter_id[rows]) != 0
        starts = np.flatnonzero(np.append(True, turns))
        lasts = rows[np.flatnonzero(np.append(turns, True))]
        spoken = slots[row_of[lasts]]
        plain = self._standings.plain(
            spoken, starts, batch.ts_ms[rows], registers[rows], declared[rows]
        )
        calm = np.logical_and.reduceat(plain, starts)
        ends = np.append(starts[1:], len(rows))
        self._standings.advance(spoken[calm], batch.ts_ms[lasts[calm]], registers[lasts[calm]])
        for at in np.flatnonzero(~calm).tolist():
            meter, part = int(batch.meter_id[lasts[at]]), slice(int(starts[at]), int(ends[at]))
            track = self._standings.track(meter)
            careful = _Careful(
                track, batch, rows[part], declared, registers, judgement, meter, plain[part]
            )
            late = careful.late()
            if late:
                self._place(connection, careful, late)
            careful.judge(late)
            self._standings.put(meter, careful.track)
        return judgement

    def _place(self, connection: Connection, careful: _Careful, late: int) -> None:
        """Late readings find their place between the stored ones."""
        meter_id = careful.meter_id
        history = self._history(connection, meter_id)
        numbers = history.numbers
        points = [numbers.beside(careful.read(at)) for at in range(late)]
        raised = numbers.raised_by(points)
        stored = {
            row.ts_ms: row
            for row in points_at(connection, meter_id, [point.ts_ms for point in points])
        }
        news = {}
        for at, point in enumerate(points):
            row = stored.get(point.ts_ms)
            values = careful.merged(at, row) if row else point.values
            if row is None or values != tuple(row.registers) or point.ts_ms in raised:
                news[point.ts_ms] = replace(point, values=values)
        result = None
        while news:
            result = history.rejudge(news)
            worse = [
                ts
                for ts in news
                if result.labels[ts] < 0 and ts in stored and stored[ts].epoch >= 0
            ]
            if not worse:
                break
            for ts in worse:  # what is stored and trusted is not given up for what is not
                careful.withdraw(ts, result.flags.get(ts))
                del news[ts]
            result = None
        if result is not None:
            careful.judgement.note_numbers(meter_id, numbers.raised_by(news.values()))
            self._adopt(meter_id, result, careful.judgement)
            careful.track = self._standings.track(meter_id)
        careful.label_late(points, stored, news, result)

    def _history(self, connection: Connection, meter_id: int) -> MeterHistory:
        return MeterHistory(
            connection=connection,
            meter_id=meter_id,
            track=self._standings.track(meter_id),
            exchanges=[x for _, x in exchanges_of(connection, [meter_id])],
            numbers=_numbers(connection, [meter_id]).get(meter_id, RegisterNumbers()),
        )

    def _adopt(self, meter_id: int, result: Rejudged, judgement: Judgement) -> None:
        judgement.rejudged(meter_id, result)
        judgement.epochs[meter_id] = list(result.track.epochs)
        result.track.changed = False
        self._standings.put(meter_id, result.track)

    def _load(
        self, connection: Connection, meters: Sequence[int], limits: Mapping[int, MeterLimits]
    ) -> None:
        unknown = [meter for meter in meters if meter not in self._standings]
        if not unknown:
            return
        tracks = {meter: RegisterTrack(limits=limits[meter].registers) for meter in unknown}
        for meter, epoch in epochs_of(connection, unknown):
            tracks[meter].epochs.append(epoch)
        exchanges: dict[int, list[Exchange]] = {}
        for meter, exchange in exchanges_of(connection, unknown):
            exchanges.setdefault(meter, []).append(exchange)
        numbers = _numbers(connection, unknown)
        rows = {row.meter_id: row for row in last_points(connection, unknown)}
        ends = [(meter, rows[meter].ts_ms if meter in rows else 0) for meter in unknown]
        restless = with_later_points(connection, ends)
        for meter, end_ms in ends:
            history = MeterHistory(
                connection=connection,
                meter_id=meter,
                track=tracks[meter],
                exchanges=exchanges.get(meter, ()),
                numbers=numbers.get(meter, RegisterNumbers()),
            )
            more = meter in restless or any(x.ts_ms > end_ms for x in history.exchanges)
            self._standings.put(meter, _end(history, rows.get(meter), more=more))


def _numbers(connection: Connection, meters: Sequence[int]) -> dict[int, RegisterNumbers]:
    said: dict[int, list[tuple[int, int]]] = {}
    for meter, ts_ms, number in numbers_of(connection, meters):
        said.setdefault(meter, []).append((ts_ms, number))
    return {meter: RegisterNumbers(steps) for meter, steps in said.items()}


def _end(history: MeterHistory, row: PointRow | None, *, more: bool) -> RegisterTrack:
    if more:
        track = history.replay_after(row)
        track.changed = False
        return track
    return history.track if row is None else history.track_at(row)


def write_judgement(connection: Connection, judgement: Judgement) -> None:
    """Store what was decided of epochs, and relabel readings that were stored before."""
    for write in judgement.writes:
        write(connection)
    for meter_id, epochs in judgement.epochs.items():
        store_epochs(connection, meter_id, epochs)
    for meter_id, raised in judgement.numbers.items():
        store_numbers(connection, meter_id, raised)


def _point(
    ts_ms: int,
    registers: NDArray[np.float64],
    known: RegisterPoint | None,
    declared: int = NOT_DECLARED,
) -> RegisterPoint:
    old = known.values if known else (None,) * len(REGISTERS)
    values = tuple(
        before if value != value else int(value)
        for value, before in zip(registers.tolist(), old, strict=True)
    )
    return RegisterPoint(
        ts_ms=ts_ms, values=values, declared_epoch=None if declared == NOT_DECLARED else declared
    )


@dataclass(slots=True)
class _Careful:
    """Judges the readings of one meter one by one, except where they simply go on.

    `rows` are the batch's rows of the meter that have a register, `plain` those that go on from the
    row before.
    """

    track: RegisterTrack
    batch: ReadingBatch
    rows: NDArray[np.intp]
    declared: NDArray[np.int64]
    registers: NDArray[np.float64]
    judgement: Judgement
    meter_id: int
    plain: NDArray[np.bool_]

    def late(self) -> int:
        """How many of the rows do not lie after all that is known."""
        horizon = self.track.horizon_ms
        return int(np.searchsorted(self.batch.ts_ms[self.rows], horizon, side="right"))

    def judge(self, first: int) -> None:
        """Label the rows from `first` on, which come after all that is known."""
        at = first
        while at < len(self.rows):
            run = self._run(at) if self._goes_on(at) else 0
            if run:
                self.batch.epoch[self.rows[at : at + run]] = self.track.epoch
                self.track.last = replace(self.read(at + run - 1), declared_epoch=None)
                at += run
                continue
            point, known = self.read(at), self.track.declared_epoch
            said = point.declared_epoch
            if said is not None and (known is None or said > known):
                self.judgement.note_numbers(self.meter_id, {point.ts_ms: said})
            for verdict in self.track.follow(point):
                self._apply(verdict)
            at += 1
        if self.track.changed:
            self.judgement.epochs[self.meter_id] = list(self.track.epochs)
            self.track.changed = False

    def read(self, at: int) -> RegisterPoint:
        """The reading of one of the rows."""
        row = self.rows[at]
        return _point(
            int(self.batch.ts_ms[row]), self.registers[row], None, int(self.declared[row])
        )

    def merged(self, at: int, stored: PointRow) -> tuple[int | None, ...]:
        """A row's registers as they will be once stored over a reading that is there already."""
        new, old = self.read(at).values, stored.registers
        better = rank(int(self.batch.quality[self.rows[at]])) <= rank(stored.quality)
        pairs = zip(new, old, strict=True) if better else zip(old, new, strict=True)
        return tuple(first if first is not None else second for first, second in pairs)

    def withdraw(self, ts_ms: int, why: Refusal | None) -> None:
        """Take a reading's registers out of the batch."""
        row = self._row(ts_ms)
        self.batch.values[row, FIRST_REGISTER:] = np.nan
        if why is not None:
            self.judgement.flags.append((row, why))

    def label_late(
        self,
        points: Sequence[RegisterPoint],
        stored: Mapping[int, PointRow],
        news: Mapping[int, RegisterPoint],
        result: Rejudged | None,
    ) -> None:
        """Label late rows as they were judged, and repetitions like what they repeat."""
        for ts_ms in (point.ts_ms for point in points):
            row = self._row(ts_ms)
            if result is not None and ts_ms in news:
                self.batch.epoch[row] = result.labels[ts_ms]
                if ts_ms in result.flags:
                    self.judgement.flags.append((row, result.flags[ts_ms]))
            else:
                was = stored[ts_ms].epoch
                self.batch.epoch[row] = was if result is None else result.now(ts_ms, was)

    def _row(self, ts_ms: int) -> int:
        return int(self.rows[np.searchsorted(self.batch.ts_ms[self.rows], ts_ms)])

    def _goes_on(self, at: int) -> bool:
        """Whether the row before this one is the last trusted reading, with nothing pending."""
        last = self.track.last
        if last is None or self.track.suspects is not None:
            return False
        before = int(self.batch.ts_ms[self.rows[at - 1]])
        return at == 0 or (last.read_ms is None and last.ts_ms == before)

    def _run(self, at: int) -> int:
        """How many rows from here on are plain."""
        broken = np.flatnonzero(~self.plain[at:])
        return int(broken[0]) if len(broken) else len(self.plain) - at

    def _apply(self, verdict: Verdict) -> None:
        ts = self.batch.ts_ms[self.rows]
        inside = self.rows[(ts >= verdict.from_ms) & (ts <= verdict.to_ms)]
        if verdict.was is not None:
            inside = inside[self.batch.epoch[inside] == verdict.was]
            self.judgement.relabel(self.meter_id, verdict)
        self.batch.epoch[inside] = verdict.epoch
        if verdict.why is not None:
            self.judgement.flags += [(int(row), verdict.why) for row in inside]
