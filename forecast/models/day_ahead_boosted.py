"""The day-ahead experts and one more: gradient boosted trees, for those who installed LightGBM."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Final

from forecast.batch import LoadBatch
from forecast.engine.panel import FurtherExpert, panel_of
from forecast.engine.settings import EngineSettings
from forecast.model import Cost, ForecastModel, Needs
from forecast.models.day_ahead import FittedPanel

_LIBRARY: Final = "lightgbm"
_EXPERT_MODULE: Final = "forecast.engine.boosted_expert"
_NEEDS: Final = Needs(history_days=54, weather=True)
_COST: Final = Cost(cpu_ms=350.0, memory_bytes=20e6)


class BoostingNotInstalledError(RuntimeError):
    """LightGBM is not there: `pip install 'loadstone[lightgbm]'`."""


def installed() -> bool:
    """Whether the extra `loadstone[lightgbm]` is there."""
    return find_spec(_LIBRARY) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAheadBoosted:
    """`day_ahead` with the trees on its panel: they get the share that they would have earned.

    They learn from all customers of a chunk together, so a customer's forecast depends a little on
    whom it was asked with.
    """

    name: str = "day_ahead_boosted"
    needs: Needs = _NEEDS
    cost: Cost = _COST
    settings: EngineSettings = field(default_factory=EngineSettings)

    def fit(self, batch: LoadBatch) -> FittedPanel:
        """Raises BoostingNotInstalledError without LightGBM."""
        if not installed():
            raise BoostingNotInstalledError("day_ahead_boosted needs loadstone[lightgbm]")
        trees: FurtherExpert = importlib.import_module(_EXPERT_MODULE).EXPERT
        return FittedPanel(
            batch=batch,
            panel=panel_of(batch, self.settings, (trees,)),
            settings=self.settings,
            model=self.name,
        )


MODEL: ForecastModel = DayAheadBoosted()
