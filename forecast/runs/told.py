"""What models said, as rows to keep: real intervals, peak and energy of joint paths, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np

from forecast.batch import Explanation, LoadForecast
from forecast.engine.past import past_of
from forecast.exceedance import paths_of
from forecast.ladder import REFUSED
from forecast.month import usual_errors
from forecast.quantiles import LEVELS, FloatArray
from forecast.runs.gather import Gathered
from loadstone.storage.forecast_scores import ModelSkill
from loadstone.storage.forecasts import NewForecast

_PATHS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What all rows of one issue share, and what is known of each subject besides."""

    gathered: Gathered
    reckoned_at: datetime
    replayed: bool
    skills: Mapping[int, ModelSkill]
    correlation: FloatArray
    """[C]: between the errors of neighbouring slots."""


def error_correlation(gathered: Gathered) -> FloatArray:
    """[C]: how alike the errors of neighbouring slots are, of the usual profile lately; 0 to 1."""
    errors = usual_errors(past_of(gathered.batch))
    before, after = errors[..., :-1], errors[..., 1:]
    both = np.isfinite(before) & np.isfinite(after)
    before, after = np.where(both, before, 0.0), np.where(both, after, 0.0)
    size = np.sqrt((before**2).sum((1, 2)) * (after**2).sum((1, 2)))
    found = (before * after).sum((1, 2)) / np.where(size > 0, size, 1.0)
    return np.asarray(np.clip(np.where(both.sum((1, 2)) > 50, found, 0.9), 0.0, 0.999))


def rows_of(
    telling: Telling,
    kind: str,
    said: LoadForecast,
    places: Sequence[int] | None = None,
    extra: Sequence[Mapping[str, object]] = (),
) -> list[NewForecast]:
    """One row a subject; `places` where `said` is of some of them, `extra` causes for all."""
    chosen = range(len(telling.gathered.subjects)) if places is None else places
    return [_row(telling, kind, said, row, place, extra) for row, place in enumerate(chosen)]


def _row(
    telling: Telling,
    kind: str,
    said: LoadForecast,
    row: int,
    place: int,
    extra: Sequence[Mapping[str, object]],
) -> NewForecast:
    gathered = telling.gathered
    issue, days, subject = gathered.issue, gathered.days, gathered.subjects[place]
    day = days.index_of(said.day)
    because = said.explanations[row]
    slots = days.slots_of(day)
    mean, bands = said.mean_kw[row][slots], said.quantiles_kw[row][slots]
    refused = because.model == REFUSED
    top = None if refused else _top(telling, place, mean, bands)
    skill = telling.skills.get(subject.subject_id)
    return NewForecast(
        subject_id=subject.subject_id,
        kind=kind,
        target_day=said.day,
        issued_at=issue.issued_at,
        reckoned_at=telling.reckoned_at,
        replayed=telling.replayed,
        lead_days=(said.day - issue.local.date()).days,
        zone=issue.zone,
        starts_at=days.begins(day),
        ends_at=days.begins(day + 1),
        interval_s=issue.interval_s,
        model=because.model,
        reason=because.reason,
        reasons=[*causes_of(because, skill), *extra, *_unpublished(gathered, place, said.day)],
        inputs=gathered.inputs[place],
        weights={name: round(share, 4) for name, share in because.weights},
        calibration=_calibration(skill),
        mean_kw=None if refused else mean,
        quantiles_kw=None if refused else bands,
        peak_kw=None if top is None else top.peak_kw,
        energy_kwh=None if top is None else top.energy_kwh,
        contract_demand_kw=subject.contract_demand_kw,
        exceeds_ratio=None if top is None else top.exceeds_ratio,
        error_correlation_ratio=float(telling.correlation[place]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Top:
    peak_kw: FloatArray
    energy_kwh: FloatArray
    exceeds_ratio: float | None


def _top(telling: Telling, place: int, mean: FloatArray, bands: FloatArray) -> _Top | None:
    """Over the intervals that are spoken of; None where none are left."""
    gathered = telling.gathered
    ahead = np.isfinite(mean)
    if not ahead.any():
        return None
    interval_s = gathered.issue.interval_s
    paths = paths_of(bands[ahead], interval_s, float(telling.correlation[place]), _PATHS)
    if not gathered.batch.signed[place]:
        paths = np.maximum(paths, 0.0)
    peak, energy = paths.max(1), paths.sum(1) * interval_s / 3600
    limit = gathered.subjects[place].contract_demand_kw
    levels = np.array(LEVELS)
    return _Top(
        peak_kw=np.quantile(peak, levels),
        energy_kwh=np.quantile(energy, levels),
        exceeds_ratio=None if limit is None else float((peak > limit).mean()),
    )


def causes_of(because: Explanation, skill: ModelSkill | None) -> list[dict[str, object]]:
    """The reason in codes, with the figures that are known here."""
    found: list[dict[str, object]] = []
    for cause in because.causes:
        figures = {name: int(one) if one == int(one) else one for name, one in cause.figures}
        told: dict[str, object] = {"code": cause.code, **figures}
        if cause.code == "naive_better" and skill is not None:
            told |= {"skill_ratio": _rounded(skill.skill_ratio), "days": skill.days}
        found.append(told)
    return found


def _unpublished(gathered: Gathered, place: int, day: date) -> list[dict[str, object]]:
    """A word of warning where the public holidays of this day's year are not known yet."""
    kinds = gathered.batch.calendars[place]
    if kinds.country is None or day.year not in kinds.unpublished_years:
        return []
    return [{"code": "year_unpublished", "years": [day.year]}]


def _calibration(skill: ModelSkill | None) -> dict[str, object]:
    if skill is None:
        return {}
    return {
        "days": skill.days,
        "coverage_80_pct": _rounded(skill.coverage_80_pct),
        "coverage_95_pct": _rounded(skill.coverage_95_pct),
        "skill_ratio": _rounded(skill.skill_ratio),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
