"""Voltage: loads that follow it draw less at a lower tap (conservation voltage reduction)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecast.opportunities.finding import Finding
from forecast.opportunities.habits import last_days
from forecast.opportunities.premises import Circuit, Premises
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from forecast.opportunities.shapes import day_chart, usual_day
from forecast.opportunities.worth import gain_of

CVR_FACTOR = 0.8  # % of energy by % of voltage; 0.4 to 1.0 by what is fed
_CVR_LOW, _CVR_HIGH = 0.4, 1.0
_HIGH_RATIO, _TARGET_RATIO = 1.05, 1.02
_CONSTANT = frozenset(
    {"server", "ev", "pv", "transmitter"}
)  # their electronics take what they need


def energy_change_pct(voltage_change_pct: float, cvr_factor: float = CVR_FACTOR) -> float:
    """How much energy changes with the voltage, both in percent."""
    return voltage_change_pct * cvr_factor


def _find(premises: Premises, residual: Residual) -> Iterator[Finding]:
    fed = [c for c in premises.circuits if c.voltage_ratio is not None]
    days = last_days(premises)
    medians = [_median(circuit, days) for circuit in fed]
    known = [value for value in medians if not np.isnan(value)]
    if not known or np.median(known) <= _HIGH_RATIO:
        return
    ratio = float(np.median(known))
    drop_pct = (ratio - _TARGET_RATIO) / ratio * 100
    share = -energy_change_pct(-drop_pct) / 100
    saved = np.zeros_like(premises.power_kw)
    for circuit in fed:
        if circuit.category not in _CONSTANT:
            part = np.nan_to_num(residual.power_kw(circuit)) * share
            residual.take(circuit, part)
            saved += part
    yield Finding(
        code=RULE.name, effort="low", confidence="medium",
        gain=gain_of(
            premises, saved, premises.power_kw, days,
            low_ratio=_CVR_LOW / CVR_FACTOR, high_ratio=_CVR_HIGH / CVR_FACTOR,
        ),
        evidence=day_chart(
            {"voltage": usual_day(np.nanmedian(_stack(fed), axis=0) * 100, days)},
            {"high": _HIGH_RATIO * 100, "target": _TARGET_RATIO * 100}, unit="%",
        ),
        params={
            "voltage_pct": ratio * 100, "target_pct": _TARGET_RATIO * 100, "drop_pct": drop_pct,
            "saving_pct": share * 100,
        },
    )  # fmt: skip


def _median(circuit: Circuit, days: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    assert circuit.voltage_ratio is not None  # noqa: S101 - chosen by it
    values = circuit.voltage_ratio[days]
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else float("nan")


def _stack(fed: list[Circuit]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Voltages of all circuits, with what no circuit knows as at its nominal value."""
    values = np.stack([c.voltage_ratio for c in fed if c.voltage_ratio is not None])
    values[0][np.isnan(values).all(axis=0)] = 1.0
    return values


RULE = Rule(name="voltage", order=50, find=lambda p, r: list(_find(p, r)))
