"""The naive model: the mean of the last four days of the same kind, with the errors it has made."""

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

_LIKE_DAYS: Final = 4
_NEEDS: Final = Needs(history_days=1)
_COST: Final = Cost(cpu_ms=1.0, memory_bytes=1e6)
_TRIAL_DAYS: Final = 42


def like_days(past: Past, day: int) -> FloatArray:
    """[C, S]: mean of the last four days of the kind of `day`, whole at its issue."""
    until = max(day - past.lead, 1)
    kind = np.where(past.holiday | (past.weekday == 6), 2, np.where(past.weekday == 5, 1, 0))
    have = past.known[:, :until].any(2)
    same = (kind[:, :until] == kind[:, day, None]) & have
    some = np.where(same.any(1, keepdims=True), same, have)
    rank = some[:, ::-1].cumsum(1)[:, ::-1]
    weight = (some & (rank <= _LIKE_DAYS)).astype(float)
    weight /= np.maximum(weight.sum(1, keepdims=True), 1.0)
    found: FloatArray = (weight[:, None] @ past.filled[:, :until])[:, 0]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    batch: LoadBatch
    past: Past

    def predict(self) -> LoadForecast:
        """The day asked for."""
        past = self.past
        target = past.load.shape[1] - 1
        tried = np.arange(
            max(past.last_whole + 1 - _TRIAL_DAYS, past.lead + 2), past.last_whole + 1
        )
        point = like_days(past, target)
        quantiles = self._band(point, tried)
        mean, band = bounded(
            point * past.scale_kw[:, None], quantiles * past.scale_kw[:, None, None], self.batch
        )
        said = Explanation(
            model=MODEL.name,
            reason="the mean of the last four days of this kind",
            inputs=("load", "calendar"),
            causes=(Cause(code="like_days"),),
        )
        return LoadForecast(
            day=self.batch.target,
            mean_kw=mean,
            quantiles_kw=band,
            explanations=(said,) * len(mean),
        )

    def _band(self, point: FloatArray, tried: np.ndarray) -> FloatArray:
        past = self.past
        if not len(tried):
            return untried_band(point)
        told = np.stack([like_days(past, int(day)) for day in tried], axis=1)
        return tried_band(past, point, told, tried, past.lead)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualProfile:
    """Needs one day; always has an answer where anything was ever measured."""

    name: str = "usual_profile"
    needs: Needs = _NEEDS
    cost: Cost = _COST

    def fit(self, batch: LoadBatch) -> FittedModel:
        """Fill the gaps; there is nothing else to learn."""
        return _Fitted(batch=batch, past=past_of(batch))


MODEL: ForecastModel = UsualProfile()
