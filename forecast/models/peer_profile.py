"""For meters younger than four weeks: the shape of like customers at this customer's level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.batch import Cause, Explanation, LoadBatch, LoadForecast
from forecast.bounds import bounded
from forecast.model import Cost, FittedModel, ForecastModel, Needs
from forecast.quantiles import NORMAL_SCORES, FloatArray

_STANDARD_ERROR: Final = 0.2
_NEEDS: Final = Needs(history_days=1, peers=True)
_COST: Final = Cost(cpu_ms=0.1, memory_bytes=1e6)


class NoPeersError(ValueError):
    """The batch carries no shape of like customers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    batch: LoadBatch
    shape: FloatArray
    """[C, 2, S]."""

    def predict(self) -> LoadForecast:
        """The peers' day of this kind, at the level of what the customer drew so far."""
        load = self.batch.known_load()
        off = np.stack([one.off for one in self.batch.calendars])
        row = np.arange(len(load))
        expected = self.shape[row[:, None], off.astype(int)]
        known = np.isfinite(load)
        drawn = np.where(known, load, 0.0).sum((1, 2))
        norm = np.where(known, expected, 0.0).sum((1, 2))
        level = drawn / np.where(np.abs(norm) > 0, norm, np.inf)
        point = level[:, None] * expected[:, -1]
        band = point[..., None] + _STANDARD_ERROR * np.abs(point)[..., None] * np.array(
            NORMAL_SCORES
        )
        mean, quantiles = bounded(point, band, self.batch)
        said = Explanation(
            model=MODEL.name,
            reason="too few days of its own: the shape of like customers at this level",
            inputs=("load", "calendar", "peers"),
            causes=(Cause(code="peers"),),
        )
        return LoadForecast(
            day=self.batch.target,
            mean_kw=mean,
            quantiles_kw=quantiles,
            explanations=(said,) * len(mean),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerProfile:
    """Needs one day of the customer's own and a shape from the caller."""

    name: str = "peer_profile"
    needs: Needs = _NEEDS
    cost: Cost = _COST

    def fit(self, batch: LoadBatch) -> FittedModel:
        """Raises NoPeersError where the batch carries no shape."""
        if batch.peer_shape is None:
            raise NoPeersError("the batch carries no shape of like customers")
        return _Fitted(batch=batch, shape=np.nan_to_num(batch.peer_shape))


MODEL: ForecastModel = PeerProfile()
