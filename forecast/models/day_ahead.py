"""The product's own model: regressions, similar days and profiles, combined as they deserve."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from forecast.batch import Cause, Explanation, LoadBatch, LoadForecast
from forecast.bounds import bounded
from forecast.engine.blend import Blend, blend
from forecast.engine.panel import Panel, panel_of
from forecast.engine.settings import EngineSettings
from forecast.model import Cost, ForecastModel, Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedPanel:
    """Experts that have learnt; what they say is combined on asking."""

    batch: LoadBatch
    panel: Panel
    settings: EngineSettings
    model: str

    def predict(self) -> LoadForecast:
        """The day asked for, bounded and explained."""
        told = blend(self.panel, self.settings)
        scale = self.panel.past.scale_kw
        mean, quantiles = bounded(
            told.point * scale[:, None], told.quantiles * scale[:, None, None], self.batch
        )
        return LoadForecast(
            day=self.batch.target,
            mean_kw=mean,
            quantiles_kw=quantiles,
            explanations=tuple(self._explained(told, row) for row in range(len(mean))),
        )

    def _explained(self, told: Blend, row: int) -> Explanation:
        weather = ("temperature",) if self.panel.past.temperature is not None else ()
        special = "; near a holiday or event, so corresponding past days speak too"
        return Explanation(
            model=self.model,
            reason=f"experts tried on the last {told.tried_days[row]:.0f} known days"
            + (special if told.special[row] else ""),
            inputs=("load", "calendar", *weather),
            causes=(
                Cause(code="tried_days", figures=(("days", float(told.tried_days[row])),)),
                *((Cause(code="near_special"),) if told.special[row] else ()),
            ),
            weights=tuple(
                zip(self.panel.names, (float(one) for one in told.shares[row]), strict=True)
            ),
        )


_NEEDS: Final = Needs(history_days=54, weather=True)
_COST: Final = Cost(cpu_ms=25.0, memory_bytes=12e6)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAhead:
    """One day, `lead_days` after its issue; a fresh fit each time, nothing carried over."""

    name: str = "day_ahead"
    needs: Needs = _NEEDS
    cost: Cost = _COST
    settings: EngineSettings = field(default_factory=EngineSettings)

    def fit(self, batch: LoadBatch) -> FittedPanel:
        """Let every expert learn and be tried."""
        return FittedPanel(
            batch=batch,
            panel=panel_of(batch, self.settings),
            settings=self.settings,
            model=self.name,
        )

    def predict(self, batch: LoadBatch) -> LoadForecast:
        """Fit and speak."""
        return self.fit(batch).predict()


MODEL: ForecastModel = DayAhead()
