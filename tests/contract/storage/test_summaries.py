"""The four levels and the energy from them: what every kind of server must give alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
import pytest

from loadstone.storage.backend import probe_backend
from loadstone.storage.register_writes import relabel_range
from loadstone.storage.rollups import refresh_rollups
from loadstone.storage.series import energy_of
from tests.contract.storage.conftest import Store
from tests.contract.storage.histories import (
    History,
    bucket_start,
    compress,
    make_history,
    put,
    put_epochs,
    register_meters,
    stored_summary,
    summarise,
)

LEVELS = ("15m", "1h", "day", "month")
# Days of 23 and 25 hours, half hours' difference to UTC, a clock change by half an hour.
ZONES = ("Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe")
START = datetime(2026, 3, 28, tzinfo=UTC)  # Berlin springs on the 29th,
END = datetime(2026, 4, 6, 9, 10, tzinfo=UTC)  # Lord Howe falls back on 5 April


@pytest.fixture
def histories(connection: psycopg.Connection, store: Store) -> list[History]:
    """Three meters in three zones, stored but not summarised."""
    meters = register_meters(connection, ZONES)
    made = [make_history(m, START, END, seed=m, step_s=1800) for m in meters]
    for history in made:
        put_epochs(connection, history)
        put(connection, history.batch(), small=store.small)
    return made


def test_every_level_holds_what_the_readings_say(connection, histories) -> None:
    while refresh_rollups(connection):
        pass
    for unit in LEVELS:
        assert stored_summary(connection, unit) == summarise(histories, unit, ZONES), unit


def test_the_intervals_of_any_step_sum_up_to_the_registers_difference(
    connection, histories
) -> None:
    refresh_rollups(connection)
    for step in ("15 minutes", "1 hour", "1 day", "1 month"):
        _check_energy(connection, histories, step)


def _check_energy(connection: psycopg.Connection, histories: list[History], step: str) -> None:
    for history, zone in zip(histories, ZONES, strict=True):
        known_from = datetime.fromtimestamp(history.ts_ms[0] / 1000, UTC)
        known_to = datetime.fromtimestamp(history.ts_ms[-1] / 1000, UTC)
        for start, end in (
            (known_from, known_to),
            (START + timedelta(hours=5, minutes=30), START + timedelta(days=4)),
            (START + timedelta(days=1, minutes=7, seconds=13), END - timedelta(hours=20)),
        ):
            rows = energy_of(connection, [history.meter_id], start, end, step, zone, "imp")
            for row in rows:
                expected = history.between_kwh(row.start_at, row.end_at)
                assert row.value == pytest.approx(expected, abs=1e-6)
            total = sum(row.value for row in rows)
            assert total == pytest.approx(history.between_kwh(start, end), abs=1e-6)


def test_late_readings_of_any_age_show_after_one_refresh_and_change_nothing_else(
    connection, store
) -> None:
    meters = register_meters(connection, ZONES[:1])
    whole = make_history(meters[0], START, END, seed=7, step_s=1800)
    late = np.zeros(len(whole.ts_ms), dtype=bool)
    late[[40, 41, 200]] = True
    put(connection, whole.batch(np.flatnonzero(~late)), small=store.small)
    refresh_rollups(connection)
    compress(connection)
    before = stored_summary(connection, "15m")
    connection.commit()
    put(connection, whole.batch(np.flatnonzero(late)), small=store.small)
    assert refresh_rollups(connection) > 0
    for unit in LEVELS:
        assert stored_summary(connection, unit) == summarise([whole], unit, ZONES[:1]), unit
    after = stored_summary(connection, "15m")
    quarters = {
        datetime.fromtimestamp(ms / 1000 // 900 * 900, UTC) for ms in whole.ts_ms[late].tolist()
    }
    changed = {key[1] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert changed <= quarters
    connection.commit()
    assert refresh_rollups(connection) == 0


# Where each level's rows lie, and which transaction wrote each of them.
_VERSIONS = "SELECT meter_id, bucket, epoch, xmin::text FROM {place}"
_MATERIALISED = """
SELECT format('%%I.%%I', materialization_hypertable_schema, materialization_hypertable_name)
FROM timescaledb_information.continuous_aggregates
WHERE view_schema = 'core' AND view_name = %s
"""


def _versions(connection: psycopg.Connection, unit: str) -> dict[tuple[object, ...], str]:
    place = f"core.rollup_{unit}"
    if probe_backend(connection).has_continuous_aggregates:
        suffix = "_europe_berlin" if unit in ("day", "month") else ""
        row = connection.execute(_MATERIALISED, [f"rollup_{unit}{suffix}"]).fetchone()
        assert row is not None
        place = row[0]
    rows = connection.execute(_VERSIONS.format(place=place).encode()).fetchall()
    return {tuple(row[:3]): row[3] for row in rows}


def test_only_the_buckets_that_late_readings_touch_are_written_again(connection, store) -> None:
    meters = register_meters(connection, ZONES[:1] * 2)
    lives = [make_history(m, START, END, seed=m, step_s=1800) for m in meters]
    whole = lives[0]
    late = np.zeros(len(whole.ts_ms), dtype=bool)
    late[[40, 41, 200]] = True
    put(connection, whole.batch(np.flatnonzero(~late)), small=store.small)
    put(connection, lives[1].batch(), small=store.small)
    refresh_rollups(connection)
    before = {unit: _versions(connection, unit) for unit in LEVELS}
    connection.commit()
    put(connection, whole.batch(np.flatnonzero(late)), small=store.small)
    assert refresh_rollups(connection) > 0
    stamps = [datetime.fromtimestamp(ms / 1000, UTC) for ms in whole.ts_ms[late].tolist()]
    for unit in LEVELS:
        now = _versions(connection, unit)
        written = {key[1] for key in now if before[unit].get(key) != now[key]}
        # Marks are by the hour, so that an hour's quarters may be written together.
        coarsest = {"15m": "1h"}.get(unit, unit)
        touched = {bucket_start(at, coarsest, ZONES[0]) for at in stamps}
        assert {bucket_start(at, coarsest, ZONES[0]) for at in written} == touched, unit
    for unit in LEVELS:
        expected = summarise(lives, unit, ZONES[:1] * 2)
        assert stored_summary(connection, unit) == expected, unit


def test_readings_from_long_ago_find_their_place(connection, store) -> None:
    meters = register_meters(connection, ZONES[:1])
    old = make_history(
        meters[0], datetime(2011, 12, 31, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC), seed=1
    )
    put(connection, old.batch(), small=store.small)
    refresh_rollups(connection)
    for unit in LEVELS:
        assert stored_summary(connection, unit) == summarise([old], unit, ZONES[:1]), unit


def test_an_epoch_found_later_relabels_readings_wherever_they_lie(connection, histories) -> None:
    refresh_rollups(connection)
    compress(connection)
    first = histories[0]
    spoilt = first.epoch == 2
    ends = first.ts_ms[spoilt]
    relabel_range(connection, first.meter_id, int(ends[0]), int(ends[-1]), 2, 5)
    connection.commit()
    refresh_rollups(connection)
    first.epoch[spoilt] = 5
    for unit in LEVELS:
        assert stored_summary(connection, unit) == summarise(histories, unit, ZONES), unit


def test_a_site_in_a_new_zone_has_days_and_months_from_its_first_reading(
    connection, histories
) -> None:
    refresh_rollups(connection)
    connection.execute("UPDATE core.site SET zone = 'Asia/Shanghai' WHERE code = 'SITE-0'")
    connection.commit()
    refresh_rollups(connection)
    zones = ("Asia/Shanghai", *ZONES[1:])
    for unit in LEVELS:
        assert stored_summary(connection, unit) == summarise(histories, unit, zones), unit
