"""Transformer over-capacity: kVA that are paid for and never loaded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecast.opportunities.finding import Finding, Gain
from forecast.opportunities.premises import Premises
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from forecast.opportunities.shapes import bar_chart
from forecast.opportunities.worth import average_price_per_kwh

_LOW_USE_RATIO = 0.30
_WANTED_USE_RATIO = 0.65
_POWER_FACTOR = 0.95
_STEP_KVA = 100.0
NO_LOAD_KW, LOAD_KW, SIZE_KVA = 1.7, 10.3, 1000.0  # a usual transformer: losses at no and full load
_HOURS_A_YEAR = 8760.0


def loss_kw(use_ratio: float, size_factor: float = 1.0) -> float:
    """The losses of transformers of so many times 1000 kVA, loaded to this part."""
    return size_factor * (NO_LOAD_KW + use_ratio**2 * LOAD_KW)


def economic_use_ratio() -> float:
    """The load at which a transformer loses least for what it carries: √(P0 / Pk)."""
    return float(np.sqrt(NO_LOAD_KW / LOAD_KW))


def _find(premises: Premises, residual: Residual) -> Iterator[Finding]:
    price, kva = premises.price, residual.transformer_kva
    if price is None or price.basis != "capacity" or not kva or not premises.monthly_peak_kw:
        return
    peak_kva = max(premises.monthly_peak_kw) / _POWER_FACTOR
    if peak_kva >= _LOW_USE_RATIO * kva:
        return
    needed_kva = -(-peak_kva / _WANTED_USE_RATIO // _STEP_KVA) * _STEP_KVA
    months = len(premises.monthly_peak_kw)
    yield Finding(
        code=RULE.name, effort="medium",
        confidence="high" if months >= 10 else "medium" if months >= 3 else "low",
        gain=_gain(premises, kva, needed_kva, float(price.capacity_per_kva_month or 0)),
        evidence=bar_chart(
            tuple(str(back) for back in range(months)[::-1]),
            {"peak": np.array(premises.monthly_peak_kw) / _POWER_FACTOR}, "kVA",
            levels={"capacity": kva, "needed": needed_kva}, axis="month",
        ),
        params={
            "transformer_kva": kva, "needed_kva": needed_kva, "peak_kva": peak_kva,
            "use_pct": peak_kva / kva * 100, "months": float(months),
        },
    )  # fmt: skip
    residual.transformer_kva = needed_kva


def _gain(premises: Premises, kva: float, needed_kva: float, per_kva_month: float) -> Gain:
    """Less charge, and the losses of fewer transformers, which may be more."""
    apparent = np.hypot(premises.power_kw, premises.reactive_kvar)
    known = apparent[~np.isnan(apparent)]
    square = float((known**2).mean()) if known.size else 0.0

    def losses_kw(capacity_kva: float) -> float:
        # n transformers at β lose n P0 + n β² Pk; β² is linear in the mean square of the load.
        return loss_kw(float(np.sqrt(square)) / capacity_kva, capacity_kva / SIZE_KVA)

    saved_kwh = (losses_kw(kva) - losses_kw(needed_kva)) * _HOURS_A_YEAR
    each = average_price_per_kwh(premises) or 0.0
    charge = (kva - needed_kva) * per_kva_month * 12
    return Gain(
        energy_kwh=saved_kwh,
        energy_low_kwh=min(saved_kwh * 0.5, saved_kwh * 1.5),
        energy_high_kwh=max(saved_kwh * 0.5, saved_kwh * 1.5),
        money=charge + saved_kwh * each,
        # Suspending is for six months a year at most; taking transformers out is for good.
        low_money=charge / 2 + min(saved_kwh, 0.0) * each,
        high_money=charge + max(saved_kwh * 1.5, 0.0) * each,
    )


RULE = Rule(name="transformer_capacity", order=110, find=lambda p, r: list(_find(p, r)))
