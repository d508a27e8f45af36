"""What one issue may know of some subjects, out of storage; all of it known before the issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from forecast.batch import LoadBatch
from forecast.quantiles import FloatArray
from forecast.runs.issue import Issue
from forecast.runs.load_days import load_by_day
from forecast.runs.local_days import LocalDays, local_days
from forecast.runs.own_calendar import own_calendar
from forecast.runs.peers import peer_shapes
from loadstone.storage.forecast_inputs import Connection, KnownWeather, weather_of
from loadstone.storage.forecast_subjects import Subject
from loadstone.storage.production_days import production_days_known

_LEAST_DAYS: Final = 15
"""Arrays are never shorter: models look a week back even where nothing is known there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """C subjects and what is known of them; the batch ends with the last day of the issue."""

    issue: Issue
    subjects: tuple[Subject, ...]
    days: LocalDays
    batch: LoadBatch
    inputs: tuple[Mapping[str, object], ...]
    """By subject: what of load, weather and calendars was there."""

    def rows(self, places: Sequence[int]) -> Gathered:
        """The subjects at these places."""
        return replace(
            self,
            subjects=tuple(self.subjects[place] for place in places),
            batch=self.batch.rows(np.array(places, dtype=np.int64)),
            inputs=tuple(self.inputs[place] for place in places),
        )


def gather(
    connection: Connection, issue: Issue, subjects: Sequence[Subject], now: datetime
) -> Gathered:
    """Load, weather and calendars of all of these, in a few queries; inside a transaction."""
    first = issue.origin_day - timedelta(days=issue.history_days)
    reach = local_days(issue.zone, first, (issue.last_day - first).days + 1, issue.interval_s)
    ids = [one.subject_id for one in subjects]
    loads = load_by_day(connection, ids, reach, now)
    days = _from_the_first_known(reach, loads, issue)
    sites = [one.site_ids[0] for one in subjects]
    weather = weather_of(connection, sites, days.start, days.begins(days.days), issue.issued_at)
    customers = sorted({one.customer_id for one in subjects})
    entries = production_days_known(connection, customers, issue.issued_at)
    own = [own_calendar(one, entries, days.first_day, days.days) for one in subjects]
    load = _cut(np.stack([loads[one][-days.days :] for one in ids]), days, issue)
    batch = LoadBatch(
        first_day=days.first_day,
        load_kw=load,
        temperature_c=_temperature_c(days, sites, weather),
        calendars=tuple(one.kinds for one in own),
        lead_days=(issue.last_day - issue.origin_day).days,
        origin_slot=issue.origin_slot,
        signed=np.nanmin(load, (1, 2), initial=0.0) < 0,
    )
    shapes = peer_shapes(batch, [one.customer_kind for one in subjects])
    return Gathered(
        issue=issue,
        subjects=tuple(subjects),
        days=days,
        batch=replace(batch, peer_shape=shapes),
        inputs=tuple(
            {
                "load": _of_load(issue, days, load[row]),
                "temperature": _of_weather(weather.get(sites[row]), days, issue),
                "calendar": own[row].told,
            }
            for row, one in enumerate(subjects)
        ),
    )


def _from_the_first_known(
    days: LocalDays, loads: Mapping[int, FloatArray], issue: Issue
) -> LocalDays:
    """Without the days before anything was measured of anybody here."""
    latest = max(0, days.index_of(issue.origin_day) - _LEAST_DAYS)
    known = np.zeros(days.days, dtype=bool)
    for load in loads.values():
        known |= np.isfinite(load).any(1)
    skipped = min(int(known.argmax()) if known.any() else latest, latest)
    first = days.first_day + timedelta(days=skipped)
    return local_days(days.zone, first, days.days - skipped, days.interval_s)


class LookAheadError(AssertionError):
    """A batch holds what was measured at or after its own issue."""


def refuse_look_ahead(gathered: Gathered) -> None:
    """Raise LookAheadError where a load from after the issue would be handed to a model."""
    issue, load = gathered.issue, gathered.batch.load_kw
    origin = gathered.days.index_of(issue.origin_day)
    late = np.isfinite(load[:, origin, issue.origin_slot :]).any()
    if late or np.isfinite(load[:, origin + 1 :]).any():
        raise LookAheadError(f"load from after {issue.issued_at} in a batch issued then")


def _cut(load: FloatArray, days: LocalDays, issue: Issue) -> FloatArray:
    """The load without what was measured at or after the issue."""
    origin = days.index_of(issue.origin_day)
    found = load.copy()
    found[:, origin, issue.origin_slot :] = np.nan
    found[:, origin + 1 :] = np.nan
    return found


def _temperature_c(
    days: LocalDays, sites: Sequence[int], weather: Mapping[int, KnownWeather]
) -> FloatArray | None:
    """[C, D, S], NaN where nothing is known; None where nothing is known of anybody."""
    if not weather:
        return None
    start_s = int(days.begins_s[0])
    unknown = np.full((days.days, days.slots), np.nan)
    rows = {
        site: days.folded(start_s + told.at_s, told.temperature_c.astype(np.float64))
        for site, told in weather.items()
    }
    return np.stack([rows.get(site, unknown) for site in sites])


def _of_load(issue: Issue, days: LocalDays, load: FloatArray) -> Mapping[str, object]:
    """What is there of one load [D, S]."""
    known = np.flatnonzero(np.isfinite(load))
    if not len(known):
        return {"known_until": None, "measured_ratio": 0.0, "days": 0}
    day, slot = divmod(int(known[-1]), days.slots)
    nth = int(np.flatnonzero(days.slots_of(day) == slot)[-1]) + 1
    until = datetime.fromtimestamp(int(days.begins_s[day]) + nth * days.interval_s, UTC)
    due = days.index_of(issue.origin_day) * days.slots + issue.origin_slot - int(known[0])
    return {
        "known_until": until.isoformat(),
        "measured_ratio": round(min(1.0, len(known) / max(due, 1)), 4),
        "days": round(due / days.slots),
    }


def _of_weather(
    told: KnownWeather | None, days: LocalDays, issue: Issue
) -> Mapping[str, object] | None:
    """How much of the hours that are spoken of was foreseen."""
    if told is None:
        return None
    begin_s = int(issue.issued_at.timestamp()) - int(days.begins_s[0])
    end_s = int(days.begins_s[-1] - days.begins_s[0])
    hours = np.unique(told.at_s[told.at_s >= begin_s] // 3600)
    return {
        "source": told.source,
        "measured_until": told.measured_until.isoformat() if told.measured_until else None,
        "foreseen_issued_at": (
            told.foreseen_issued_at.isoformat() if told.foreseen_issued_at else None
        ),
        "foreseen_ratio": round(min(1.0, len(hours) * 3600 / max(end_s - begin_s, 3600)), 4),
    }
