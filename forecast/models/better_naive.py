"""The better of yesterday and last week, customer by customer: what every model must beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.batch import Cause, Explanation, LoadBatch, LoadForecast
from forecast.bounds import bounded
from forecast.engine.past import Past, past_of
from forecast.engine.tried_band import tried_band, untried_band
from forecast.model import Cost, FittedModel, ForecastModel, Needs
from forecast.quantiles import FloatArray

_NEEDS: Final = Needs(history_days=1)
_COST: Final = Cost(cpu_ms=1.0, memory_bytes=1e6)
_TRIAL_DAYS: Final = 42
_HALF_LIFE_DAYS: Final = 7.0
_PERIODS: Final = (1, 7)


def _same_day(past: Past, day: int, period: int) -> FloatArray:
    """[C, S]: the last day that is whole periods before `day` and whole at its issue."""
    back = period * -(-(past.lead + 1) // period)
    return np.asarray(past.filled[:, max(day - back, 0)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    batch: LoadBatch
    past: Past

    def predict(self) -> LoadForecast:
        """The day asked for."""
        past = self.past
        target = past.load.shape[1] - 1
        first = max(past.last_whole + 1 - _TRIAL_DAYS, past.lead + 8)
        tried = np.arange(first, past.last_whole + 1)
        told = np.stack(
            [np.stack([_same_day(past, int(day), period) for day in (*tried, target)], axis=1)
             for period in _PERIODS]
        )  # fmt: skip
        best = self._best(told[:, :, :-1], tried)
        chosen = told[best, np.arange(len(best))]
        point = chosen[:, -1]
        mean, band = bounded(
            point * past.scale_kw[:, None],
            self._band(point, chosen[:, :-1], tried) * past.scale_kw[:, None, None],
            self.batch,
        )
        return LoadForecast(
            day=self.batch.target,
            mean_kw=mean,
            quantiles_kw=band,
            explanations=tuple(_said(_PERIODS[int(one)]) for one in best),
        )

    def _best(self, told: FloatArray, tried: np.ndarray) -> np.ndarray:
        """[C]: which period erred least lately; a week where nothing is known.

        Weeks halve in weight: a holiday of last month says nothing about this one.
        """
        past = self.past
        known = past.known[:, tried]
        error = np.where(known, np.abs(told - past.load[:, tried]), 0.0).sum(3)
        error = error @ 0.5 ** ((past.last_whole - tried) / _HALF_LIFE_DAYS)
        return np.asarray(np.where(error[0] < error[1], 0, 1))

    def _band(self, point: FloatArray, told: FloatArray, tried: np.ndarray) -> FloatArray:
        past = self.past
        if not len(tried):
            return untried_band(point)
        return tried_band(past, point, told, tried, 7)


def _said(period: int) -> Explanation:
    what = "the last whole day" if period == 1 else "the same weekday of the week before"
    return Explanation(
        model=MODEL.name,
        reason=what,
        inputs=("load",),
        causes=(Cause(code="same_day", figures=(("period_days", float(period)),)),),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BetterNaive:
    """Needs one day; for those whom the naive forecasts served better than the model."""

    name: str = "better_naive"
    needs: Needs = _NEEDS
    cost: Cost = _COST

    def fit(self, batch: LoadBatch) -> FittedModel:
        """Fill the gaps; there is nothing else to learn."""
        return _Fitted(batch=batch, past=past_of(batch))


MODEL: ForecastModel = BetterNaive()
