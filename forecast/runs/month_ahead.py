"""Where the month lands: what is settled, what was said of the next days, and usual days after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from forecast.batch import LoadBatch
from forecast.engine.past import Past, past_of
from forecast.ladder import measured_days
from forecast.month import MonthEnd, MonthSoFar, month_end, usual_errors
from forecast.quantiles import NORMAL_SCORES, FloatArray, IntArray
from forecast.runs.gather import Gathered
from forecast.runs.told import Telling
from loadstone.storage.forecasts import NewMonth, SaidForecast

_LIKE_DAYS: Final = 4
_KINDS: Final = 3
_LEAST_TRIED: Final = 7
_UNTRIED_SPREAD: Final = 0.25
_MODEL: Final = "month_paths"

SaidDays = Mapping[tuple[int, date], SaidForecast]
"""By subject and day, what was said of it last."""


def month_rows(telling: Telling, said: SaidDays) -> list[NewMonth]:
    """One row a subject for the month that its local today lies in."""
    gathered = telling.gathered
    seen = measured_days(gathered.batch) > 0
    known = np.flatnonzero(seen)
    rows = [_refused(telling, int(place)) for place in np.flatnonzero(~seen)]
    for signed in (False, True):
        places = [int(place) for place in known if gathered.batch.signed[place] == signed]
        if places:
            rows += _landed(telling, places, said, signed)
    return rows


def _landed(telling: Telling, places: list[int], said: SaidDays, signed: bool) -> list[NewMonth]:
    mine = telling.gathered.rows(places)
    past = past_of(_until_tomorrow(mine.batch))
    first = max(0, mine.days.index_of(mine.issue.local.date().replace(day=1)))
    today = mine.days.index_of(mine.issue.local.date())
    so_far = _so_far(mine, past, first, today)
    path = _path(mine, past, today, said)
    contract = np.array(
        [np.nan if one.contract_demand_kw is None else one.contract_demand_kw
         for one in mine.subjects]
    )  # fmt: skip
    errors = _errors(past, path)
    told = month_end(so_far, path, errors, mine.issue.interval_s, contract, signed)
    return [_row(telling, place, row, told, so_far) for row, place in enumerate(places)]


def _errors(past: Past, path: FloatArray) -> FloatArray:
    """[C, N, S] in kW, N at least a week: those of the usual profile lately.

    Where fewer than seven days were tried, a quarter of the load is taken as standard error.
    """
    errors = usual_errors(past)
    short = max(0, _LEAST_TRIED - errors.shape[1])
    errors = np.pad(errors, ((0, 0), (short, 0), (0, 0)), constant_values=np.nan)
    thin = np.isfinite(errors).any(2).sum(1) < _LEAST_TRIED
    usual = np.nan_to_num(np.abs(path)).mean(1)
    scores = np.resize(np.array(NORMAL_SCORES)[::2], errors.shape[1])
    untried = _UNTRIED_SPREAD * usual[:, None] * scores[None, :, None]
    return np.asarray(np.where(thin[:, None, None], untried, errors))


def _until_tomorrow(batch: LoadBatch) -> LoadBatch:
    """The same issue, asked for the day after its own."""
    days = batch.origin_day + 2
    if batch.load_kw.shape[1] < days:  # the last day of a month: nobody needs tomorrow's values
        return batch
    warmth = batch.temperature_c
    return replace(
        batch,
        load_kw=batch.load_kw[:, :days],
        temperature_c=None if warmth is None else warmth[:, :days],
        calendars=tuple(one.part(days) for one in batch.calendars),
        lead_days=1,
    )


def _so_far(mine: Gathered, past: Past, first: int, today: int) -> MonthSoFar:
    """Energy with holes filled by usual days, and the highest measured interval."""
    over = _over(mine, today)
    load = mine.batch.known_load()[:, first : today + 1]
    over = over[first:][None]
    usual = past.filled[:, first : today + 1] * past.scale_kw[:, None, None]
    settled = np.where(over, np.where(np.isfinite(load), load, usual), 0.0)
    peak = np.where(over & np.isfinite(load), load, -np.inf).max((1, 2), initial=-np.inf)
    return MonthSoFar(
        energy_kwh=settled.sum((1, 2)) * mine.issue.interval_s / 3600,
        peak_kw=np.where(np.isfinite(peak), peak, 0.0),
    )


def _over(mine: Gathered, today: int) -> np.ndarray:
    """[days up to today, S]: slots that are over at the issue."""
    day = np.arange(today + 1)[:, None]
    slot = np.arange(mine.days.slots)[None]
    origin = mine.batch.origin_day
    return np.asarray((day < origin) | ((day == origin) & (slot < mine.batch.origin_slot)))


def _path(mine: Gathered, past: Past, today: int, said: SaidDays) -> FloatArray:
    """[C, M, S] from today to the month's end, NaN where it is settled."""
    profiles = _by_kind(past)
    end = mine.batch.load_kw.shape[1]
    kinds = np.stack(
        [_kind(one.weekday[today:end], one.holiday[today:end]) for one in mine.batch.calendars]
    )
    path = profiles[np.arange(len(kinds))[:, None], kinds]
    path = path * past.scale_kw[:, None, None]
    for row, one in enumerate(mine.subjects):
        for ahead in range(end - today):
            day = mine.days.first_day + timedelta(days=today + ahead)
            told = said.get((one.subject_id, day))
            if told is not None and told.interval_s == mine.issue.interval_s:
                slots = mine.days.slots_of(today + ahead)
                values = told.mean_kw[: len(slots)]
                good = np.isfinite(values)
                path[row, ahead, slots[good]] = values[good]
    path[:, 0] = np.where(_over(mine, today)[today], np.nan, path[:, 0])
    return np.asarray(path)


def _kind(weekday: IntArray, holiday: np.ndarray) -> IntArray:
    return np.asarray(np.where(holiday | (weekday == 6), 2, np.where(weekday == 5, 1, 0)))


def _by_kind(past: Past) -> FloatArray:
    """[C, 3, S]: mean of the last four workdays, Saturdays, and Sundays or holidays."""
    until = past.last_whole + 1
    have = past.known[:, :until].any(2)
    kind = np.where(
        past.holiday[:, :until] | (past.weekday[:, :until] == 6),
        2,
        np.where(past.weekday[:, :until] == 5, 1, 0),
    )
    found = []
    for wanted in range(_KINDS):
        same = (kind == wanted) & have
        some = np.where(same.any(1, keepdims=True), same, have)
        rank = some[:, ::-1].cumsum(1)[:, ::-1]
        weight = (some & (rank <= _LIKE_DAYS)).astype(float)
        weight /= np.maximum(weight.sum(1, keepdims=True), 1.0)
        found.append((weight[:, None] @ past.filled[:, :until])[:, 0])
    return np.stack(found, axis=1)


def _row(telling: Telling, place: int, row: int, told: MonthEnd, so_far: MonthSoFar) -> NewMonth:
    subject = telling.gathered.subjects[place]
    chance = float(told.exceeds[row])
    return replace(
        _refused(telling, place),
        model=_MODEL,
        reason="paths of what was said of the next days, usual days after, and past weeks' errors",
        reasons=[{"code": "month_paths"}],
        energy_kwh=told.energy_kwh[row],
        peak_kw=told.peak_kw[row],
        so_far_kwh=float(so_far.energy_kwh[row]),
        so_far_peak_kw=float(so_far.peak_kw[row]),
        exceeds_ratio=None if subject.contract_demand_kw is None else chance,
    )


def _refused(telling: Telling, place: int) -> NewMonth:
    gathered = telling.gathered
    return NewMonth(
        subject_id=gathered.subjects[place].subject_id,
        month=gathered.issue.local.date().replace(day=1),
        issued_at=gathered.issue.issued_at,
        reckoned_at=telling.reckoned_at,
        replayed=telling.replayed,
        zone=gathered.issue.zone,
        interval_s=gathered.issue.interval_s,
        model="refused",
        reason="nothing was ever measured",
        reasons=[{"code": "nothing_measured"}],
        inputs=gathered.inputs[place],
        energy_kwh=None,
        peak_kw=None,
        so_far_kwh=None,
        so_far_peak_kw=None,
        contract_demand_kw=gathered.subjects[place].contract_demand_kw,
        exceeds_ratio=None,
    )
