"""The straight line: what arrived is judged, and stored in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import structlog
from numpy.typing import NDArray

from ingest.assembly import FUTURE_LIMIT_MS, Assembly, instant, quarantine_entry
from ingest.directory import Directory
from ingest.exchange import declare_exchange
from ingest.plausibility import screen
from ingest.registers import RegisterKeeper, write_judgement
from loadstone.domain.batch import ReadingBatch, merge
from loadstone.domain.messages import (
    Arrival,
    Birth,
    GatewayEvent,
    Message,
    Presence,
    Telemetry,
)
from loadstone.domain.quality import Quality
from loadstone.domain.refusal import Refusal
from loadstone.domain.sequence import SequenceLedger
from loadstone.storage.ingest_connection import Connection, IngestConnection
from loadstone.storage.ingest_writes import (
    EventEntry,
    GatewayNews,
    QuarantineEntry,
    store_events,
    store_extras,
    store_gateway_news,
    store_intervals,
    store_quarantine,
)
from loadstone.storage.judging import join_judging
from loadstone.storage.readings import (
    ensure_partitions,
    mark_dirty,
    store_latest,
    store_readings,
)
from loadstone.storage.sequences import load_sequence, store_sequences

_log = structlog.get_logger(__name__)
_SHORTEST_MONTH_MS = 28 * 24 * 3_600_000
_ROOM_MS = 2**40  # partitions are made for readings of the last 34 years


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one batch of messages."""

    messages: int
    readings: int
    quarantined: int


class IngestPipeline:
    """Takes batches of messages, each stored whole or not at all.

    Raises SinkUnavailableError when the database is away: the batch may be given again, as often as
    it takes; readings that were stored already are not counted twice.
    """

    def __init__(self, connection: IngestConnection) -> None:
        self._database = connection
        self._months: set[int] = set()
        self._directory = Directory()
        self._keeper = RegisterKeeper()
        self._ledgers: dict[tuple[int, int], SequenceLedger] = {}
        self._newest_ms: dict[int, int] = {}
        self._rejudged = 0

    def __call__(self, arrivals: Sequence[Arrival]) -> None:
        """Store a batch; see `ingest`."""
        self.ingest(arrivals)

    def ingest(self, arrivals: Sequence[Arrival]) -> Outcome:
        """Store a batch of messages in one transaction, in the order in which they came."""
        try:
            self._make_room(arrivals)
            with self._database.transaction() as connection:
                outcome = self._store(connection, arrivals)
        except BaseException:
            self._forget()
            raise
        _log.debug(
            "batch_stored",
            messages=outcome.messages,
            readings=outcome.readings,
            quarantined=outcome.quarantined,
        )
        return outcome

    def _forget(self) -> None:
        """What is remembered may be ahead of what was stored."""
        self._keeper.forget()
        self._ledgers.clear()
        self._newest_ms.clear()
        self._months.clear()

    def _make_room(self, arrivals: Sequence[Arrival]) -> None:
        stamps: list[int] = []
        for arrival in arrivals:
            if isinstance(arrival.message, Telemetry):
                stamps += _instants_of_each_month(
                    arrival.message.readings.ts_ms, arrival.received_ms + FUTURE_LIMIT_MS
                )
        if stamps:
            with self._database.session() as connection:
                ensure_partitions(connection, np.array(stamps, dtype=np.int64), self._months)

    def _store(self, connection: Connection, arrivals: Sequence[Arrival]) -> Outcome:
        self._join_judging(connection)
        self._directory.refresh(connection)
        work = _Work()
        for arrival in arrivals:
            self._sort(connection, arrival, work)
        stored = self._store_readings(connection, work.assembly)
        store_quarantine(connection, work.quarantine + work.assembly.quarantine)
        store_intervals(connection, work.assembly.intervals)
        store_extras(connection, work.assembly.extras)
        store_gateway_news(connection, list(work.news.values()))
        store_sequences(
            connection, [(key[0], key[1], self._ledgers[key]) for key in sorted(work.sessions)]
        )
        quarantined = len(work.quarantine) + len(work.assembly.quarantine)
        return Outcome(messages=len(arrivals), readings=stored, quarantined=quarantined)

    def _join_judging(self, connection: Connection) -> None:
        newest = join_judging(connection)
        if newest != self._rejudged:
            self._keeper.forget()
            self._rejudged = newest

    def _sort(self, connection: Connection, arrival: Arrival, work: _Work) -> None:
        message = arrival.message
        if message is None:
            refusal = arrival.refusal or Refusal(code="unreadable", rule="could not be read")
            work.quarantine.append(quarantine_entry(arrival, refusal))
            return
        gateway_id = self._directory.gateway(connection, message.gateway)
        if gateway_id is None:
            refusal = Refusal(
                code="unknown_gateway",
                field="gw",
                value=message.gateway,
                rule="must be a gateway in the registry",
            )
            work.quarantine.append(quarantine_entry(arrival, refusal, gateway=message.gateway))
            return
        if arrival.again:
            self._sort_again(connection, gateway_id, arrival, message, work)
            return
        news = work.news.setdefault(gateway_id, GatewayNews(gateway_id=gateway_id))
        if isinstance(message, Telemetry):
            self._number(connection, gateway_id, message.boot, message.seq, work)
            news.last_message_at = instant(arrival.received_ms)
            news.boot, news.clock_synced = message.boot, message.clock_synced
            if not message.backfill:
                news.clock_skew_ms = arrival.received_ms - message.sent_ms
            work.assembly.add(connection, self._directory, arrival, message)
        elif isinstance(message, GatewayEvent):
            self._number(connection, gateway_id, message.boot, message.seq, work)
            self._event(connection, gateway_id, arrival, message, work)
        else:
            _note_state(news, arrival, message)

    def _sort_again(
        self,
        connection: Connection,
        gateway_id: int,
        arrival: Arrival,
        message: Message,
        work: _Work,
    ) -> None:
        """Only what was measured or happened: states of long ago say nothing of now."""
        if isinstance(message, Telemetry):
            work.assembly.add(connection, self._directory, arrival, message)
        elif isinstance(message, GatewayEvent):
            self._event(connection, gateway_id, arrival, message, work)

    def _number(
        self, connection: Connection, gateway_id: int, boot: int, seq: int, work: _Work
    ) -> None:
        key = (gateway_id, boot)
        if key not in self._ledgers:
            known = load_sequence(connection, gateway_id, boot)
            self._ledgers[key] = known or SequenceLedger.begin(seq)
        self._ledgers[key].note(seq)
        work.sessions.add(key)

    def _event(
        self,
        connection: Connection,
        gateway_id: int,
        arrival: Arrival,
        event: GatewayEvent,
        work: _Work,
    ) -> None:
        meter = (
            self._directory.meter(connection, event.gateway, event.channel, event.ts_ms)
            if event.channel
            else None
        )
        entry = EventEntry(
            gateway_id=gateway_id,
            boot=event.boot,
            seq=event.seq,
            ts=instant(event.ts_ms),
            received_at=instant(arrival.received_ms),
            kind=event.kind,
            meter_id=meter.meter_id if meter else None,
            details=dict(event.details),
        )
        is_new = store_events(connection, [entry]) > 0
        if event.kind == "register_exchange" and is_new:
            refusal = declare_exchange(connection, self._keeper, event, meter)
            if refusal is not None:
                work.quarantine.append(
                    quarantine_entry(arrival, refusal, gateway=event.gateway, channel=event.channel)
                )

    def _store_readings(self, connection: Connection, assembly: Assembly) -> int:
        if not assembly.rows:
            return 0
        received_ms = np.array(assembly.received_ms, dtype=np.int64)
        ts_ms = np.array(assembly.ts_ms, dtype=np.int64)
        meter_id = np.array(assembly.meter_ids, dtype=np.int32)
        lag_s = ((received_ms - ts_ms) // 1000).astype(np.int32)
        quality = np.array(assembly.quality, dtype=np.int32)
        merged = merge(meter_id, ts_ms, quality, lag_s, assembly.values())
        batch, source = merged.batch, merged.source
        declared = np.full(len(batch), -1, dtype=np.int64)
        np.maximum.at(declared, merged.row_of, np.array(assembly.declared, dtype=np.int64))
        for found in screen(batch, assembly.limits):
            self._flag(assembly, batch, source, found.row, found.refusal)
        judgement = self._keeper.judge(connection, batch, declared, assembly.limits)
        for row, refusal in judgement.flags:
            self._flag(assembly, batch, source, row, refusal)
        write_judgement(connection, judgement)
        batch.quality[np.isnan(batch.values).all(axis=1)] |= int(Quality.INVALID)
        if len(batch):
            shown_ms = np.array(assembly.shown_ms, dtype=np.int64)
            self._write(connection, batch, received_ms[source], shown_ms[source])
        return len(batch)

    def _write(
        self,
        connection: Connection,
        batch: ReadingBatch,
        received_ms: NDArray[np.int64],
        shown_ms: NDArray[np.int64],
    ) -> None:
        turns = np.diff(batch.meter_id) != 0
        first, last = np.flatnonzero(np.append(True, turns)), np.flatnonzero(np.append(turns, True))
        newest = np.array([self._newest_ms.get(m, -1) for m in batch.meter_id[first].tolist()])
        fresh = bool((batch.ts_ms[first] > newest).all() and (newest >= 0).any())
        store_readings(connection, batch, fresh=fresh)
        live = (batch.quality & int(Quality.BACKFILL)) == 0
        if live.all():
            store_latest(connection, replace(batch, ts_ms=shown_ms), received_ms)
        elif live.any():
            shown = batch.take(live)
            shown.ts_ms = shown_ms[live]
            store_latest(connection, shown, received_ms[live])
        mark_dirty(connection, batch.meter_id, batch.ts_ms)
        for meter, ts in zip(
            batch.meter_id[last].tolist(), batch.ts_ms[last].tolist(), strict=True
        ):
            self._newest_ms[meter] = max(ts, self._newest_ms.get(meter, -1))

    def _flag(
        self,
        assembly: Assembly,
        batch: ReadingBatch,
        source: NDArray[np.intp],
        row: int,
        refusal: Refusal,
    ) -> None:
        meter_id = int(batch.meter_id[row])
        gateway, channel = assembly.channel_of[meter_id]
        arrival = assembly.sources[int(source[row])]
        assembly.quarantine.append(
            quarantine_entry(
                arrival,
                refusal,
                gateway=gateway,
                channel=channel,
                meter_id=meter_id,
                ts_ms=int(batch.ts_ms[row]),
            )
        )


def _instants_of_each_month(ts_ms: Sequence[int], latest_ms: int) -> Sequence[int]:
    """Some of these instants, at least one of each month; absurd ones left out."""
    if not ts_ms:
        return ()
    first_ms, last_ms = min(ts_ms), max(ts_ms)
    if latest_ms - _ROOM_MS < first_ms and last_ms <= latest_ms:
        if last_ms - first_ms < _SHORTEST_MONTH_MS:
            return (first_ms, last_ms)
        return ts_ms
    return [each for each in ts_ms if latest_ms - _ROOM_MS < each <= latest_ms]


class _Work:
    """What one batch brings, beside what goes to the database at once."""

    def __init__(self) -> None:
        self.assembly = Assembly()
        self.quarantine: list[QuarantineEntry] = []
        self.news: dict[int, GatewayNews] = {}
        self.sessions: set[tuple[int, int]] = set()


def _note_state(news: GatewayNews, arrival: Arrival, message: Birth | Presence) -> None:
    if isinstance(message, Birth):
        news.birth, news.birth_at = message.document, instant(arrival.received_ms)
        news.boot = message.boot
        return
    news.online, news.why = message.on, message.why
    news.boot = message.boot if message.boot is not None else news.boot
    news.state_at = instant(arrival.received_ms)
