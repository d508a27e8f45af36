"""What a forecast model is: one file in `forecast.models`, ending in `MODEL`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from forecast.batch import LoadBatch, LoadForecast


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a model must be given to speak at all."""

    history_days: int
    weather: bool = False
    """Serves better with temperatures; none of our models refuses without."""
    peers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Roughly, for one customer with two years of hourly loads on one core."""

    cpu_ms: float
    memory_bytes: float


class FittedModel(Protocol):
    """A model that has learnt from one batch and speaks of its target day."""

    def predict(self) -> LoadForecast:
        """The day asked for, customer by customer."""
        ...


@runtime_checkable
class ForecastModel(Protocol):
    """A way to forecast the last day of a batch from what was known at its issue."""

    @property
    def name(self) -> str:
        """The unique key."""
        ...

    @property
    def needs(self) -> Needs:
        """What it must be given."""
        ...

    @property
    def cost(self) -> Cost:
        """What it takes."""
        ...

    def fit(self, batch: LoadBatch) -> FittedModel:
        """Learn from everything before the issue."""
        ...
