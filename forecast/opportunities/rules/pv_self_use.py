"""PV self-use: what is fed in cheaply at noon is bought back dearly at another time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecast.opportunities.finding import Finding, Gain
from forecast.opportunities.habits import last_days
from forecast.opportunities.premises import Premises, yearly_kwh
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from forecast.opportunities.shapes import day_chart, usual_day
from forecast.opportunities.worth import average_price_per_kwh

_LEAST_PCT = 10.0  # of what is generated
_LEAST_KWH = 5000.0
_MOVED_RATIO, _LOW_RATIO, _HIGH_RATIO = 0.5, 0.25, 0.8  # of what is fed in


def _find(premises: Premises, residual: Residual) -> Iterator[Finding]:
    roofs = [circuit for circuit in premises.circuits if circuit.category == "pv"]
    if not roofs:
        return
    days = last_days(premises)
    made = -sum(np.nan_to_num(np.clip(roof.power_kw, None, 0)) for roof in roofs)
    total = residual.total_kw()
    fed_in = np.clip(-total, 0, made)
    made_kwh = yearly_kwh(np.asarray(made)[days], total[days])
    fed_in_kwh = yearly_kwh(np.nan_to_num(fed_in)[days], total[days])
    if made_kwh <= 0 or fed_in_kwh < max(_LEAST_KWH, made_kwh * _LEAST_PCT / 100):
        return
    yield Finding(
        code=RULE.name, effort="medium", confidence="medium",
        gain=_gain(premises, fed_in_kwh),
        evidence=day_chart(
            {
                "load": _mean_day(total + made, days),
                "generation": _mean_day(np.asarray(made), days),
                "fed_in": _mean_day(fed_in, days),
            }
        ),
        params={
            "fed_in_kwh": fed_in_kwh, "fed_in_pct": fed_in_kwh / made_kwh * 100,
            "moved_pct": _MOVED_RATIO * 100,
        },
    )  # fmt: skip


def _mean_day(
    power_kw: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    days: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return usual_day(power_kw, days)


def _gain(premises: Premises, fed_in_kwh: float) -> Gain:
    bought = average_price_per_kwh(premises)
    price = premises.price
    spread = None
    if bought is not None and price is not None:
        spread = max(bought - float(price.feed_in_per_kwh or 0), 0.0)

    def money(ratio: float) -> float | None:
        return None if spread is None else fed_in_kwh * ratio * spread

    return Gain(
        energy_kwh=fed_in_kwh * _MOVED_RATIO,
        energy_low_kwh=fed_in_kwh * _LOW_RATIO,
        energy_high_kwh=fed_in_kwh * _HIGH_RATIO,
        money=money(_MOVED_RATIO),
        low_money=money(_LOW_RATIO),
        high_money=money(_HIGH_RATIO),
    )


RULE = Rule(name="pv_self_use", order=70, find=lambda p, r: list(_find(p, r)))
