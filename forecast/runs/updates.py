"""The rest of today: anew from all that is known, or the standing word moved by its errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import numpy as np

from forecast.batch import Cause, Explanation, LoadForecast
from forecast.intraday import rest_of_day
from forecast.ladder import forecast_day, measured_days
from forecast.models import usual_profile
from forecast.quantiles import LEVELS, FloatArray
from forecast.runs.days_ahead import negative_skill
from forecast.runs.gather import Gathered
from forecast.runs.told import Telling, rows_of
from forecast.today import MODEL, forecast_today
from loadstone.storage.forecasts import NewForecast, SaidForecast

PAST_DAYS: Final = 42
TODAY: Final = "today"
INTRADAY: Final = "intraday"
_LEAST_DAYS: Final = 14


def today_rows(telling: Telling) -> list[NewForecast]:
    """From scratch; those without history enough, or without skill, keep the usual profile."""
    batch = telling.gathered.batch
    plain = (measured_days(batch) < MODEL.needs.history_days) | negative_skill(telling)
    mean = np.full((len(plain), batch.load_kw.shape[2]), np.nan)
    bands = np.full((*mean.shape, len(LEVELS)), np.nan)
    said = [Explanation(model=TODAY, reason="", inputs=())] * len(plain)
    kept = np.flatnonzero(plain)
    if len(kept):
        usual = forecast_day(batch.rows(kept), usual_profile.MODEL)
        mean[kept], bands[kept] = usual.mean_kw, usual.quantiles_kw
        for place, because in zip(kept, usual.explanations, strict=True):
            said[place] = because
    fresh = np.flatnonzero(~plain)
    if len(fresh):
        anew = forecast_today(batch.rows(fresh))
        mean[fresh], bands[fresh] = anew.mean_kw, anew.quantiles_kw
        for place in fresh:
            said[place] = _anew()
    return rows_of(telling, "today", _ahead(telling.gathered, mean, bands, said))


def _anew() -> Explanation:
    return Explanation(
        model=TODAY,
        reason="the experts once more with the morning in hand, moved by today's errors",
        inputs=("load", "calendar"),
        causes=(Cause(code="today_anew"),),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was said of today, and what was said in the same way of the days before."""

    of_today: Mapping[int, SaidForecast]
    """By subject."""
    past: Mapping[int, Mapping[date, SaidForecast]]


def standing_of(
    said: Sequence[SaidForecast], anew: Sequence[SaidForecast], today: date
) -> Standing:
    """What is moved: the day-ahead forecasts, and from its issue on what was said `anew` today.

    Both of today and of the days before; `anew` was issued at the same time each day. Who was told
    anew today, but on too few days before to know how such words err, is left out: it keeps that.
    """
    past, fresh = _by_day(said), _by_day(anew)
    for who, days in fresh.items():
        if today in days:
            mine = {day: spliced(past.get(who, {}).get(day), one) for day, one in days.items()}
            past[who] = mine if len(mine) > _LEAST_DAYS else {}
    return Standing(
        of_today={who: days[today] for who, days in past.items() if today in days}, past=past
    )


def _by_day(said: Sequence[SaidForecast]) -> dict[int, dict[date, SaidForecast]]:
    found: dict[int, dict[date, SaidForecast]] = {}
    for one in said:
        found.setdefault(one.subject_id, {})[one.target_day] = one
    return found


def spliced(before: SaidForecast | None, after: SaidForecast) -> SaidForecast:
    """The later word where it speaks, the earlier one before it."""
    if before is None or before.interval_s != after.interval_s:
        return after
    return replace(
        after,
        mean_kw=np.where(np.isfinite(after.mean_kw), after.mean_kw, before.mean_kw),
        quantiles_kw=np.where(
            np.isfinite(after.quantiles_kw), after.quantiles_kw, before.quantiles_kw
        ),
    )


def intraday_rows(telling: Telling, standing: Standing) -> list[NewForecast]:
    """What was said of today, moved by what errors like today's were followed by.

    Whoever has no standing forecast of today gets no row.
    """
    gathered = telling.gathered
    places = [
        place
        for place, one in enumerate(gathered.subjects)
        if one.subject_id in standing.of_today
        and standing.of_today[one.subject_id].interval_s == gathered.issue.interval_s
    ]
    if not places:
        return []
    mine = gathered.rows(places)
    today = mine.days.index_of(mine.issue.local.date())
    now = [standing.of_today[one.subject_id] for one in mine.subjects]
    mean = np.stack([_folded(mine, today, one.mean_kw[:, None])[:, 0] for one in now])
    bands = np.stack([_folded(mine, today, one.quantiles_kw) for one in now])
    told = rest_of_day(
        mean,
        bands,
        mine.batch.known_load()[:, today],
        _past_errors(mine, today, standing),
        mine.batch.origin_slot,
        mine.batch.signed,
    )
    said = [_moved(one.issued_at) for one in now]
    ahead = _ahead(mine, told.mean_kw, told.quantiles_kw, said)
    return rows_of(telling, "today", ahead, places)


def _moved(issued_at: datetime) -> Explanation:
    return Explanation(
        model=INTRADAY,
        reason=f"the forecast of {issued_at:%Y-%m-%d %H:%M} UTC, moved by today's errors",
        inputs=("load",),
        causes=(Cause(code="shifted"),),
    )


def _past_errors(mine: Gathered, today: int, standing: Standing) -> FloatArray:
    """[C, N, S]: measured minus said of the last days, NaN where nothing was said."""
    first = max(0, today - PAST_DAYS)
    load = mine.batch.known_load()
    errors = np.full((len(mine.subjects), today - first, load.shape[2]), np.nan)
    for row, one in enumerate(mine.subjects):
        for day, said in standing.past.get(one.subject_id, {}).items():
            index = mine.days.index_of(day)
            if first <= index < today and said.interval_s == mine.issue.interval_s:
                told = _folded(mine, index, said.mean_kw[:, None])[:, 0]
                errors[row, index - first] = load[row, index] - told
    return errors


def _folded(gathered: Gathered, day: int, values: FloatArray) -> FloatArray:
    """[S, K]: values of a day's real intervals [N, K] by slot; NaN in an hour that is not there."""
    slots = gathered.days.slots_of(day)
    found = np.full((gathered.days.slots, values.shape[1]), np.nan)
    found[slots] = values[: len(slots)]
    return found


def _ahead(
    gathered: Gathered, mean: FloatArray, bands: FloatArray, said: Sequence[Explanation]
) -> LoadForecast:
    """Without the slots that are over."""
    over = np.arange(mean.shape[1]) < gathered.issue.origin_slot
    return LoadForecast(
        day=gathered.issue.local.date(),
        mean_kw=np.where(over, np.nan, mean),
        quantiles_kw=np.where(over[:, None], np.nan, bands),
        explanations=tuple(said),
    )
