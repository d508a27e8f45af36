"""The monthly charge for demand or capacity, the user's choice of three (DOMAIN: 两部制 basic)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.opportunities.premises import Premises
from forecast.opportunities.residual import Residual

FLOOR_RATIO = 0.4  # of the capacity: less contract demand is charged as this
_FREE_RATIO = 1.05  # of the contract demand: what is above counts double
_OVER_FACTOR = 2.0


def contract_money(
    contract_kw: float, peak_kw: float, per_kw_month: float, transformer_kva: float = 0.0
) -> float:
    """A month's charge under a contract demand, with what a peak above it adds."""
    charged_kw = max(contract_kw, FLOOR_RATIO * transformer_kva)
    over_kw = max(0.0, peak_kw - _FREE_RATIO * charged_kw)
    return (charged_kw + _OVER_FACTOR * over_kw) * per_kw_month


def mean_contract_money(
    contract_kw: float, peaks_kw: Sequence[float], per_kw_month: float,
    transformer_kva: float = 0.0,
) -> float:  # fmt: skip
    """The mean of a month's charge over these months' peaks."""
    months = [contract_money(contract_kw, p, per_kw_month, transformer_kva) for p in peaks_kw]
    return float(np.mean(months))


def best_contract_kw(
    peaks_kw: Sequence[float], per_kw_month: float, transformer_kva: float = 0.0
) -> float:
    """The contract demand of least mean charge, to 10 kW.

    The optimum lies where P(peak > 1.05 C) = 1 / (2 · 1.05): at a peak over 1.05, or at the floor.
    """
    candidates = [max(0.0, -(-peak // (10 * _FREE_RATIO)) * 10) for peak in peaks_kw]
    candidates += [candidate - 10 for candidate in candidates if candidate >= 10]
    candidates.append(FLOOR_RATIO * transformer_kva)
    return min(
        candidates,
        key=lambda kw: (mean_contract_money(kw, peaks_kw, per_kw_month, transformer_kva), kw),
    )


def monthly_charge(premises: Premises, residual: Residual) -> float:
    """What demand or capacity costs a month as things are; 0 where neither is charged."""
    price = premises.price
    if price is None or price.basis is None:
        return 0.0
    kva = residual.transformer_kva or 0.0
    if price.basis == "capacity":
        return kva * float(price.capacity_per_kva_month or 0)
    each, peaks = float(price.demand_per_kw_month or 0), premises.monthly_peak_kw
    if not peaks:
        return 0.0
    if price.basis == "actual":
        return float(np.mean(peaks)) * each
    return mean_contract_money(premises.contract_demand_kw or 0.0, peaks, each, kva)
