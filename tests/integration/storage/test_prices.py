"""A customer's prices are kept as they were given, and a change of them is in the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import psycopg
import pytest

from loadstone.domain.prices import Price, PriceWindow
from loadstone.domain.registry import Customer
from loadstone.storage.prices import prices_of, prices_of_all, put_prices
from loadstone.storage.registry import put_customer

HUBEI = Price(
    valid_from=date(2026, 1, 1),
    flat_per_kwh=Decimal("0.651886"),
    sharp_per_kwh=Decimal("1.049999"),
    peak_per_kwh=Decimal("0.848961"),
    valley_per_kwh=Decimal("0.432924"),
    windows=(
        PriceWindow(period="sharp", start_min=1080, end_min=1200, months=(1, 2, 12)),
        PriceWindow(period="valley", start_min=0, end_min=360),
    ),
    basis="contract",
    demand_per_kw_month=Decimal("42.0000"),
    power_factor_standard_ratio=Decimal("0.90"),
)


@pytest.fixture
def connection(database_url):
    with psycopg.connect(database_url) as connection:
        yield connection


def _customer(connection, code: str) -> int:
    return put_customer(connection, Customer(code=code, name_en=code, name_zh=code, kind="mall"))


def test_prices_come_back_as_they_were_put_and_a_list_replaces_the_former_one(connection):
    mine, other = _customer(connection, "A"), _customer(connection, "B")
    later = replace(HUBEI, valid_from=date(2026, 8, 1), flat_per_kwh=Decimal("0.7"))
    put_prices(connection, mine, [later, HUBEI])
    assert prices_of(connection, mine) == (HUBEI, later)
    put_prices(connection, mine, [replace(later, basis="actual")])
    assert prices_of_all(connection, [mine, other]) == {
        mine: (replace(later, basis="actual"),), other: (),
    }  # fmt: skip


def test_what_is_put_again_unchanged_is_not_told_in_the_log(connection):
    customer = _customer(connection, "A")
    put_prices(connection, customer, [HUBEI])
    put_prices(connection, customer, [HUBEI])
    put_prices(connection, customer, [replace(HUBEI, flat_per_kwh=Decimal("0.66"))])
    put_prices(connection, customer, [])
    rows = connection.execute(
        "SELECT action FROM core.audit WHERE kind = 'price' ORDER BY audit_id"
    ).fetchall()
    assert [row[0] for row in rows] == ["price.add", "price.change", "price.remove"]
