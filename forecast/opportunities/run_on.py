"""Plant that starts long before people come or stops long after they left: both rules' one way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from forecast.opportunities.finding import Finding
from forecast.opportunities.habits import SUPPORT, hours_of, last_days, people_come, workdays
from forecast.opportunities.premises import HOURS_A_SLOT, SLOTS, Circuit, Grid, Premises
from forecast.opportunities.residual import Residual
from forecast.opportunities.shapes import day_chart, level, usual_day
from forecast.opportunities.worth import gain_of

_LEAST_HOURS = 1.5
_LEAD_HOURS = 0.5  # what plant needs to have the building ready
_LEAST_KW = 5.0


def runs_on(
    premises: Premises, residual: Residual, code: str, *, in_the_morning: bool
) -> Iterator[Finding]:
    """Findings of one end of the day, with the time of the plant and of the people."""
    people = people_come(premises, residual)
    if people is None:
        return
    for circuit in premises.circuits:
        if circuit.category not in SUPPORT:
            continue
        hours = hours_of(premises, residual, circuit)
        if hours is None:
            continue
        if in_the_morning and people[0] - hours[0] >= _LEAST_HOURS:
            span = hours[0], people[0] - _LEAD_HOURS
        elif not in_the_morning and hours[1] - people[1] >= _LEAST_HOURS:
            span = people[1] + _LEAD_HOURS, hours[1]
        else:
            continue
        plant, person = (hours[0], people[0]) if in_the_morning else (hours[1], people[1])
        finding = _finding(premises, residual, circuit, code, span, (plant, person))
        if finding is not None:
            yield finding


def _finding(
    premises: Premises, residual: Residual, circuit: Circuit, code: str,
    span: tuple[float, float], times: tuple[float, float],
) -> Finding | None:  # fmt: skip
    power, days = residual.power_kw(circuit), workdays(premises)
    day_kw = usual_day(power, days)
    saved = _above_rest(premises, power, level(day_kw, 10), span)
    excess_kw = float(np.nanmax(np.where(_within(span), day_kw, np.nan))) - level(day_kw, 10)
    if excess_kw < _LEAST_KW:
        return None
    finding = Finding(
        code=code, circuit=circuit.number, effort="low", confidence="high",
        gain=gain_of(premises, saved, power, last_days(premises), low_ratio=0.6, high_ratio=1.15),
        evidence=day_chart({"workday": day_kw}, None),
        params={
            "plant_hour": times[0], "people_hour": times[1], "excess_kw": excess_kw,
            "span_h": span[1] - span[0],
        },
    )  # fmt: skip
    residual.take(circuit, saved)
    return finding


def _within(span: tuple[float, float]) -> NDArray[np.bool_]:
    at = np.arange(SLOTS) * HOURS_A_SLOT
    within: NDArray[np.bool_] = (at >= span[0]) & (at < span[1])
    return within


def _above_rest(premises: Premises, power: Grid, rest_kw: float, span: tuple[float, float]) -> Grid:
    when = _within(span)[None, :] & ~premises.is_rest[:, None]
    saved: Grid = np.where(when, np.clip(power - rest_kw, 0, None), 0.0)
    return saved
