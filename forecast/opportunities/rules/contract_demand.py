"""Demand against contract: a contract demand that is far above or below what is drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecast.opportunities.charges import best_contract_kw, mean_contract_money
from forecast.opportunities.finding import Finding
from forecast.opportunities.premises import Premises
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from forecast.opportunities.shapes import bar_chart
from forecast.opportunities.worth import money_gain

_LEAST_RATIO = 0.10  # of what is paid for demand
_MANY_MONTHS, _SOME_MONTHS = 10, 3
_MARGIN_FACTOR = 1.1  # where few months are known, the highest may be still to come


def _find(premises: Premises, residual: Residual) -> Iterator[Finding]:
    price, contract_kw = premises.price, premises.contract_demand_kw
    if price is None or price.basis != "contract" or not contract_kw:
        return
    months = len(premises.monthly_peak_kw)
    if not months:
        return
    margin = 1.0 if months >= _MANY_MONTHS else _MARGIN_FACTOR
    peaks = [max(0.0, peak - residual.peak_cut_kw) for peak in premises.monthly_peak_kw]
    each, kva = float(price.demand_per_kw_month or 0), residual.transformer_kva or 0.0
    best_kw = best_contract_kw([peak * margin for peak in peaks], each, kva)
    paid = mean_contract_money(contract_kw, peaks, each, kva)
    saved = paid - mean_contract_money(best_kw, peaks, each, kva)
    if saved < _LEAST_RATIO * paid or abs(best_kw - contract_kw) < 20:
        return
    yield _finding(premises, (contract_kw, best_kw), saved * 12, peaks)


def _finding(
    premises: Premises, demands_kw: tuple[float, float], money: float, peaks: list[float]
) -> Finding:
    contract_kw, best_kw = demands_kw
    months = len(peaks)
    sure = 0.8 if months >= _MANY_MONTHS else 0.5 if months >= _SOME_MONTHS else 0.2
    return Finding(
        code=RULE.name, effort="low",
        confidence="high" if months >= _MANY_MONTHS else "medium" if months >= _SOME_MONTHS
        else "low",
        gain=money_gain(money, money * sure, money * 1.1),
        evidence=bar_chart(
            tuple(str(back) for back in range(months)[::-1]), {"peak": np.array(peaks)}, "kW",
            levels={"contract": contract_kw, "best": best_kw}, axis="month",
        ),
        params={
            "contract_kw": contract_kw, "best_kw": best_kw, "peak_kw": max(peaks),
            "months": float(months),
            "way": "lower" if best_kw < contract_kw else "raise",
        },
    )  # fmt: skip


RULE = Rule(name="contract_demand", order=120, find=lambda p, r: list(_find(p, r)))
