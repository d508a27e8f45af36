"""A warmer day: the site's own response, read from its readings and weather, moves the forecast."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
import pytest

from loadstone.domain.batch import ReadingBatch
from loadstone.domain.quantities import POSITION, QUANTITIES
from loadstone.storage.readings import (
    ensure_partitions,
    mark_dirty,
    prepare_connection,
    store_readings,
)
from loadstone.storage.rollups import refresh_rollups
from tests.integration.api.conftest import NOW
from tests.support.said_forecasts import SaidSite, put_site

DAYS = 80
KW_PER_K = 4.0
_WEATHER = """
INSERT INTO core.weather_value (site_id, valid_at, known_at, source, measured, temperature_c)
SELECT %s, at, at, 'tests', true, c FROM unnest(%s::timestamptz[], %s::real[]) u(at, c)
ON CONFLICT DO NOTHING
"""


def temperatures() -> tuple[list[datetime], np.ndarray]:
    """Hours of the last 80 days: warm days and cool days around 22 °C by turns of weather."""
    first = NOW.replace(minute=0) - timedelta(days=DAYS)
    hours = [first + timedelta(hours=n) for n in range(24 * DAYS)]
    days = np.random.default_rng(5).normal(22, 3, DAYS).repeat(24)
    return hours, days + 3 * np.sin(np.arange(24 * DAYS) / 24 * 2 * np.pi)


@pytest.fixture(scope="module")
def warm_site(world) -> SaidSite:
    """Site B (Shanghai) with loads that answer to the temperature, two of its meters."""
    site = SaidSite(
        site_id=world.sites["SITE-B"], customer_id=world.customers["CUS-B"], zone="Asia/Shanghai",
        level_kw=500, contract_kw=None,
    )  # fmt: skip
    hours, warmth = temperatures()
    load_kw = 300 + KW_PER_K * np.maximum(warmth - 20, 0)
    load_kw = load_kw + np.random.default_rng(6).normal(0, 2, len(load_kw))
    with psycopg.connect(world.url, options="-c timezone=UTC") as connection:
        prepare_connection(connection)
        known: set[int] = set()
        ts_ms = np.array([int(at.timestamp() * 1000) for at in hours])
        for code, share in (("MTR-B1", 0.5), ("20260001", 0.5)):
            values = np.full((len(ts_ms), len(QUANTITIES)), np.nan)
            values[:, POSITION["p"]] = load_kw * share
            zeros = np.zeros(len(ts_ms), np.int32)
            batch = ReadingBatch(
                meter_id=np.full(len(ts_ms), world.meters[code], np.int32), ts_ms=ts_ms,
                quality=zeros, lag_s=zeros, epoch=np.zeros(len(ts_ms), np.int16), values=values,
            )  # fmt: skip
            ensure_partitions(connection, batch.ts_ms, known)
            store_readings(connection, batch, fresh=True)
            mark_dirty(connection, batch.meter_id, batch.ts_ms)
        connection.commit()
        while refresh_rollups(connection):
            connection.commit()
        connection.execute(_WEATHER, [site.site_id, hours, warmth.tolist()])
        put_site(connection, site, NOW)
    return site


def test_three_kelvin_more_cost_what_the_site_answered_so_far(staff, warm_site) -> None:
    answer = staff.post("/api/v1/sites/SITE-B/forecast/what-if", json={"warmer_k": 3}).json()
    response = answer["response"]
    assert response["method"] == "fitted"
    assert response["days"] >= 75
    assert response["explained_ratio"] > 0.9
    assert response["cooling_kw_per_k"] == pytest.approx([KW_PER_K] * 6, rel=0.15)
    assert response["heating_kw_per_k"] == [0] * 6
    foreseen = staff.get(
        "/api/v1/sites/SITE-B/weather",
        params={"from": "2026-10-27T16:00:00Z", "to": "2026-10-28T16:00:00Z"},
    ).json()["data"]
    base_c = response["cooling_base_c"]
    degrees = [
        max(one["temperature_c"] + 3 - base_c, 0) - max(one["temperature_c"] - base_c, 0)
        for one in foreseen
    ]
    more = answer["after"]["energy_kwh"] - answer["before"]["energy_kwh"]
    assert more == pytest.approx(KW_PER_K * sum(degrees), rel=0.2)
    assert answer["after"]["peak_kw"]["p50"] > answer["before"]["peak_kw"]["p50"] + 5
    assert datetime.fromisoformat(answer["issued_at"]) <= datetime(2026, 10, 27, tzinfo=UTC)


def test_days_without_foreseen_temperatures_are_refused(staff, warm_site) -> None:
    far = {"warmer_k": 3, "first_day": "2026-11-02"}
    answer = staff.post("/api/v1/sites/SITE-B/forecast/what-if", json=far)
    assert answer.status_code == 422
    assert "foreseen" in answer.json()["errors"][0]["rule"]
