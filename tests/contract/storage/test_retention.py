"""What is too old goes, part by part; what was made of it stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
import pytest

from loadstone.storage.retention import Retention, apply_retention
from loadstone.storage.rollups import refresh_rollups
from tests.contract.storage.conftest import Store
from tests.contract.storage.histories import (
    History,
    compress,
    make_history,
    put,
    register_meters,
    stored_summary,
    summarise,
)

ZONE = "Asia/Kolkata"
START = datetime(2025, 10, 20, tzinfo=UTC)
NOW = datetime(2026, 3, 20, tzinfo=UTC)
KEEP = Retention(readings_days=40, rollups_days=None, quarantine_days=30)
LEVELS = ("15m", "1h", "day", "month")


@pytest.fixture
def history(connection: psycopg.Connection, store: Store) -> History:
    """Five months of one meter, stored but not summarised."""
    meters = register_meters(connection, [ZONE])
    made = make_history(meters[0], START, NOW, seed=5, step_s=10_800)
    put(connection, made.batch(), small=store.small)
    return made


def _oldest(connection: psycopg.Connection) -> datetime:
    row = connection.execute("SELECT min(ts) FROM core.reading").fetchone()
    assert row is not None
    return row[0]


def test_old_readings_go_and_their_summaries_stay(connection, history) -> None:
    while refresh_rollups(connection):
        connection.commit()
    compress(connection)
    gone = apply_retention(connection, KEEP, NOW)
    assert gone.readings and not gone.waiting
    assert START + timedelta(days=60) < _oldest(connection) < NOW - timedelta(days=40)
    for unit in LEVELS:
        assert stored_summary(connection, unit) == summarise([history], unit, [ZONE]), unit


def test_nothing_goes_that_is_not_summarised(connection, history) -> None:
    gone = apply_retention(connection, KEEP, NOW)
    assert not gone.readings and gone.waiting
    assert _oldest(connection) == datetime.fromtimestamp(history.ts_ms[0] / 1000, UTC)


def test_a_late_reading_from_before_what_is_kept_does_not_spoil_the_summaries(
    connection, store, history
) -> None:
    while refresh_rollups(connection):
        connection.commit()
    apply_retention(connection, KEEP, NOW)
    put(connection, history.batch(np.array([3])), small=store.small)
    refresh_rollups(connection)
    for unit in LEVELS:
        assert stored_summary(connection, unit) == summarise([history], unit, [ZONE]), unit


def test_old_quarters_and_hours_go_and_days_and_months_stay(connection, history) -> None:
    while refresh_rollups(connection):
        connection.commit()
    keep = Retention(readings_days=35, rollups_days=35, quarantine_days=None)
    gone = apply_retention(connection, keep, NOW)
    assert gone.rollups
    for unit, at_most in (("15m", True), ("1h", True), ("day", False), ("month", False)):
        stored = stored_summary(connection, unit).items()
        expected = summarise([history], unit, [ZONE]).items()
        assert (stored < expected) if at_most else (stored == expected), unit
    kept_from = min(bucket for _, bucket, _ in stored_summary(connection, "1h"))
    oldest = connection.execute("SELECT min(day) FROM core.hour_energy").fetchone()
    assert oldest is not None and abs(oldest[0] - kept_from) <= timedelta(days=2)


_REFUSED = """
INSERT INTO core.quarantine (fingerprint, received_at, last_seen_at, severity, topic, code, rule,
    payload, payload_bytes)
SELECT sha256(at::text::bytea), at, at, 'refused', 't', 'c', 'r', 'p', 1
FROM unnest(%s::timestamptz[]) AS at
"""


def test_old_quarantine_goes(connection) -> None:
    stamps = [NOW - timedelta(days=31), NOW - timedelta(days=29)]
    connection.execute(_REFUSED, [stamps])
    connection.commit()
    assert apply_retention(connection, KEEP, NOW).quarantined == 1
    left = connection.execute("SELECT last_seen_at FROM core.quarantine").fetchall()
    assert left == [(stamps[1],)]


def test_summaries_must_outlive_their_readings() -> None:
    with pytest.raises(ValueError, match="at least as long"):
        Retention(readings_days=100, rollups_days=50, quarantine_days=None)
