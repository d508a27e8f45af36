"""What ingest writes beside the readings themselves, all in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from psycopg.types.json import Jsonb

from loadstone.domain.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineEntry:
    """One refusal with what it is about; the same fingerprint is counted, not kept twice."""

    fingerprint: bytes
    received_at: datetime
    topic: str
    refusal: Refusal
    payload: bytes
    payload_bytes: int
    gateway_code: str | None = None
    meter_code: str | None = None
    meter_id: int | None = None
    ts: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalEntry:
    """Energy amounts over [ts, ts + interval_s): whole Wh and varh per register, or None."""

    meter_id: int
    ts: datetime
    interval_s: int
    quality: int
    lag_s: int
    amounts_wh: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraEntry:
    """One value that has no column of its own, in its protocol unit."""

    meter_id: int
    ts: datetime
    kind: str
    field: str
    interval_s: int
    value: float | None
    quality: int


@dataclass(slots=True, kw_only=True)
class GatewayNews:
    """What became known of a gateway's state in one batch; None leaves what was known."""

    gateway_id: int
    online: bool | None = None
    boot: int | None = None
    why: str | None = None
    state_at: datetime | None = None
    last_message_at: datetime | None = None
    clock_skew_ms: int | None = None
    clock_synced: bool | None = None
    birth: bytes | None = None
    birth_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry:
    """An event that a gateway told."""

    gateway_id: int
    boot: int
    seq: int
    ts: datetime
    received_at: datetime
    kind: str
    meter_id: int | None
    details: dict[str, object] = field(default_factory=dict)


_QUARANTINE = """
INSERT INTO core.quarantine (fingerprint, received_at, last_seen_at, severity, gateway_code,
    meter_code, meter_id, ts, topic, code, field, value, rule, payload, payload_bytes)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (fingerprint) DO UPDATE SET
    times_seen = quarantine.times_seen + 1, last_seen_at = excluded.last_seen_at
"""

_INTERVAL = """
INSERT INTO core.interval_reading (meter_id, ts, interval_s, quality, lag_s,
    imp_wh, exp_wh, q1_varh, q2_varh, q3_varh, q4_varh, rimp_varh, rexp_varh)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (meter_id, ts, interval_s) DO UPDATE SET
    quality = excluded.quality, imp_wh = coalesce(excluded.imp_wh, interval_reading.imp_wh),
    exp_wh = coalesce(excluded.exp_wh, interval_reading.exp_wh),
    q1_varh = coalesce(excluded.q1_varh, interval_reading.q1_varh),
    q2_varh = coalesce(excluded.q2_varh, interval_reading.q2_varh),
    q3_varh = coalesce(excluded.q3_varh, interval_reading.q3_varh),
    q4_varh = coalesce(excluded.q4_varh, interval_reading.q4_varh),
    rimp_varh = coalesce(excluded.rimp_varh, interval_reading.rimp_varh),
    rexp_varh = coalesce(excluded.rexp_varh, interval_reading.rexp_varh)
"""

_EXTRA = """
INSERT INTO core.extra_reading (meter_id, ts, kind, field, interval_s, value, quality)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (meter_id, ts, kind, field, interval_s) DO UPDATE SET
    value = excluded.value, quality = excluded.quality
"""

_NEWS = """
INSERT INTO core.gateway_state AS s (gateway_id, online, boot, why, state_at, last_message_at,
    clock_skew_ms, clock_synced, birth, birth_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (gateway_id) DO UPDATE SET
    online = coalesce(excluded.online, s.online), boot = coalesce(excluded.boot, s.boot),
    why = coalesce(excluded.why, s.why), state_at = coalesce(excluded.state_at, s.state_at),
    last_message_at = greatest(excluded.last_message_at, s.last_message_at),
    clock_skew_ms = coalesce(excluded.clock_skew_ms, s.clock_skew_ms),
    clock_synced = coalesce(excluded.clock_synced, s.clock_synced),
    birth = coalesce(excluded.birth, s.birth), birth_at = coalesce(excluded.birth_at, s.birth_at)
"""

_EVENT = """
INSERT INTO core.gateway_event
    (gateway_id, boot, seq, ts, received_at, kind, meter_id, details)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (gateway_id, boot, seq, kind) DO NOTHING
"""


def store_quarantine(connection: psycopg.Connection, entries: Sequence[QuarantineEntry]) -> None:
    """Keep what was refused or flagged, with its reason."""
    rows = [
        (e.fingerprint, e.received_at, e.received_at, e.refusal.severity, _text(e.gateway_code),
         _text(e.meter_code), e.meter_id, e.ts, _text(e.topic), e.refusal.code,
         _text(e.refusal.field), _text(e.refusal.value), _text(e.refusal.rule), e.payload,
         e.payload_bytes)
        for e in entries
    ]  # fmt: skip
    _many(connection, _QUARANTINE, rows)


def store_intervals(connection: psycopg.Connection, entries: Sequence[IntervalEntry]) -> None:
    """Keep interval energies; one that comes again replaces what it says."""
    rows = [(e.meter_id, e.ts, e.interval_s, e.quality, e.lag_s, *e.amounts_wh) for e in entries]
    _many(connection, _INTERVAL, rows)


def store_extras(connection: psycopg.Connection, entries: Sequence[ExtraEntry]) -> None:
    """Keep the values that have no column of their own."""
    rows = [(e.meter_id, e.ts, e.kind, e.field, e.interval_s, e.value, e.quality) for e in entries]
    _many(connection, _EXTRA, rows)


def store_gateway_news(connection: psycopg.Connection, news: Sequence[GatewayNews]) -> None:
    """Keep what became known of gateways."""
    rows = [
        (n.gateway_id, n.online, n.boot, n.why, n.state_at, n.last_message_at, n.clock_skew_ms,
         n.clock_synced, n.birth.decode() if n.birth else None, n.birth_at)
        for n in news
    ]  # fmt: skip
    _many(connection, _NEWS, rows)


def store_events(connection: psycopg.Connection, entries: Sequence[EventEntry]) -> int:
    """Keep events, each once; returns how many were new."""
    rows = [
        (e.gateway_id, e.boot, e.seq, e.ts, e.received_at, e.kind, e.meter_id, Jsonb(e.details))
        for e in entries
    ]
    return _many(connection, _EVENT, rows)


def _text(said: str | None) -> str | None:
    """Text that the database can hold: no NUL, no half of a character."""
    return said and said.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def _many(
    connection: psycopg.Connection, statement: str, rows: Sequence[tuple[object, ...]]
) -> int:
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(statement.encode(), rows)
        return cursor.rowcount
