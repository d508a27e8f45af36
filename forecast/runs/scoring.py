"""How the forecasts of finished days turned out, kept as sums a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from forecast.backtest import week_change_kw
from forecast.calendars.day_kinds import DayKinds
from forecast.quantiles import LEVELS, FloatArray
from forecast.runs.load_days import load_by_day
from forecast.runs.local_days import LocalDays, local_days
from forecast.runs.own_calendar import own_calendar
from loadstone.storage.forecast_inputs import Connection
from loadstone.storage.forecast_scores import DayScore, first_unscored_day, put_scores
from loadstone.storage.forecast_subjects import Subject
from loadstone.storage.forecasts import SaidForecast, said_forecasts
from loadstone.storage.production_days import production_days_known

SCORED: Final = ("day_ahead", "week_ahead", "trial")
_LOOK_BACK_DAYS: Final = 400
_LATE_DAYS: Final = 2
"""Days that are scored once more, for data may have come late."""
YEAR_DAYS: Final = 372
_CHUNK: Final = 100
_Q025, _Q10, _Q90, _Q975 = (LEVELS.index(one) for one in (0.025, 0.1, 0.9, 0.975))


def score_finished(
    connection: Connection,
    subjects: Sequence[Subject],
    zone: str,
    last_day: date,
    interval_s: int,
    now: datetime,
) -> int:
    """Score what was said of local days up to `last_day` and not scored yet; how many forecasts.

    The connection is in autocommit; each chunk of subjects is one transaction.
    """
    count = 0
    for start in range(0, len(subjects), _CHUNK):
        part = subjects[start : start + _CHUNK]
        ids = [one.subject_id for one in part]
        earliest = last_day - timedelta(days=_LOOK_BACK_DAYS)
        first = first_unscored_day(connection, ids, SCORED, (earliest, last_day))
        if first is None:
            continue
        first = min(first, last_day - timedelta(days=_LATE_DAYS))
        with connection.transaction():
            scores = scores_of(connection, part, zone, (first, last_day), interval_s, now)
            put_scores(connection, scores)
            count += len(scores)
    return count


def scores_of(
    connection: Connection,
    subjects: Sequence[Subject],
    zone: str,
    span: tuple[date, date],
    interval_s: int,
    now: datetime,
) -> list[DayScore]:
    """The score of each stored forecast of these local days, both included."""
    first = span[0] - timedelta(days=YEAR_DAYS)
    days = local_days(zone, first, (span[1] - first).days + 1, interval_s)
    ids = [one.subject_id for one in subjects]
    measured = load_by_day(connection, ids, days, now)
    customers = sorted({one.customer_id for one in subjects})
    entries = production_days_known(connection, customers, now)
    kinds = {one.subject_id: own_calendar(one, entries, first, days.days).kinds for one in subjects}
    return [
        day_score(said, kind, days, measured[said.subject_id],
                  kinds[said.subject_id], now)
        for kind in SCORED
        for said in said_forecasts(connection, ids, kind, span, now)
        if said.interval_s == interval_s
    ]  # fmt: skip


def day_score(
    said: SaidForecast,
    kind: str,
    days: LocalDays,
    load: FloatArray,
    kinds: DayKinds,
    now: datetime,
) -> DayScore:
    """One forecast against what came; `load` [D, S] is that of `days`, NaN where not measured."""
    day = days.index_of(said.target_day)
    slots = days.slots_of(day)
    y, told, bands = load[day][slots], said.mean_kw, said.quantiles_kw
    ok = np.isfinite(y) & np.isfinite(told)
    error = np.where(ok, told - y, 0.0)
    levels = np.array(LEVELS)[1:-1]
    gap = np.where(ok, y, 0.0)[:, None] - np.where(ok[:, None], bands, 0.0)[:, 1:-1]
    loss = np.maximum(levels * gap, (levels - 1) * gap).mean(1)
    naive_day = _naive(load, day, 1, said.lead_days)[slots]
    naive_week = _naive(load, day, 7, said.lead_days)[slots]
    both = ok & np.isfinite(naive_day) & np.isfinite(naive_week)
    whole = bool(ok.all())
    peak = float(y.max()) if whole else None
    change = week_change_kw(load[: day - said.lead_days])
    return DayScore(
        subject_id=said.subject_id,
        kind=kind,
        target_day=said.target_day,
        lead_days=said.lead_days,
        forecast_id=said.forecast_id,
        issued_at=said.issued_at,
        replayed=said.replayed,
        model=said.model,
        scored_at=now,
        slots=int(ok.sum()),
        special=bool(kinds.near[day]),
        measured_sum_kw=float(np.abs(y[ok]).sum()),
        error_sum_kw=float(np.abs(error).sum()),
        bias_sum_kw=float(error.sum()),
        pinball_sum_kw=float(loss.sum()),
        inside_80=int((ok & (y >= bands[:, _Q10]) & (y <= bands[:, _Q90])).sum()),
        inside_95=int((ok & (y >= bands[:, _Q025]) & (y <= bands[:, _Q975])).sum()),
        skill_slots=int(both.sum()),
        skill_error_sum_kw=float(np.abs(error[both]).sum()),
        naive_day_sum_kw=float(np.abs(naive_day - y)[both].sum()),
        naive_week_sum_kw=float(np.abs(naive_week - y)[both].sum()),
        week_change_kw=change if change > 0 else None,
        peak_kw=peak,
        peak_error_kw=float(abs(told.max() - y.max())) if whole else None,
        peak_shift_h=(
            float(abs(int(told.argmax()) - int(y.argmax()))) * days.interval_s / 3600
            if whole
            else None
        ),
    )


def _naive(load: FloatArray, day: int, period: int, lead: int) -> FloatArray:
    """The last same period that was whole at the issue; NaN where there is none."""
    back = period * -(-(lead + 1) // period)
    return load[day - back] if day >= back else np.full(load.shape[1], np.nan)
