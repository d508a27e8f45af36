"""What a month's energy cost by the customer's agreed prices; taxes and the rest are not in it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from forecast.reports.facts.loads import MonthLoad
from forecast.reports.facts.premises import Premises
from loadstone.domain.price_book import PriceBook
from loadstone.domain.prices import PERIODS, Period, Price
from loadstone.storage.prices import prices_of
from loadstone.storage.read_only import Connection

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCost:
    """A tariff period's energy of a month and what it cost."""

    period: Period
    energy_kwh: float
    energy_money: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCost:
    """What the month cost as far as it is known; `price` is the one in force on its last day.

    `demand_money` is for the highest demand, the contract or the capacity, as agreed; None where
    nothing is agreed, or what it is for is not known.
    """

    price: Price
    periods: tuple[PeriodCost, ...]
    unpriced_kwh: float
    demand_money: Decimal | None
    billed_demand_kw: float | None

    @property
    def energy_money(self) -> Decimal:
        """All periods together."""
        return sum((one.energy_money for one in self.periods), Decimal(0))

    @property
    def total_money(self) -> Decimal:
        """Energy and demand."""
        return self.energy_money + (self.demand_money or Decimal(0))


def price_book(connection: Connection, premises: Premises) -> PriceBook:
    """The customer's prices by the premises' clock; a book without prices where none is agreed."""
    return PriceBook(prices_of(connection, premises.customer.customer_id), premises.zone)


def month_cost(load: MonthLoad, premises: Premises, book: PriceBook) -> MonthCost | None:
    """Energy by period, and the charge for demand; None where no price was agreed."""
    price = book.on(load.month.days[-1])
    if price is None or not len(load.start_s):
        return None
    priced = book.series(load.start_s)
    energy_kwh = np.nan_to_num(load.known_kwh)
    periods = tuple(
        _period_cost(name, priced.period == place, energy_kwh, priced.price_per_kwh)
        for place, name in enumerate(PERIODS)
        if ((priced.period == place) & (energy_kwh != 0)).any()
    )
    billed_kw = _billed_kw(price, load, premises)
    return MonthCost(
        price=price,
        periods=periods,
        unpriced_kwh=float(energy_kwh[np.isnan(priced.price_per_kwh)].sum()),
        demand_money=_demand_money(price, billed_kw, premises),
        billed_demand_kw=billed_kw,
    )


def _period_cost(
    name: Period, inside: NDArray[np.bool_], energy_kwh: NDArray[np.float64],
    price_per_kwh: NDArray[np.float64],
) -> PeriodCost:  # fmt: skip
    money = float(np.nansum(energy_kwh[inside] * price_per_kwh[inside]))
    return PeriodCost(
        period=name,
        energy_kwh=float(energy_kwh[inside].sum()),
        energy_money=rounded(Decimal(repr(money))),
    )


def _billed_kw(price: Price, load: MonthLoad, premises: Premises) -> float | None:
    if price.demand_per_kw_month is None:
        return None
    return premises.contract_demand_kw if price.basis == "contract" else load.peak_kw


def _demand_money(price: Price, billed_kw: float | None, premises: Premises) -> Decimal | None:
    if price.basis == "capacity" and price.capacity_per_kva_month is not None:
        kva = premises.customer.transformer_kva
        return None if kva is None else rounded(Decimal(repr(kva)) * price.capacity_per_kva_month)
    if price.demand_per_kw_month is None or billed_kw is None:
        return None
    return rounded(Decimal(repr(billed_kw)) * price.demand_per_kw_month)


def rounded(money: Decimal) -> Decimal:
    """To the cent, half up, as bills are."""
    return money.quantize(_CENT, ROUND_HALF_UP)
