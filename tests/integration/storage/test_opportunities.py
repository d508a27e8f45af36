"""Opportunities out of stored readings: found at their meters, brought up to date, told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import psycopg
import pytest

from forecast.opportunities.finder import find_opportunities
from forecast.opportunities.gathering.search import search_sites
from loadstone.cli.demo_world import register_world
from loadstone.domain.batch import merge
from loadstone.domain.quantities import POSITION, QUANTITIES
from loadstone.storage import readings, rollups
from loadstone.storage.keyset import Part
from loadstone.storage.opportunities import (
    OpportunityFilter,
    biggest_opportunities,
    change_opportunity,
    find_opportunity,
    forget_searches,
    list_opportunities,
    sites_to_search,
    store_search,
)
from loadstone.storage.opportunity_inputs import monthly_peaks
from simulator.context import PortfolioContext
from simulator.history import meter_history
from simulator.portfolio import demo_portfolio
from simulator.wastes import Plot, waste_kinds
from tests.support.planted_sites import sites_of

NOW = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)  # 00:30 of 1 December in China
START = NOW - timedelta(days=30, minutes=30)
BY_MONEY = Part(most=50, field="money", descending=True)


@pytest.fixture(scope="module")
def customer():
    supermarket = next(c for c in demo_portfolio() if c.kind == "supermarket")
    one = replace(supermarket, sites=supermarket.sites[:1])
    planted, _ = waste_kinds()["early_start"].plant(Plot(customer=one))
    return planted


def _store(connection: psycopg.Connection, customer) -> None:
    context = PortfolioContext((customer,))
    ids = dict(connection.execute("SELECT code, meter_id FROM core.meter").fetchall())
    readings.prepare_connection(connection)
    known: set[int] = set()
    for code, meter in context.meters.items():
        history = meter_history(context, meter, START, NOW, 900)
        ts_ms = history.pop("ts_ms")
        values = np.full((len(ts_ms), len(QUANTITIES)), np.nan)
        for field, column in history.items():
            if field in POSITION:
                values[:, POSITION[field]] = column
        zeros = np.zeros(len(ts_ms), np.int32)
        batch = merge(np.full(len(ts_ms), ids[code], np.int32), ts_ms, zeros, zeros, values).batch
        readings.ensure_partitions(connection, batch.ts_ms, known)
        readings.store_readings(connection, batch, fresh=True)
        readings.mark_dirty(connection, batch.meter_id, batch.ts_ms)
    connection.commit()
    while rollups.refresh_rollups(connection):
        connection.commit()


@pytest.fixture
def connection(database_url, customer):
    with psycopg.connect(database_url, options="-c timezone=UTC") as connection:
        register_world(connection, (customer,))
        _store(connection, customer)
        yield connection


def _site(connection, customer) -> int:
    code = customer.sites[0].code
    row = connection.execute("SELECT site_id FROM core.site WHERE code = %s", [code]).fetchone()
    return row[0]


def _all(connection, **wanted):
    return list_opportunities(connection, None, OpportunityFilter(**wanted), BY_MONEY)


def test_what_is_stored_is_searched_as_what_is_measured_and_told_once(connection, customer):
    site = _site(connection, customer)
    day = timedelta(hours=24)
    due = {"searched_before": NOW - day, "tried_before": NOW - day, "most": 9}
    assert site in sites_to_search(connection, **due)
    assert search_sites(connection, [site], NOW) == 1
    assert site not in sites_to_search(connection, **due)
    (row,) = _all(connection)
    assert (row.code, row.site_id, row.status) == ("early_start", site, "new")
    meters = {m.code: m for m in customer.sites[0].meters}
    assert meters[row.meter_code].equipment_code.endswith("-02")
    # The same arithmetic on the simulator's own arrays, which are means where these are samples.
    (premises,) = sites_of(customer, date(2026, 12, 1), 30)
    from_arrays = next(f for f in find_opportunities(premises) if f.code == "early_start").gain
    assert row.energy_kwh == pytest.approx(from_arrays.energy_kwh, rel=0.02)
    assert float(row.money) == pytest.approx(from_arrays.money, rel=0.05)
    assert row.currency == "CNY" and row.low_money < row.money < row.high_money
    assert len(row.evidence["x"]) == 96

    change_opportunity(
        connection, row.opportunity_id, status="accepted", owner="Chen", note="timer", at=NOW
    )
    later = NOW + day
    search_sites(connection, [site], later)
    (again,) = _all(connection)
    assert again.opportunity_id == row.opportunity_id
    assert (again.status, again.owner) == ("accepted", "Chen")
    assert (again.first_found_at, again.last_found_at) == (NOW, later)
    assert [r.opportunity_id for r in biggest_opportunities(connection)] == [row.opportunity_id]
    audit = connection.execute(
        "SELECT action FROM core.audit WHERE kind = 'opportunity'"
    ).fetchall()
    assert audit == [("opportunity.change",)]


def test_what_is_not_found_again_is_gone_and_what_became_a_measure_keeps_its_numbers(
    connection, customer
):
    site = _site(connection, customer)
    search_sites(connection, [site], NOW)
    (row,) = _all(connection)
    store_search(connection, site, [], 30, NOW + timedelta(hours=1))
    assert _all(connection, gone=False) == []
    assert biggest_opportunities(connection) == []
    gone = find_opportunity(connection, None, row.opportunity_id)
    assert gone.gone_at == NOW + timedelta(hours=1)

    change_opportunity(
        connection, row.opportunity_id, status="measure", owner=None, note=None, at=NOW,
        measure_id=7,
    )  # fmt: skip
    connection.execute("UPDATE core.opportunity SET energy_kwh = 1, money = 2")
    search_sites(connection, [site], NOW + timedelta(hours=2))
    kept = find_opportunity(connection, None, row.opportunity_id)
    assert (kept.energy_kwh, kept.money, kept.gone_at) == (1, 2, None)
    assert (kept.measure_id, kept.last_found_at) == (7, NOW + timedelta(hours=2))
    assert find_opportunity(connection, 10_000, row.opportunity_id) is None


def test_a_months_peak_counts_a_quarter_hour_once_though_its_register_began_anew_in_it(
    connection, customer
):
    site = _site(connection, customer)
    bounds = START - timedelta(days=1), NOW + timedelta(days=1)
    (before,) = monthly_peaks(connection, [site], *bounds)[site]
    connection.execute(
        "CREATE TEMP TABLE twice AS SELECT r.* FROM core.rollup_15m r JOIN core.meter m "
        "USING (meter_id) WHERE m.role = 'main' AND r.bucket >= '2026-11-10Z'"
    )
    connection.execute("UPDATE twice SET epoch = 1")
    connection.execute("INSERT INTO core.rollup_15m SELECT * FROM twice")
    assert monthly_peaks(connection, [site], *bounds)[site] == (before,)


def test_too_little_to_look_at_makes_nothing_gone_and_is_tried_again_sooner(connection, customer):
    site = _site(connection, customer)
    search_sites(connection, [site], NOW)
    early = START + timedelta(days=5)
    connection.execute("DELETE FROM core.reading")
    connection.execute("DELETE FROM core.rollup_15m WHERE bucket >= %s", [early])
    assert search_sites(connection, [site], NOW + timedelta(days=1)) == 0
    assert len(_all(connection, gone=False)) == 1
    tried = {"searched_before": NOW, "most": 9}
    soon = NOW + timedelta(days=1, hours=1)
    assert site in sites_to_search(connection, tried_before=soon, **tried)
    assert site not in sites_to_search(connection, tried_before=NOW, **tried)
    forget_searches(connection)
    assert site in sites_to_search(connection, tried_before=NOW, **tried)
