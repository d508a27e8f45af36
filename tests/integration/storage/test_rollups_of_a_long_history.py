"""A meter's whole year that comes at once is summarised span by span, not row against span."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg

from loadstone.domain.batch import merge
from loadstone.domain.quantities import POSITION, QUANTITIES
from loadstone.domain.registry import Customer, Meter, Site
from loadstone.storage import readings, registry, rollups

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
QUARTERS = 366 * 96


def store_a_year(connection: psycopg.Connection) -> int:
    customer = Customer(code="C", name_en="C", name_zh="C", kind="factory")
    site = Site(code="S", name_en="S", name_zh="S", zone="Europe/Berlin")
    site_id = registry.put_site(connection, registry.put_customer(connection, customer), site)
    meter = Meter(code="M", name_en="M", name_zh="M", interval_s=900)
    meter_id = registry.put_meter(connection, site_id, meter)
    ts_ms = int(BEGIN.timestamp() * 1000) + 900_000 * np.arange(QUARTERS, dtype=np.int64)
    values = np.full((QUARTERS, len(QUANTITIES)), np.nan)
    values[:, POSITION["ep_imp"]] = np.arange(QUARTERS) * 0.25
    zeros = np.zeros(QUARTERS, np.int32)
    batch = merge(np.full(QUARTERS, meter_id, np.int32), ts_ms, zeros, zeros, values).batch
    readings.prepare_connection(connection)
    readings.ensure_partitions(connection, batch.ts_ms, set())
    readings.store_readings(connection, batch, fresh=True)
    readings.mark_dirty(connection, batch.meter_id, batch.ts_ms)
    return meter_id


def test_a_year_of_one_meter_is_summarised_at_once_and_never_by_joining_all_with_all(
    database_url, monkeypatch
):
    monkeypatch.setattr(rollups, "_AS_USUAL", "SELECT 1")  # what holds for the joins is left to see
    with psycopg.connect(database_url, autocommit=True) as connection:
        meter_id = store_a_year(connection)
        with connection.transaction():
            assert rollups.refresh_rollups(connection) == QUARTERS // 4
            # Without a timed assertion: only these joins compare every row with every span.
            for join in ("enable_hashjoin", "enable_mergejoin"):
                setting = connection.execute("SELECT current_setting(%s)", [join]).fetchone()
                assert setting == ("off",)
        sums = connection.execute(
            "SELECT count(*), sum(n), min(bucket), max(imp_1_wh) FROM core.rollup_day "
            "WHERE meter_id = %s",
            [meter_id],
        ).fetchone()
    assert sums == (367, QUARTERS, BEGIN - timedelta(hours=1), (QUARTERS - 1) * 250)
