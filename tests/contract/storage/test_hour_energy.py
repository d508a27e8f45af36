"""Kept hours of energy are those that would be reckoned, whatever befalls what they say."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import numpy as np
import psycopg
import pytest

from loadstone.storage.energy_sums import energy_sum_of
from loadstone.storage.rollups import refresh_rollups
from loadstone.storage.series import EnergyRow, energy_of
from tests.contract.storage.befallen import END, OPERATIONS, START, ZONES, World
from tests.contract.storage.conftest import Store
from tests.contract.storage.histories import make_history, put, put_epochs, register_meters

_APART = """
SELECT k.meter_id, k.start_at, k.energy_kwh, r.energy_kwh, k.quality, r.quality,
    k.measured_ratio, r.measured_ratio, k.estimated_ratio, r.estimated_ratio
FROM read.energy(%(meters)s, %(a)s, %(z)s, '1 hour', %(zone)s, %(register)s) k
FULL JOIN read.reckoned_energy(%(meters)s, %(a)s, %(z)s, '1 hour', %(zone)s, %(register)s) r
    ON r.meter_id = k.meter_id AND r.start_at = k.start_at
WHERE (k.end_at, k.quality) IS DISTINCT FROM (r.end_at, r.quality)
    OR (k.energy_kwh IS NULL) <> (r.energy_kwh IS NULL) OR abs(k.energy_kwh - r.energy_kwh) > 1e-6
    OR abs(k.measured_ratio - r.measured_ratio) > 1e-6
    OR abs(k.estimated_ratio - r.estimated_ratio) > 1e-6
LIMIT 5
"""


def check_hours(world: World) -> None:
    """What is answered is what is reckoned, in any window of any zone."""
    local = timedelta(minutes=30)
    windows = (
        (START - timedelta(days=1), END + timedelta(days=1, minutes=-10)),
        (START + timedelta(hours=7), START + timedelta(hours=60)),
    )
    for register in ("imp", "exp"):
        for zone, shift in (("UTC", timedelta()), ("Asia/Kolkata", local),
                            ("Australia/Lord_Howe", local)):  # fmt: skip
            for start, end in windows:
                values = {"meters": world.meters, "a": start - shift, "z": end - shift,
                          "zone": zone, "register": register}  # fmt: skip
                apart = world.connection.execute(_APART, values).fetchall()
                assert not apart, (register, zone, start)
    world.connection.commit()


_COUNTING = """
SELECT m.meter_id, coalesce((SELECT min(starts_at) FROM core.register_epoch e
    WHERE e.meter_id = m.meter_id), %s), coalesce(m.retired_at, %s)
FROM core.meter m ORDER BY m.meter_id
"""
_ORDER = ("measured", "corrected", "estimated")


def check_sums(world: World) -> None:
    """A sum is what comes out when every meter's answer is added by hand."""
    span = START - timedelta(days=1), END + timedelta(days=1, minutes=-10)
    counting = world.connection.execute(_COUNTING, span).fetchall()
    for step, zone, register in (("1 hour", "UTC", "imp"), ("1 hour", "Asia/Kathmandu", "imp"),
                                 ("1 hour", "UTC", "exp"), ("1 day", "UTC", "imp")):  # fmt: skip
        asked = (world.connection, world.meters, *span, step, zone, register)
        parts: dict[datetime, list[EnergyRow]] = defaultdict(list)
        for row in energy_of(*asked):
            parts[row.start_at].append(row)
        sums = energy_sum_of(*asked)
        assert [row.start_at for row in sums] == list(parts)
        for row in sums:
            known = [part for part in parts[row.start_at] if part.value is not None]
            missing = [
                meter for meter, since, until in counting
                if since < row.end_at and until > row.start_at
                and meter not in {part.meter_id for part in known}
            ]  # fmt: skip
            among = max(1, len(known) + len(missing))
            worst = max((part.quality for part in known), key=_ORDER.index, default="missing")
            assert (row.known_meters, row.missing_meters) == (len(known), missing)
            assert row.quality == ("missing" if missing else worst)
            assert row.value == (
                pytest.approx(sum(part.value for part in known), abs=1e-6) if known else None
            )
            assert row.measured_ratio == pytest.approx(
                sum(part.measured_ratio for part in known) / among, abs=1e-9
            )
            assert row.estimated_ratio == pytest.approx(
                sum(part.estimated_ratio for part in known) / among, abs=1e-9
            )
    world.connection.commit()


def check(world: World) -> None:
    check_hours(world)
    check_sums(world)


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_what_is_kept_is_what_would_be_reckoned_whatever_happens(
    connection: psycopg.Connection, store: Store, seed: int
) -> None:
    world = World(connection, small=store.small, seed=seed)
    check(world)
    world.summaries_are_made()
    check(world)
    for number in world.rng.integers(0, len(OPERATIONS), 8 if store.small else 25):
        OPERATIONS[number](world)
        check(world)
    world.summaries_are_made()
    check(world)


_KEPT = """
SELECT (SELECT count(*) FROM core.hour_energy_mark),
    (SELECT array_agg(phase_s ORDER BY meter_id) FROM core.hour_energy_meter),
    (SELECT array_agg(DISTINCT meter_id ORDER BY meter_id) FROM core.hour_energy),
    (SELECT array_agg(DISTINCT meter_id) FROM core.hour_energy WHERE slot = 2)
"""


def test_after_a_refresh_all_hours_are_kept_but_of_zones_whose_hours_shift(
    connection: psycopg.Connection, store: Store
) -> None:
    world = World(connection, small=store.small, seed=1)
    world.summaries_are_made()
    first, second, _, fourth = world.meters
    row = connection.execute(_KEPT).fetchone()
    assert row == (0, [0, 1800, 0], [first, second, fourth], [first])


_DAYS = "SELECT meter_id, day, xmin::text FROM core.hour_energy"


def test_a_late_reading_changes_the_hours_between_its_neighbours_and_no_others(
    connection: psycopg.Connection, store: Store
) -> None:
    meter, *_ = register_meters(connection, ZONES[:1])
    history = make_history(meter, START, END, seed=3, step_s=1800)
    put_epochs(connection, history)
    hole = (history.ts_ms > 1e3 * (START + timedelta(hours=52)).timestamp()) & (
        history.ts_ms < 1e3 * (START + timedelta(hours=77)).timestamp()
    )
    put(connection, history.batch(np.flatnonzero(~hole)), small=store.small)
    refresh_rollups(connection)
    before = set(connection.execute(_DAYS).fetchall())
    connection.commit()
    late = np.flatnonzero(hole)
    put(connection, history.batch(late[len(late) // 2 :][:1]), small=store.small)
    refresh_rollups(connection)
    written = {row[1] for row in set(connection.execute(_DAYS).fetchall()) - before}
    assert written == {START + timedelta(days=days) for days in (2, 3)}
