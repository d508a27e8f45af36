"""Load shift: loads that could run when energy is cheap run when it is dear."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecast.opportunities.finding import Finding
from forecast.opportunities.habits import last_days
from forecast.opportunities.premises import Circuit, Premises, yearly_kwh
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from forecast.opportunities.shapes import day_chart, usual_day
from forecast.opportunities.worth import money_gain
from loadstone.domain.prices import PERIODS, Price

FLEXIBLE = frozenset({"ev", "laundry", "pump", "refrigeration"})
_DEAR = tuple(PERIODS.index(period) for period in ("sharp", "peak"))
_LEAST_TIMES = 1.35  # the dear hours' even share
_LEAST_RATIO = 0.003  # of the site's energy
_MOVED_RATIO, _LOW_RATIO, _HIGH_RATIO = 0.7, 0.3, 1.0


def shift_money(energy_kwh: float, dear_per_kwh: float, cheap_per_kwh: float) -> float:
    """What moving energy from dear hours to cheap ones is worth."""
    return energy_kwh * (dear_per_kwh - cheap_per_kwh)


def _find(premises: Premises, residual: Residual) -> Iterator[Finding]:
    price = premises.price
    if price is None or not price.windows:
        return
    days = last_days(premises)
    dear = np.isin(premises.period, _DEAR)
    for circuit in premises.circuits:
        if circuit.category not in FLEXIBLE:
            continue
        power = np.clip(residual.power_kw(circuit), 0, None)
        known = ~np.isnan(power) & days[:, None]
        total = power[known].sum()
        if not total > 0 or not dear[known].any():
            continue
        share, even = power[known & dear].sum() / total, dear[known].mean()
        if share < _LEAST_TIMES * even:
            continue
        excess = np.where(dear, np.nan_to_num(power), 0.0) * (share - even) / share
        excess_kwh = yearly_kwh(excess[days], power[days])
        if excess_kwh >= _LEAST_RATIO * premises.energy_kwh:
            yield _finding(premises, circuit, price, (excess_kwh, float(share), float(even)))


def _finding(
    premises: Premises, circuit: Circuit, price: Price, found: tuple[float, float, float]
) -> Finding:
    excess_kwh, share, even = found
    days = last_days(premises)
    dear = np.isin(premises.period, _DEAR) & days[:, None] & ~np.isnan(circuit.power_kw)
    weight = np.clip(circuit.power_kw, 0, None)[dear]
    dear_per_kwh = float((premises.price_per_kwh[dear] * weight).sum() / weight.sum())
    cheap_per_kwh = min(float(price.per_kwh(window.period)) for window in price.windows)
    cheap_per_kwh = min(cheap_per_kwh, float(price.flat_per_kwh))

    def money(ratio: float) -> float:
        return shift_money(excess_kwh * ratio, dear_per_kwh, cheap_per_kwh)

    return Finding(
        code=RULE.name, circuit=circuit.number, effort="medium", confidence="medium",
        gain=money_gain(money(_MOVED_RATIO), money(_LOW_RATIO), money(_HIGH_RATIO)),
        evidence=day_chart(
            {
                "usual": usual_day(circuit.power_kw, days),
                "dear": np.where(
                    np.isin(premises.period[-1], _DEAR), usual_day(circuit.power_kw, days), np.nan
                ),
            }
        ),
        params={
            "moved_kwh": excess_kwh * _MOVED_RATIO, "dear_pct": share * 100,
            "even_pct": even * 100, "dear_per_kwh": dear_per_kwh, "cheap_per_kwh": cheap_per_kwh,
        },
    )  # fmt: skip


RULE = Rule(name="load_shift", order=80, find=lambda p, r: list(_find(p, r)))
