"""The product's models for the forecast harness: `predict` a day ahead, `predict_week` seven.

The harness hands over pandas frames and wants one back; the models themselves know only arrays.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from forecast.batch import LoadBatch
from forecast.calendars.day_kinds import day_kinds
from forecast.ladder import forecast_day
from forecast.models import day_ahead_boosted
from forecast.models.day_ahead import MODEL
from forecast.quantiles import LEVELS
from forecast.week_batches import days_of

HISTORY_DAYS = 1200
MINUTES_A_DAY = 1440


def _grid(
    history: pd.DataFrame, weather: pd.DataFrame, horizon: pd.DatetimeIndex, minutes: int
) -> tuple[date, np.ndarray, np.ndarray]:
    slots = MINUTES_A_DAY // minutes
    last = horizon[-1].normalize()
    first = max(history.index[0].normalize(), last - pd.Timedelta(days=HISTORY_DAYS - 1))
    days = (last - first).days + 1
    index = pd.date_range(first, periods=days * slots, freq=f"{minutes}min")
    load = history["y"].reindex(index).to_numpy(float).reshape(1, days, slots)
    warmth = pd.concat([history["temp"], weather["temp"]])
    warmth = warmth[~warmth.index.duplicated()].reindex(index)
    return first.date(), load, warmth.to_numpy(float).reshape(1, days, slots)


def _batch(
    history: pd.DataFrame,
    weather: pd.DataFrame,
    origin: pd.Timestamp,
    horizon: pd.DatetimeIndex,
    meta: dict[str, Any],
    lead: int,
) -> LoadBatch:
    minutes = int(meta["freq_min"])
    first, load, warmth = _grid(history, weather, horizon, minutes)
    last = (horizon[0].normalize() - pd.Timedelta(days=1)).date() + timedelta(days=lead)
    days = (last - first).days + 1
    kinds = day_kinds(first, days, meta.get("country"), meta.get("subdiv"))
    return LoadBatch(
        first_day=first,
        load_kw=load[:, :days],
        temperature_c=warmth[:, :days],
        calendars=(kinds,),
        lead_days=lead,
        origin_slot=(origin.hour * 60 + origin.minute) // minutes,
        signed=np.array([bool((history["y"] < 0).any())]),
    )


def _frame(mean: np.ndarray, quantiles: np.ndarray, index: pd.DatetimeIndex) -> pd.DataFrame:
    frame = pd.DataFrame(quantiles, index=index, columns=list(LEVELS))
    frame["mean"] = mean
    return frame


def predict(
    history: pd.DataFrame,
    weather: pd.DataFrame,
    origin: pd.Timestamp,
    horizon: pd.DatetimeIndex,
    meta: dict[str, Any],
    cache: dict[str, Any],
) -> pd.DataFrame:
    """The day after the origin's; nothing is kept in `cache`, each forecast stands alone."""
    told = forecast_day(_batch(history, weather, origin, horizon, meta, 1), MODEL)
    return _frame(told.mean_kw[0], told.quantiles_kw[0], horizon)


def predict_boosted(
    history: pd.DataFrame,
    weather: pd.DataFrame,
    origin: pd.Timestamp,
    horizon: pd.DatetimeIndex,
    meta: dict[str, Any],
    cache: dict[str, Any],
) -> pd.DataFrame:
    """As `predict`, with gradient boosted trees on the panel: needs loadstone[lightgbm]."""
    batch = _batch(history, weather, origin, horizon, meta, 1)
    told = forecast_day(batch, day_ahead_boosted.MODEL)
    return _frame(told.mean_kw[0], told.quantiles_kw[0], horizon)


def predict_week(
    history: pd.DataFrame,
    weather: pd.DataFrame,
    origin: pd.Timestamp,
    horizon: pd.DatetimeIndex,
    meta: dict[str, Any],
    cache: dict[str, Any],
) -> pd.DataFrame:
    """The seven days after the origin's."""
    week = _batch(history, weather, origin, horizon, meta, 7)
    told = [forecast_day(batch, MODEL) for batch in days_of(week)]
    return _frame(
        np.concatenate([day.mean_kw[0] for day in told]),
        np.concatenate([day.quantiles_kw[0] for day in told]),
        horizon,
    )
