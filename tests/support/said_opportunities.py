"""Opportunities and prices as pages are tested on: of several kinds, with curves and with bars."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import psycopg

from loadstone.domain.prices import Price, PriceWindow
from loadstone.storage.opportunities import FoundOpportunity, change_opportunity, store_search
from loadstone.storage.prices import put_prices

PRICE = Price(
    valid_from=date(2026, 1, 1), flat_per_kwh=Decimal("0.651886"),
    sharp_per_kwh=Decimal("1.049999"), valley_per_kwh=Decimal("0.432924"),
    windows=(
        PriceWindow(period="sharp", start_min=1080, end_min=1200, months=(1, 2)),
        PriceWindow(period="valley", start_min=0, end_min=360),
    ),
    basis="contract", demand_per_kw_month=Decimal(42),
    power_factor_standard_ratio=Decimal("0.90"),
)  # fmt: skip


def found(
    code: str, params: dict[str, Any], evidence: dict[str, Any], money: str | None,
    energy_kwh: float = 120_000.0,
) -> FoundOpportunity:  # fmt: skip
    """A finding of a site; without money no price was known."""
    amount = None if money is None else Decimal(money)
    return FoundOpportunity(
        meter_id=None, code=code, params=params, evidence=evidence, energy_kwh=energy_kwh,
        energy_low_kwh=energy_kwh * 0.6, energy_high_kwh=energy_kwh * 1.2, demand_kw=0.0,
        money=amount, low_money=None if amount is None else amount * Decimal("0.6"),
        high_money=None if amount is None else amount * Decimal("1.2"),
        currency=None if amount is None else "CNY", confidence="medium", effort="low",
    )  # fmt: skip


def day_evidence() -> dict[str, Any]:
    """A workday and a day off with a target."""
    hours = np.arange(96) / 4
    day = (100 + 300 * np.exp(-(((hours - 13) / 5) ** 2))).round(1).tolist()
    return {
        "axis": "day_hour", "unit": "kW", "x": hours.tolist(), "labels": [],
        "series": [{"name": "workday", "values": day},
                   {"name": "rest_day", "values": [None, *[v / 2 for v in day[1:]]]}],
        "levels": [{"name": "target", "values": [60.0]}],
    }  # fmt: skip


def month_evidence() -> dict[str, Any]:
    """Two months' peaks under a contract."""
    return {
        "axis": "month", "unit": "kW", "x": [0.0, 1.0], "labels": ["1", "0"],
        "series": [{"name": "peak", "values": [480.0, 510.0]}],
        "levels": [{"name": "contract", "values": [900.0]}, {"name": "best", "values": [490.0]}],
    }  # fmt: skip


def put_opportunities(
    connection: psycopg.Connection, customer_ids: list[int], site_ids: list[int], now: datetime
) -> None:
    """Prices of the first customer; two opportunities at its site, one gone and one unpriced."""
    put_prices(connection, customer_ids[0], [PRICE])
    base = found(
        "off_hours_base",
        {"base_kw": 120.4, "target_kw": 60.0, "excess_kw": 60.4, "off_h": 10.5},
        day_evidence(), "78000.5",
    )  # fmt: skip
    contract = found(
        "contract_demand",
        {"contract_kw": 900.0, "best_kw": 490.0, "peak_kw": 510.0, "months": 2.0, "way": "lower"},
        month_evidence(), "206640", energy_kwh=0.0,
    )  # fmt: skip
    early = found(
        "early_start",
        {"plant_hour": 4.25, "people_hour": 8.0, "excess_kw": 44.0, "span_h": 3.25},
        day_evidence(), None,
    )  # fmt: skip
    before = now - timedelta(days=3)
    store_search(connection, site_ids[0], [base, contract, early], 14, before)
    store_search(connection, site_ids[0], [base, contract], 16, now)
    store_search(connection, site_ids[-1], [early], 16, now)
    row = connection.execute(
        "SELECT opportunity_id FROM core.opportunity WHERE code = 'contract_demand'"
    ).fetchone()
    assert row is not None
    change_opportunity(connection, row[0], status="accepted", owner="Wang Lei", note=None, at=now)
    connection.commit()
