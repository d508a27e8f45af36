"""The day ahead and the week ahead, with what is tried where a simpler model speaks."""

from __future__ import annotations

from typing import Final

import numpy as np

from forecast.ladder import forecast_day
from forecast.quantiles import BoolArray
from forecast.runs.chosen_model import model_named
from forecast.runs.told import Telling, rows_of
from forecast.week_batches import days_of
from loadstone.storage.forecasts import NewForecast

SKILL_DAYS: Final = 28
LEAST_SKILL_DAYS: Final = 7


def negative_skill(telling: Telling) -> BoolArray:
    """[C]: for whom the better naive forecast has beaten the model over the last weeks."""
    skills = [telling.skills.get(one.subject_id) for one in telling.gathered.subjects]
    return np.array(
        [
            skill is not None
            and skill.days >= LEAST_SKILL_DAYS
            and skill.skill_ratio is not None
            and skill.skill_ratio < 0
            for skill in skills
        ],
        dtype=bool,
    )


def day_ahead_rows(telling: Telling) -> list[NewForecast]:
    """Tomorrow; who has fallen back is forecast by the model too, as a trial.

    Else it could never be seen that the model has become the better one again.
    """
    bad = negative_skill(telling)
    batch = telling.gathered.batch
    model = model_named(telling.gathered.issue.model)
    rows = rows_of(telling, "day_ahead", forecast_day(batch, model, negative_skill=bad))
    fallen = [int(place) for place in np.flatnonzero(bad)]
    if fallen:
        tried = forecast_day(batch.rows(np.array(fallen, dtype=np.int64)), model)
        rows += [row for row in rows_of(telling, "trial", tried, fallen) if row.model == model.name]
    return rows


def week_ahead_rows(telling: Telling) -> list[NewForecast]:
    """The next seven days, each with its own lead."""
    bad = negative_skill(telling)
    today = telling.gathered.issue.local.date()
    model = model_named(telling.gathered.issue.model)
    return [
        row
        for batch in days_of(telling.gathered.batch)
        if batch.target > today
        for row in rows_of(telling, "week_ahead", forecast_day(batch, model, negative_skill=bad))
    ]
