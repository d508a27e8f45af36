"""Off-hours base load: what stays on while nobody is there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from forecast.opportunities.finding import Finding
from forecast.opportunities.habits import ROUND_THE_CLOCK, USUAL_NIGHT, last_days, people_come
from forecast.opportunities.premises import (
    HOURS_A_SLOT,
    SLOTS,
    Circuit,
    Premises,
)
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from forecast.opportunities.shapes import day_chart, level, night, usual_day
from forecast.opportunities.worth import gain_of

_RECENT_DAYS = 14  # what is on now, not what once was
_TARGET_RATIO = 0.20  # of the day's level: what guards, servers and emergency lights need
_LEAST_RATIO = 0.02  # of the site's day: less is not worth a walk through the building
_LEAST_KW = 5.0
_NIGHT_HOURS = (21.0, 6.0)  # where nothing tells when people come and go
_SLACK_HOURS = 0.5


def off_hours_kwh(base_kw: float, target_kw: float, off_hours_h: float) -> float:
    """Energy of a base load above its target over so many hours."""
    return max(0.0, base_kw - target_kw) * off_hours_h


def _find(premises: Premises, residual: Residual) -> Iterator[Finding]:
    if premises.kind in ROUND_THE_CLOCK:
        return
    hours = people_come(premises, residual)
    off = _off_slots(hours)
    recent = last_days(premises, _RECENT_DAYS)
    site_kw = level(residual.total_kw()[recent & ~premises.is_rest], 90)
    for circuit in premises.circuits:
        usual_ratio = USUAL_NIGHT.get(circuit.category)
        if usual_ratio is None:
            continue
        power = residual.power_kw(circuit)
        day_kw = level(usual_day(power, recent & ~premises.is_rest)[~off], 90)
        base_kw = level(night(power[recent]), 10)
        target_kw = _TARGET_RATIO * day_kw
        excess_kw = base_kw - target_kw
        if not base_kw > usual_ratio * day_kw:
            continue
        if excess_kw > max(_LEAST_KW, _LEAST_RATIO * site_kw):
            yield _finding(premises, residual, circuit, (base_kw, target_kw), off)


def _off_slots(hours: tuple[float, float] | None) -> NDArray[np.bool_]:
    begins, ends = hours or (_NIGHT_HOURS[1], _NIGHT_HOURS[0])
    at = np.arange(SLOTS) * HOURS_A_SLOT
    slack = _SLACK_HOURS if hours else 0.0
    off: NDArray[np.bool_] = (at < begins - slack) | (at >= ends + slack)
    return off


def _finding(
    premises: Premises,
    residual: Residual,
    circuit: Circuit,
    levels_kw: tuple[float, float],
    off: NDArray[np.bool_],
) -> Finding:
    base_kw, target_kw = levels_kw
    power = residual.power_kw(circuit)
    saved = np.where(off, np.clip(power - target_kw, 0, base_kw - target_kw), 0.0)
    recent = last_days(premises, _RECENT_DAYS)
    finding = Finding(
        code=RULE.name, circuit=circuit.number, effort="low",
        gain=gain_of(premises, saved, power, recent, low_ratio=0.6, high_ratio=1.2),
        confidence="high" if circuit.number is not None else "medium",
        evidence=day_chart(
            {
                "workday": usual_day(power, recent & ~premises.is_rest),
                "rest_day": usual_day(power, recent & premises.is_rest),
            },
            {"target": target_kw},
        ),
        params={
            "base_kw": base_kw, "target_kw": target_kw, "excess_kw": base_kw - target_kw,
            "off_h": float(off.sum() * HOURS_A_SLOT),
        },
    )  # fmt: skip
    residual.take(circuit, saved)
    return finding


RULE = Rule(name="off_hours_base", order=10, find=lambda p, r: list(_find(p, r)))
