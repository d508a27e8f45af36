"""What saved energy is worth: hour by hour at that hour's price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import numpy as np

from forecast.quantiles import FloatArray, IntArray
from forecast.savings.result import SavingsResult
from loadstone.domain.price_book import PriceBook

CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Money of a saving and of both ends of its interval."""

    saved_money: Decimal
    low_money: Decimal
    high_money: Decimal
    currency: str


def worth(
    told: SavingsResult, saved_kwh: FloatArray, start_s: IntArray, book: PriceBook
) -> Worth | None:
    """Each row's saving at its own price; None where a row has no price, or two currencies meet.

    `saved_kwh` is NaN where a row was not judged. What was adjusted, and the distance to the ends
    of the interval, is worth what a saved kWh was worth on average.
    """
    judged = np.isfinite(saved_kwh)
    currencies = {price.currency for price in book.prices}
    if not judged.any() or len(currencies) != 1:
        return None
    price = book.series(start_s[judged]).price_per_kwh
    if not np.isfinite(price).all():
        return None
    plain, total = float(saved_kwh[judged] @ price), float(saved_kwh[judged].sum())
    mean = plain / total if total else 0.0
    if not price.min() <= mean <= price.max():
        mean = float(price.mean())
    beside = told.savings_kwh - total
    saved = plain + beside * mean
    return Worth(
        saved_money=_money(saved),
        low_money=_money(saved + (told.interval.low_kwh - told.savings_kwh) * mean),
        high_money=_money(saved + (told.interval.high_kwh - told.savings_kwh) * mean),
        currency=currencies.pop(),
    )


def _money(amount: float) -> Decimal:
    return Decimal(repr(amount)).quantize(CENT, rounding=ROUND_HALF_UP)
