"""Judging a stretch of register history again, when readings or exchanges come late.

The rules give labels in the order of time. So what comes late is put in its place among the stored
readings, and the history is judged from the settled reading before it until it runs on as it did.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from loadstone.domain.refusal import Refusal
from loadstone.domain.register_numbers import RegisterNumbers
from loadstone.domain.register_track import RegisterTrack, Verdict
from loadstone.domain.registers import (
    UNTRUSTED,
    Epoch,
    Exchange,
    RegisterPoint,
    combined,
    no_offsets,
)
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.register_reads import (
    FAR_FUTURE_MS,
    PointRow,
    last_points,
    last_value,
    points_after,
)

_FIRST_CHUNK = 8
_LARGEST_CHUNK = 4096

_Step = Exchange | PointRow | RegisterPoint


@dataclass(slots=True, kw_only=True)
class Rejudged:
    """What came out: the labels of every reading looked at, and where the rest only moves.

    `stored` has the labels that the database has; readings after `shift_after_ms` whose label is
    not -1 get a label `shift_by` higher.
    """

    track: RegisterTrack
    labels: dict[int, int] = field(default_factory=dict)
    stored: dict[int, int] = field(default_factory=dict)
    flags: dict[int, Refusal] = field(default_factory=dict)
    refused: dict[int, Refusal] = field(default_factory=dict)
    shift_after_ms: int = FAR_FUTURE_MS
    shift_by: int = 0

    def relabelled(self) -> dict[int, int]:
        """Stored readings, by their instants, whose label is another now."""
        return {ts: self.labels[ts] for ts, was in self.stored.items() if self.labels[ts] != was}

    def now(self, ts_ms: int, was: int) -> int:
        """The label of a stored reading, which was labelled so before."""
        if ts_ms in self.labels:
            return self.labels[ts_ms]
        return was + self.shift_by if was >= 0 and ts_ms > self.shift_after_ms else was


@dataclass(slots=True, kw_only=True)
class MeterHistory:
    """One meter's stored register history, as far as it is known without reading it all."""

    connection: Connection
    meter_id: int
    track: RegisterTrack
    exchanges: Sequence[Exchange]
    numbers: RegisterNumbers

    def epoch(self, number: int, ts_ms: int) -> Epoch:
        """The epoch of a stored label; readings stored without epochs have one without offsets."""
        known = next((e for e in self.track.epochs if e.number == number), None)
        return known or Epoch(
            number=number,
            starts_ms=ts_ms,
            offsets=no_offsets(),
            reason="first",
            confirmed_ms=ts_ms,
        )

    def settled_before(self, before_ms: int) -> RegisterTrack:
        """The track as it was at the last reading whose label nothing later depends on."""
        while True:
            rows = last_points(self.connection, [self.meter_id], before_ms)
            if not rows:
                return RegisterTrack(limits=self.track.limits)
            epoch = self.epoch(rows[0].epoch, rows[0].ts_ms)
            if rows[0].ts_ms >= epoch.confirmed_ms:
                return self.track_at(rows[0])
            before_ms = epoch.starts_ms

    def track_at(self, row: PointRow) -> RegisterTrack:
        """The track as it was at one trusted reading."""
        epochs = self.epochs_at(row)
        return RegisterTrack(
            limits=self.track.limits, epochs=epochs, last=self._carried(row, epochs[-1])
        )

    def epochs_at(self, row: PointRow) -> list[Epoch]:
        """The epochs up to that of one trusted reading, whose number may have come only later."""
        epoch = self.epoch(row.epoch, row.ts_ms)
        before = [e for e in self.track.epochs if e.number < epoch.number]
        return [*before, replace(epoch, declared_epoch=self.numbers.until(row.ts_ms))]

    def _carried(self, row: PointRow, epoch: Epoch) -> RegisterPoint:
        """The reading, with the registers that it lacks as they were known then."""
        point = row.point()
        lacking = epoch.registers & ~point.mask
        if not lacking:
            return point
        taken = {e.starts_ms for e in self.track.epochs if e.reason == "exchange"}
        exchanges = [x for x in self.exchanges if x.ts_ms <= row.ts_ms and x.ts_ms in taken]
        older: RegisterPoint | None = None
        for register in (at for at in range(len(point.values)) if lacking >> at & 1):
            found = last_value(self.connection, self.meter_id, register, row.ts_ms)
            for exchange in exchanges:
                found = _as_exchanged(found, exchange, register)
            if found is not None:
                alone = [None] * len(point.values)
                values = (*alone[:register], found[1], *alone[register + 1 :])
                older = combined(RegisterPoint(ts_ms=found[0], values=values), older)
        return combined(point, older)

    def rejudge(
        self, news: Mapping[int, RegisterPoint], exchanged_ms: int | None = None
    ) -> Rejudged:
        """Judge again with new readings, by their instants, and perhaps a new exchange."""
        instants = set(news) if exchanged_ms is None else {*news, exchanged_ms}
        return _Replay(self, news, instants).run(self.settled_before(min(instants)))

    def rejudge_between(self, start_ms: int, end_ms: int) -> Rejudged:
        """Judge a stretch again that is stored already; `labels` holds all that was looked at."""
        return _Replay(self, {}, {start_ms, end_ms}).run(self.settled_before(start_ms))

    def replay_after(self, row: PointRow | None) -> RegisterTrack:
        """The track at the end of what is stored, from its last trusted reading."""
        start = RegisterTrack(limits=self.track.limits) if row is None else self.track_at(row)
        return _Replay(self, {}, set()).run(start).track


def _as_exchanged(
    found: tuple[int, int] | None, exchange: Exchange, register: int
) -> tuple[int, int] | None:
    if found is not None and found[0] >= exchange.ts_ms:
        return found
    opened, closed = exchange.opening[register], exchange.closing[register]
    if opened is not None:
        return exchange.ts_ms, opened
    return found if closed is None else (exchange.ts_ms - 1, closed)


def _as_read(point: RegisterPoint) -> list[tuple[int, int] | None]:
    """What each register showed, and when."""
    return [
        None if value is None else (value, point.read_at(at))
        for at, value in enumerate(point.values)
    ]


class _Replay:
    def __init__(
        self, history: MeterHistory, news: Mapping[int, RegisterPoint], changed: set[int]
    ) -> None:
        self._history = history
        self._news = news
        self._changed = set(changed)
        self._order: list[int] = []

    def run(self, track: RegisterTrack) -> Rejudged:
        result = Rejudged(track=track)
        after_ms = 0 if track.last is None else track.last.ts_ms
        for ts_ms, step in self._steps(after_ms):
            if isinstance(step, Exchange):
                refusal = track.exchange(step)
                if refusal is not None:
                    result.refused[ts_ms] = refusal
                continue
            if isinstance(step, PointRow):
                result.stored[ts_ms] = step.epoch
                if ts_ms in self._news:
                    continue
                point = step.point(self._history.numbers.until(ts_ms))
            else:
                point = step
            self._order.append(ts_ms)
            result.labels[ts_ms] = UNTRUSTED
            for verdict in track.follow(point):
                self._apply(verdict, result)
            if isinstance(step, PointRow) and self._runs_on(track, step, result):
                return self._joined(track, step, result)
        track.changed = True
        return result

    def _steps(self, after_ms: int) -> Iterator[tuple[int, _Step]]:
        """Exchanges, stored readings and new ones in the order of time."""
        later = [x for x in self._history.exchanges if x.ts_ms > after_ms]
        exchanges: Iterator[tuple[int, int, _Step]] = ((x.ts_ms, 0, x) for x in later)
        stored: Iterator[tuple[int, int, _Step]] = (
            (row.ts_ms, 1, row) for row in self._stored(after_ms)
        )
        news: Iterator[tuple[int, int, _Step]] = (
            (ts, 2, self._news[ts]) for ts in sorted(self._news)
        )
        for ts_ms, _, step in heapq.merge(exchanges, stored, news, key=lambda each: each[:2]):
            yield ts_ms, step

    def _stored(self, after_ms: int) -> Iterator[PointRow]:
        most = _FIRST_CHUNK
        while True:
            rows = points_after(self._history.connection, self._history.meter_id, after_ms, most)
            yield from rows
            if len(rows) < most:
                return
            after_ms, most = rows[-1].ts_ms, min(most * 8, _LARGEST_CHUNK)

    def _apply(self, verdict: Verdict, result: Rejudged) -> None:
        for ts_ms in reversed(self._order):
            if ts_ms < verdict.from_ms:
                break
            if ts_ms > verdict.to_ms:
                continue
            if verdict.was is None or result.labels[ts_ms] == verdict.was:
                result.labels[ts_ms] = verdict.epoch
                result.flags.pop(ts_ms, None)
                if verdict.why is not None:
                    result.flags[ts_ms] = verdict.why
                was = result.stored.get(ts_ms)
                if was is not None and (was < 0) != (verdict.epoch < 0):
                    self._changed.add(ts_ms)

    def _runs_on(self, track: RegisterTrack, row: PointRow, result: Rejudged) -> bool:
        """Whether all that follows this stored reading is judged as it was before."""
        last = track.last
        if not self._changed or row.ts_ms <= max(self._changed):
            return False
        if row.epoch < 0 or result.labels[row.ts_ms] < 0 or track.suspects or last is None:
            return False
        was = self._history.epoch(row.epoch, row.ts_ms)
        if row.ts_ms < was.confirmed_ms or was.declared_epoch != track.declared_epoch:
            return False
        # Cheaper than `track_at`, which looks up each register that the reading lacks.
        if any(last.read_at(at) in self._changed for at in range(len(last.values))):
            return False
        then = self._history.track_at(row)
        if then.last is None or _as_read(then.last) != _as_read(last):
            return False
        if then.declared_epoch != track.declared_epoch:
            return False
        if then.awaits_number() != track.awaits_number():
            return False
        registers = range(len(last.values))
        same_moduli = all(then.limits_of(at) == track.limits_of(at) for at in registers)
        return same_moduli and then.unread() == track.unread()

    def _joined(self, track: RegisterTrack, row: PointRow, result: Rejudged) -> Rejudged:
        """Hang the old end of the history on the stretch that was judged again."""
        old = self._history.track
        was = self._history.epoch(row.epoch, row.ts_ms)
        by = track.epoch - was.number
        moved = [a - b for a, b in zip(track.epochs[-1].offsets, was.offsets, strict=True)]
        seen = track.epochs[-1].registers
        joint = replace(track.epochs[-1], registers=seen | was.registers)
        tail = [
            replace(
                e,
                number=e.number + by,
                offsets=tuple(o + m for o, m in zip(e.offsets, moved, strict=True)),
                registers=e.registers | seen,
            )
            for e in old.epochs
            if e.number > was.number
        ]
        result.track = RegisterTrack(
            limits=old.limits,
            epochs=[*track.epochs[:-1], joint, *tail],
            last=old.last,
            suspects=old.suspects,
            exchange_ms=max(old.exchange_ms, track.exchange_ms),
            changed=True,
        )
        result.shift_after_ms, result.shift_by = row.ts_ms, by
        return result
