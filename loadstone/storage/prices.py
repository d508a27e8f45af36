"""Prices of customers: kept as a list of what counts from when on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from loadstone.domain.prices import Price, PriceWindow

_PRICES = """
SELECT customer_id, valid_from, currency, flat_per_kwh, sharp_per_kwh, peak_per_kwh,
    valley_per_kwh, deep_valley_per_kwh, windows, basis, demand_per_kw_month,
    capacity_per_kva_month, feed_in_per_kwh, power_factor_standard_ratio
FROM visible.price WHERE customer_id = ANY (%s) ORDER BY customer_id, valid_from
"""


def prices_of_all(
    connection: psycopg.Connection, customer_ids: Sequence[int]
) -> dict[int, tuple[Price, ...]]:
    """The prices of each of these customers, oldest first; none where none were given."""
    found: dict[int, list[Price]] = {customer_id: [] for customer_id in customer_ids}
    cursor = connection.cursor(row_factory=dict_row)
    for row in cursor.execute(_PRICES, [list(customer_ids)]):
        found[row.pop("customer_id")].append(_price(row))
    return {customer_id: tuple(prices) for customer_id, prices in found.items()}


def prices_of(connection: psycopg.Connection, customer_id: int) -> tuple[Price, ...]:
    """A customer's prices, oldest first."""
    return prices_of_all(connection, [customer_id])[customer_id]


def _price(row: dict[str, Any]) -> Price:
    windows = tuple(
        PriceWindow(**{**window, "months": tuple(window["months"])}) for window in row["windows"]
    )
    return Price(**{**row, "windows": windows})


_CLEAR = "DELETE FROM core.price WHERE customer_id = %s AND valid_from <> ALL (%s)"
_PUT = """
INSERT INTO core.price AS p (customer_id, valid_from, currency, flat_per_kwh, sharp_per_kwh,
    peak_per_kwh, valley_per_kwh, deep_valley_per_kwh, windows, basis, demand_per_kw_month,
    capacity_per_kva_month, feed_in_per_kwh, power_factor_standard_ratio)
VALUES (%(customer_id)s, %(valid_from)s, %(currency)s, %(flat_per_kwh)s, %(sharp_per_kwh)s,
    %(peak_per_kwh)s, %(valley_per_kwh)s, %(deep_valley_per_kwh)s, %(windows)s, %(basis)s,
    %(demand_per_kw_month)s, %(capacity_per_kva_month)s, %(feed_in_per_kwh)s,
    %(power_factor_standard_ratio)s)
ON CONFLICT (customer_id, valid_from) DO UPDATE SET
    (currency, flat_per_kwh, sharp_per_kwh, peak_per_kwh, valley_per_kwh, deep_valley_per_kwh,
        windows, basis, demand_per_kw_month, capacity_per_kva_month, feed_in_per_kwh,
        power_factor_standard_ratio)
    = (excluded.currency, excluded.flat_per_kwh, excluded.sharp_per_kwh, excluded.peak_per_kwh,
        excluded.valley_per_kwh, excluded.deep_valley_per_kwh, excluded.windows, excluded.basis,
        excluded.demand_per_kw_month, excluded.capacity_per_kva_month, excluded.feed_in_per_kwh,
        excluded.power_factor_standard_ratio)
WHERE (p.*) IS DISTINCT FROM (excluded.*)
"""


def put_prices(connection: psycopg.Connection, customer_id: int, prices: Sequence[Price]) -> None:
    """Put this list in the place of the customer's former one; what stays as it was is not told."""
    connection.execute(_CLEAR, [customer_id, [price.valid_from for price in prices]])
    for price in prices:
        windows = Jsonb([asdict(window) for window in price.windows])
        connection.execute(_PUT, {**asdict(price), "customer_id": customer_id, "windows": windows})
