"""What a saved power is worth, by the price of each quarter hour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.opportunities.finding import Gain
from forecast.opportunities.premises import DAYS_A_YEAR, HOURS_A_SLOT, Grid, Premises, yearly_kwh

Days = NDArray[np.bool_]


def yearly_money(premises: Premises, saved_kw: Grid, known_kw: Grid, days: Days) -> float | None:
    """Money a year of a power that was saved on these days; None where no price is known."""
    price, saved = premises.price_per_kwh[days], saved_kw[days]
    known = ~np.isnan(price) & ~np.isnan(known_kw[days])
    if not known.any():
        return None
    money = (saved * price)[known].sum() * HOURS_A_SLOT
    return float(money / known.mean() * DAYS_A_YEAR / len(saved))


def gain_of(
    premises: Premises,
    saved_kw: Grid,
    known_kw: Grid,
    days: Days,
    *,
    low_ratio: float,
    high_ratio: float,
) -> Gain:
    """The gain of a year that is like the chosen days; at least and at most are parts of it."""
    energy_kwh = yearly_kwh(saved_kw[days], known_kw[days])
    money = yearly_money(premises, saved_kw, known_kw, days)
    return Gain(
        energy_kwh=energy_kwh,
        energy_low_kwh=energy_kwh * low_ratio,
        energy_high_kwh=energy_kwh * high_ratio,
        money=money,
        low_money=None if money is None else money * low_ratio,
        high_money=None if money is None else money * high_ratio,
    )


def money_gain(
    money: float, low_money: float, high_money: float, *, demand_kw: float = 0.0
) -> Gain:
    """A gain in money alone."""
    return Gain(
        energy_kwh=0.0, energy_low_kwh=0.0, energy_high_kwh=0.0, demand_kw=demand_kw,
        money=money, low_money=low_money, high_money=high_money,
    )  # fmt: skip


def average_price_per_kwh(premises: Premises) -> float | None:
    """The mean price of what the site bought; None where no price is known."""
    bought = np.clip(premises.power_kw, 0, None)
    known = ~np.isnan(bought) & ~np.isnan(premises.price_per_kwh)
    total = bought[known].sum()
    return float((bought * premises.price_per_kwh)[known].sum() / total) if total > 0 else None
