"""Weekend run-on: what serves the building runs on days off as on workdays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecast.opportunities.finding import Finding
from forecast.opportunities.habits import (
    ACTIVITY,
    SUPPORT,
    WEEKDAYS_ONLY,
    last_days,
    rest_days,
    workdays,
)
from forecast.opportunities.premises import HOURS_A_SLOT, SLOTS, Circuit, Grid, Premises, known_mean
from forecast.opportunities.residual import Residual
from forecast.opportunities.rule import Rule
from forecast.opportunities.shapes import day_chart, usual_day
from forecast.opportunities.worth import gain_of

_DAY = slice(36, 68)  # 09:00 to 17:00
_FEWEST_DAYS = 4
_NEAR_DAYS = 5
_LEAST_RATIO = 0.70  # of a workday
_ABOVE_ACTIVITY = 0.30
_LEAST_KW = 5.0
_FROM_HOUR, _TO_HOUR = 6.0, 22.0  # nights are the off-hours rule's


def rest_ratio(power_kw: Grid, premises: Premises) -> float | None:
    """How much of a workday's daytime load is drawn on a day off; None where it draws none.

    The median over days off, each against the workdays next to it: weather moves over weeks.
    """
    daytime = power_kw[:, _DAY]
    known = ~np.isnan(daytime).any(axis=1)
    mean_kw = np.where(known, np.nan_to_num(daytime).mean(axis=1), np.nan)
    work, ratios = np.flatnonzero(workdays(premises) & known), []
    for day in np.flatnonzero(rest_days(premises) & known):
        near = work[np.abs(work - day) <= _NEAR_DAYS]
        if len(near) and mean_kw[near].mean() > 0:
            ratios.append(mean_kw[day] / mean_kw[near].mean())
    return float(np.median(ratios)) if ratios else None


def _find(premises: Premises, residual: Residual) -> Iterator[Finding]:
    if premises.kind not in WEEKDAYS_ONLY or rest_days(premises).sum() < _FEWEST_DAYS:
        return
    usual = _activity_ratio(premises, residual)
    if usual is None:
        return
    for circuit in premises.circuits:
        if circuit.category not in SUPPORT | {"lighting"}:
            continue
        power = residual.power_kw(circuit)
        ratio = rest_ratio(power, premises)
        if ratio is None or ratio < max(_LEAST_RATIO, usual + _ABOVE_ACTIVITY):
            continue
        if known_mean(usual_day(power, rest_days(premises))[_DAY]) >= _LEAST_KW:
            yield _finding(premises, residual, circuit, ratio, usual)


def _activity_ratio(premises: Premises, residual: Residual) -> float | None:
    """The same of those whom the building is for, the median over their circuits."""
    ratios = [
        rest_ratio(residual.power_kw(circuit), premises)
        for circuit in premises.circuits
        if circuit.category in ACTIVITY
    ]
    known = [ratio for ratio in ratios if ratio is not None]
    return float(np.median(known)) if known else None


def _finding(
    premises: Premises, residual: Residual, circuit: Circuit, ratio: float, usual: float
) -> Finding:
    power = residual.power_kw(circuit)
    work_kw = usual_day(power, workdays(premises))
    at = np.arange(SLOTS) * HOURS_A_SLOT
    needed_kw = usual * work_kw
    open_ = (at >= _FROM_HOUR) & (at < _TO_HOUR) & premises.is_rest[:, None]
    saved = np.where(open_, np.clip(power - needed_kw, 0, None), 0.0)
    days = last_days(premises)
    finding = Finding(
        code=RULE.name, circuit=circuit.number, effort="low", confidence="high",
        gain=gain_of(premises, saved, power, days, low_ratio=0.7, high_ratio=1.1),
        evidence=day_chart(
            {"workday": work_kw, "rest_day": usual_day(power, rest_days(premises)),
             "needed_rest": needed_kw}
        ),
        params={"rest_pct": ratio * 100, "usual_pct": usual * 100},
    )  # fmt: skip
    residual.take(circuit, saved)
    return finding


RULE = Rule(name="weekend_run_on", order=20, find=lambda p, r: list(_find(p, r)))
