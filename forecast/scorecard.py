"""How good the forecasts were: errors, honesty of the band, skill against the naive ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.quantiles import LEVELS, BoolArray, FloatArray, IntArray

_LEAST_VALUES: Final = 48
_Q025, _Q10, _Q90, _Q975 = (LEVELS.index(one) for one in (0.025, 0.1, 0.9, 0.975))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """One customer's forecasts with what came: N days of S slots, NaN where not measured."""

    measured_kw: FloatArray
    """[N, S]."""
    mean_kw: FloatArray
    """[N, S]."""
    quantiles_kw: FloatArray
    """[N, S, 11]."""
    naive_day_kw: FloatArray
    """[N, S]: the last day that was whole at the issue."""
    naive_week_kw: FloatArray
    """[N, S]: the same weekday, last known at the issue."""
    lead_days: IntArray
    """[N]."""
    special: BoolArray
    """[N]: holidays, the days around them, declared events."""
    usual_week_change_kw: float
    """Mean absolute change from week to week in the year before: what MASE is measured in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """One customer's, or a portfolio's, figures; None where too little was measured."""

    values: int
    """Measured slots that were forecast."""
    wape_pct: float | None
    mase_ratio: float | None
    pinball_pct: float | None
    """Mean loss over the deciles, in percent of the mean load."""
    coverage_80_pct: float | None
    coverage_95_pct: float | None
    bias_pct_by_lead_days: tuple[tuple[int, float], ...]
    """Forecast minus measured in percent of the measured load."""
    special_wape_pct: float | None
    peak_error_pct: float | None
    """Mean absolute error of the size of the day's peak."""
    peak_shift_h: float | None
    """Mean absolute error of the time of the day's peak."""
    skill_ratio: float | None
    """1 - error / error of the better of the two naive forecasts; negative is worse than naive."""

    @property
    def worse_than_naive(self) -> bool:
        """Whether the naive model should speak instead."""
        return self.skill_ratio is not None and self.skill_ratio < 0


def score(outcomes: Outcomes) -> Scorecard:
    """The figures of one customer; shares are of measured slots only."""
    y = outcomes.measured_kw
    ok = np.isfinite(y)
    total = float(np.abs(y[ok]).sum())
    if ok.sum() < _LEAST_VALUES or not total > 0:
        return _nothing(int(ok.sum()))
    error = outcomes.mean_kw - y
    absolute = float(np.abs(error[ok]).sum())
    peak, shift = _peaks(outcomes)
    special = ok & outcomes.special[:, None]
    scale = outcomes.usual_week_change_kw
    return Scorecard(
        values=int(ok.sum()),
        wape_pct=100 * absolute / total,
        mase_ratio=absolute / int(ok.sum()) / scale if scale > 0 else None,
        pinball_pct=100 * _pinball(outcomes, ok) * int(ok.sum()) / total,
        coverage_80_pct=_inside(outcomes, ok, _Q10, _Q90),
        coverage_95_pct=_inside(outcomes, ok, _Q025, _Q975),
        bias_pct_by_lead_days=_bias(outcomes, ok),
        special_wape_pct=_wape(error, y, special),
        peak_error_pct=peak,
        peak_shift_h=shift,
        skill_ratio=_skill(outcomes, ok),
    )


def portfolio(cards: tuple[Scorecard, ...]) -> Scorecard:
    """Mean figures of the customers that have them, each customer counting once."""
    leads = sorted({lead for card in cards for lead, _ in card.bias_pct_by_lead_days})
    biases = [dict(card.bias_pct_by_lead_days) for card in cards]
    return Scorecard(
        values=sum(card.values for card in cards),
        wape_pct=_mean([card.wape_pct for card in cards]),
        mase_ratio=_mean([card.mase_ratio for card in cards]),
        pinball_pct=_mean([card.pinball_pct for card in cards]),
        coverage_80_pct=_mean([card.coverage_80_pct for card in cards]),
        coverage_95_pct=_mean([card.coverage_95_pct for card in cards]),
        bias_pct_by_lead_days=tuple(
            (lead, _mean([one.get(lead) for one in biases]) or 0.0) for lead in leads
        ),
        special_wape_pct=_mean([card.special_wape_pct for card in cards]),
        peak_error_pct=_mean([card.peak_error_pct for card in cards]),
        peak_shift_h=_mean([card.peak_shift_h for card in cards]),
        skill_ratio=_mean([card.skill_ratio for card in cards]),
    )


def _nothing(values: int) -> Scorecard:
    return Scorecard(
        values=values, wape_pct=None, mase_ratio=None, pinball_pct=None, coverage_80_pct=None,
        coverage_95_pct=None, bias_pct_by_lead_days=(), special_wape_pct=None,
        peak_error_pct=None, peak_shift_h=None, skill_ratio=None,
    )  # fmt: skip


def _mean(values: list[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if known else None


def _wape(error: FloatArray, measured: FloatArray, which: BoolArray) -> float | None:
    total = float(np.abs(measured[which]).sum())
    return 100 * float(np.abs(error[which]).sum()) / total if total > 0 else None


def _pinball(outcomes: Outcomes, ok: BoolArray) -> float:
    levels = np.array(LEVELS)[1:-1]
    gap = outcomes.measured_kw[ok][:, None] - outcomes.quantiles_kw[ok][:, 1:-1]
    return float(np.maximum(levels * gap, (levels - 1) * gap).mean())


def _inside(outcomes: Outcomes, ok: BoolArray, low: int, high: int) -> float:
    y, band = outcomes.measured_kw[ok], outcomes.quantiles_kw[ok]
    return 100 * float(((y >= band[:, low]) & (y <= band[:, high])).mean())


def _bias(outcomes: Outcomes, ok: BoolArray) -> tuple[tuple[int, float], ...]:
    found = []
    for lead in np.unique(outcomes.lead_days):
        mine = ok & (outcomes.lead_days == lead)[:, None]
        total = float(np.abs(outcomes.measured_kw[mine]).sum())
        if total > 0:
            gap = float((outcomes.mean_kw[mine] - outcomes.measured_kw[mine]).sum())
            found.append((int(lead), 100 * gap / total))
    return tuple(found)


def _peaks(outcomes: Outcomes) -> tuple[float | None, float | None]:
    whole = np.all(np.isfinite(outcomes.measured_kw), axis=1)
    if not whole.any():
        return None, None
    y, told = outcomes.measured_kw[whole], outcomes.mean_kw[whole]
    top = y.max(1)
    size = np.abs(told.max(1) - top)[top > 0] / top[top > 0]
    shift = np.abs(told.argmax(1) - y.argmax(1))
    return (100 * float(size.mean()) if len(size) else None), float(shift.mean()) * 24 / y.shape[1]


def _skill(outcomes: Outcomes, ok: BoolArray) -> float | None:
    both = ok & np.isfinite(outcomes.naive_day_kw) & np.isfinite(outcomes.naive_week_kw)
    if both.sum() < _LEAST_VALUES:
        return None
    y = outcomes.measured_kw[both]

    def error(told: FloatArray) -> float:
        return float(np.abs(told[both] - y).mean())

    best = min(error(outcomes.naive_day_kw), error(outcomes.naive_week_kw))
    return 1 - error(outcomes.mean_kw) / best if best > 0 else None
