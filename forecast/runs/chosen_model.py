"""Which model speaks of the days ahead where a history suffices."""

from __future__ import annotations

from typing import Final

from forecast.model import ForecastModel
from forecast.models import day_ahead, day_ahead_boosted

USUAL: Final = day_ahead.MODEL.name
MODELS: Final[dict[str, ForecastModel]] = {
    one.MODEL.name: one.MODEL for one in (day_ahead, day_ahead_boosted)
}


def model_named(name: str) -> ForecastModel:
    """The model of this name; raises KeyError for what is none of MODELS."""
    return MODELS[name]
