"""The load of subjects by local day, from the copy that is kept; what is stale is read anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np

from forecast.quantiles import FloatArray, IntArray
from forecast.runs.local_days import LocalDays, local_days
from loadstone.storage.forecast_inputs import Connection, loads_of
from loadstone.storage.forecast_loads import earliest_load, keep_days, kept_days, stale_days


def load_by_day(
    connection: Connection, subject_ids: Sequence[int], days: LocalDays, now: datetime
) -> dict[int, FloatArray]:
    """[D, S] in kW of each subject, NaN where not measured; inside a transaction.

    Of the day that `now` lies in only the intervals that are over are there.
    """
    today = np.searchsorted(days.begins_s, now.timestamp(), side="right") - 1
    last = days.first_day + timedelta(days=min(int(today), days.days - 1))
    found = {one: np.full((days.days, days.slots), np.nan) for one in subject_ids}
    earliest = earliest_load(connection, subject_ids)
    if last < days.first_day or earliest is None:
        return found
    skipped = int(np.searchsorted(days.begins_s, earliest.timestamp(), side="right")) - 1
    first = days.first_day + timedelta(days=max(skipped, 0))
    stale = stale_days(connection, subject_ids, days.interval_s, (first, last), now)
    for ids, begin, end in _stretches(stale):
        stretch = (begin + max(skipped, 0), end + max(skipped, 0))
        _read(connection, ids, days, stretch, now)
    span = (days.first_day, last)
    kept = kept_days(connection, subject_ids, days.interval_s, span)
    for who, told in kept.items():
        found[who][told.place] = told.load_kw
    return found


def _stretches(stale: Mapping[int, IntArray]) -> Iterator[tuple[list[int], int, int]]:
    """Subjects with the same stale days together, as stretches of days [begin, end)."""
    alike: dict[tuple[int, ...], list[int]] = {}
    for who, mine in stale.items():
        alike.setdefault(tuple(int(one) for one in mine), []).append(who)
    for places, ids in alike.items():
        breaks = [at for at in range(1, len(places)) if places[at] != places[at - 1] + 1]
        for begin, end in zip([0, *breaks], [*breaks, len(places)], strict=True):
            yield ids, places[begin], places[end - 1] + 1


def _read(
    connection: Connection,
    ids: Sequence[int],
    days: LocalDays,
    stretch: tuple[int, int],
    now: datetime,
) -> None:
    begin, end = stretch
    part = local_days(
        days.zone, days.first_day + timedelta(days=begin), end - begin, days.interval_s
    )
    until_s = min(int(part.begins_s[-1]), int(now.timestamp()) // days.interval_s * days.interval_s)
    rows: list[tuple[int, date, FloatArray]] = []
    loads = {}
    if until_s > int(part.begins_s[0]):
        until = datetime.fromtimestamp(until_s, now.tzinfo)
        loads = loads_of(connection, ids, part.start, until, days.interval_s, days.zone)
    start_s = int(part.begins_s[0])
    for who in ids:
        load = loads.get(who)
        if load is None:
            by_day = np.full((part.days, part.slots), np.nan)
        else:
            at_s = start_s + load.place * days.interval_s
            by_day = part.folded(at_s, load.power_kw.astype(np.float64))
        rows += [
            (who, part.first_day + timedelta(days=day), by_day[day]) for day in range(part.days)
        ]
    keep_days(connection, days.interval_s, rows, now)
