"""Phase balance: uneven currents lose more in the conductors and load the neutral."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecast.opportunities.finding import Finding
from forecast.opportunities.habits import last_days
from forecast.opportunities.premises import Circuit, Grid, Premises
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from forecast.opportunities.shapes import bar_chart, level
from forecast.opportunities.worth import gain_of

LOSS_RATIO = 0.02  # of the energy, in the conductors of an even circuit
_UNEVEN_PCT = 30.0  # of the mean current, half of the time under load
_LOADED_RATIO = 0.3  # of the highest current


def neutral_a(current_a: Grid) -> Grid:
    """The neutral's current of three phase currents of like power factor, along the first axis."""
    a, b, c = current_a
    square = a * a + b * b + c * c - a * b - b * c - c * a
    neutral: Grid = np.sqrt(np.clip(square, 0, None))
    return neutral


def square_ratio(current_a: Grid) -> Grid:
    """The phases' losses over those of the same load evenly shared."""
    mean = current_a.mean(axis=0)
    ratio: Grid = (current_a**2).sum(axis=0) / (3 * mean**2)
    return ratio


def unbalance_pct(current_a: Grid) -> Grid:
    """The largest deviation from the mean current, in % of it."""
    mean = current_a.mean(axis=0)
    deviation: Grid = np.abs(current_a - mean).max(axis=0) / mean * 100
    return deviation


def _find(premises: Premises, residual: Residual) -> Iterator[Finding]:
    for circuit in premises.circuits:
        loaded = _loaded(circuit, premises)
        if loaded is None:
            continue
        uneven_pct = float(np.median(unbalance_pct(loaded)))
        if uneven_pct >= _UNEVEN_PCT:
            yield _finding(premises, residual, circuit, loaded, uneven_pct)


def _loaded(circuit: Circuit, premises: Premises) -> Grid | None:
    """The phases' currents, (3, n), where the circuit works; None where it has no such meter."""
    if circuit.current_a is None:
        return None
    current = circuit.current_a[:, last_days(premises)].reshape(3, -1)
    current = current[:, ~np.isnan(current).any(axis=0)]
    mean = current.mean(axis=0)
    busy = mean > max(_LOADED_RATIO * level(mean, 95), 1.0) if current.shape[1] else mean > 0
    return current[:, busy] if busy.any() else None


def _finding(
    premises: Premises, residual: Residual, circuit: Circuit, loaded: Grid, uneven_pct: float
) -> Finding:
    mean = loaded.mean(axis=0)
    neutral = neutral_a(loaded)
    extra = float(np.mean(square_ratio(loaded) - 1 + (neutral / mean) ** 2 / 3))
    share = min(LOSS_RATIO * extra, 0.05)
    power = np.clip(residual.power_kw(circuit), 0, None)
    saved = np.nan_to_num(power) * share
    phases = np.median(loaded, axis=1)
    finding = Finding(
        code=RULE.name, circuit=circuit.number, effort="medium", confidence="medium",
        gain=gain_of(premises, saved, power, last_days(premises), low_ratio=0.4, high_ratio=1.8),
        evidence=bar_chart(
            ("A", "B", "C", "N"), {"current": np.append(phases, np.median(neutral))}, "A",
            levels={"mean": float(np.median(mean))},
        ),
        params={
            "unbalance_pct": uneven_pct, "neutral_a": float(np.median(neutral)),
            "highest_a": float(phases.max()), "lowest_a": float(phases.min()),
            "highest_phase": "ABC"[int(phases.argmax())],
        },
    )  # fmt: skip
    residual.take(circuit, saved)
    return finding


RULE = Rule(name="phase_balance", order=60, find=lambda p, r: list(_find(p, r)))
