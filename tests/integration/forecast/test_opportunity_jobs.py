"""The daily search goes on after a site that cannot be reckoned, and asks each once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from loadstone.cli import opportunity_jobs
from loadstone.domain.registry import Customer, Meter, Site
from loadstone.storage import registry
from loadstone.storage.pool import open_pool

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def sites(database_url) -> list[int]:
    made = []
    with psycopg.connect(database_url) as connection:
        customer = registry.put_customer(
            connection, Customer(code="C", name_en="C", name_zh="C", kind="mall")
        )
        for code in ("S1", "S2", "S3"):
            site = Site(code=code, name_en=code, name_zh=code, zone="Asia/Shanghai")
            made.append(registry.put_site(connection, customer, site))
            meter = Meter(code=f"M-{code}", name_en=code, name_zh=code)
            registry.put_meter(connection, made[-1], meter)
    return made


def test_each_site_is_searched_and_one_that_fails_is_tried_again_later(
    database_url, sites, monkeypatch
):
    searched = []

    def search(connection, site_ids, now):
        searched.extend(site_ids)
        if site_ids == [sites[1]]:
            raise ValueError("unheard-of data")
        connection.execute(
            "INSERT INTO core.opportunity_search VALUES (%s, %s, 60) "
            "ON CONFLICT (site_id) DO UPDATE SET searched_at = excluded.searched_at",
            [site_ids[0], now],
        )
        return 0

    monkeypatch.setattr(opportunity_jobs, "search_sites", search)
    pool = open_pool(database_url, most=1)
    with pool:
        assert opportunity_jobs.search_due(pool, lambda: NOW) == 3
        assert searched == sites
        assert opportunity_jobs.search_due(pool, lambda: NOW) == 0
        assert opportunity_jobs.search_due(pool, lambda: NOW + timedelta(hours=1)) == 1
        assert searched[3:] == [sites[1]]
        assert opportunity_jobs.search_due(pool, lambda: NOW + timedelta(hours=25)) == 3
