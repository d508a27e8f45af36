"""Power factor: a compensation that is too small costs a surcharge every month."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from forecast.opportunities.adjustment import adjustment_pct, rounded_power_factor
from forecast.opportunities.charges import monthly_charge
from forecast.opportunities.finding import Finding, Gain
from forecast.opportunities.habits import last_days
from forecast.opportunities.premises import DAYS_A_YEAR, HOURS_A_SLOT, Grid, Premises
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from forecast.opportunities.shapes import day_chart, usual_day
from forecast.opportunities.worth import average_price_per_kwh

TARGET_RATIO = 0.95
_STANDARD = Decimal("0.90")
_MONTH_DAYS = 30
_LOSS_RATIO = 0.02  # of the energy, in conductors and transformers that the reactive current heats
_LOADED_RATIO = 0.3


def compensation_kvar(power_kw: float, from_ratio: float, to_ratio: float) -> float:
    """The capacitors that lift the power factor of a load: P (tan φ1 - tan φ2)."""
    return power_kw * (math.tan(math.acos(from_ratio)) - math.tan(math.acos(to_ratio)))


def freed_kva(power_kw: float, from_ratio: float, to_ratio: float) -> float:
    """The apparent power that this gives back."""
    return power_kw / from_ratio - power_kw / to_ratio


def copper_loss_change_pct(from_ratio: float, to_ratio: float) -> float:
    """How the losses of the current change, for the same active power."""
    return ((from_ratio / to_ratio) ** 2 - 1) * 100


def _find(premises: Premises, residual: Residual) -> Iterator[Finding]:
    days = last_days(premises, _MONTH_DAYS)
    active = np.clip(residual.total_kw()[days], 0, None)
    reactive = np.abs(premises.reactive_kvar[days])
    known = ~np.isnan(active) & ~np.isnan(reactive)
    active_kwh = float(active[known].sum() * HOURS_A_SLOT)
    reactive_kvarh = float(reactive[known].sum() * HOURS_A_SLOT)
    if active_kwh <= 0:
        return
    ratio = active_kwh / math.hypot(active_kwh, reactive_kvarh)
    price = premises.price
    standard = (price.power_factor_standard_ratio if price else None) or _STANDARD
    if rounded_power_factor(ratio) >= standard:
        return
    yield _finding(premises, residual, (active, known), ratio, standard)


def _finding(
    premises: Premises, residual: Residual,
    looked_at: tuple[Grid, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]],
    ratio: float, standard: Decimal,
) -> Finding:  # fmt: skip
    active, known = looked_at
    loaded = known & (active > _LOADED_RATIO * active[known].max())
    bank_kvar = compensation_kvar(float(active[loaded].mean()), ratio, TARGET_RATIO)
    days = last_days(premises, _MONTH_DAYS)
    night_kvar = usual_day(premises.reactive_kvar, days)
    points = float(
        adjustment_pct(rounded_power_factor(ratio), standard)
        - adjustment_pct(rounded_power_factor(TARGET_RATIO), standard)
    )
    return Finding(
        code=RULE.name, effort="medium", confidence="high",
        gain=_gain(premises, residual, float(active[known].mean()), ratio, points),
        evidence=day_chart(
            {"reactive": night_kvar, "allowed": usual_day(premises.power_kw, days)
             * math.tan(math.acos(TARGET_RATIO))}, unit="kvar",
        ),
        params={
            "power_factor_ratio": ratio, "standard_ratio": float(standard),
            "target_ratio": TARGET_RATIO, "bank_kvar": bank_kvar, "adjustment_pct": points,
            "freed_kva": freed_kva(float(active[loaded].mean()), ratio, TARGET_RATIO),
        },
    )  # fmt: skip


def _gain(
    premises: Premises, residual: Residual, mean_kw: float, ratio: float, points: float
) -> Gain:
    """Less surcharge, and a little less loss; the surcharge is on energy and the monthly charge."""
    energy_kwh = mean_kw * 24 * DAYS_A_YEAR
    saved_kwh = energy_kwh * _LOSS_RATIO * -copper_loss_change_pct(ratio, TARGET_RATIO) / 100
    each = average_price_per_kwh(premises)
    charged = premises.price is not None and premises.price.power_factor_standard_ratio is not None
    money = None
    if each is not None:
        bill = energy_kwh * each + 12 * monthly_charge(premises, residual)
        money = saved_kwh * each + (bill * points / 100 if charged else 0.0)
    return Gain(
        energy_kwh=saved_kwh, energy_low_kwh=saved_kwh * 0.3, energy_high_kwh=saved_kwh * 2,
        money=money,
        low_money=None if money is None else money * 0.8,
        high_money=None if money is None else money * 1.1,
    )  # fmt: skip


RULE = Rule(name="power_factor", order=100, find=lambda p, r: list(_find(p, r)))
