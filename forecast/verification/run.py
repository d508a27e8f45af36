"""One measure judged: gathered, reckoned, priced, and kept beside what was judged before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from forecast.savings.judging import fit_and_expect
from forecast.savings.placebo import Traits, traits_of
from forecast.savings.record import to_record
from forecast.savings.result import Option, SavingsResult, Verdict
from forecast.savings.rows import EnergyRows
from forecast.savings.verify import Settled, TooLittleToJudgeError, last_year, verify, without
from forecast.verification.gather import Gathered, gather
from forecast.verification.money import Worth, worth
from loadstone.domain.price_book import PriceBook
from loadstone.storage.non_routine_events import Flag, NonRoutineEvent, replace_flags
from loadstone.storage.prices import prices_of
from loadstone.storage.saving_inputs import (
    Connection,
    JudgedSite,
    first_known,
    judged_site,
    like_sites,
)
from loadstone.storage.saving_measures import MeasureRow, set_measure_status
from loadstone.storage.saving_verifications import NewVerification, add_verification

MOST_YEARS: Final = 6
MOST_LIKE: Final = 8
LEAST_LIKE_DAYS: Final = 329
LEAST_HISTORY_DAYS: Final = 14
LONGEST_REPORTING_DAYS: Final = 366


class NotImplementedYetError(ValueError):
    """The measure has no day from which on it saves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement, what it is worth, and where its temperatures came from."""

    result: SavingsResult
    worth: Worth | None
    weather_source: str | None


def settled_by(events: Sequence[NonRoutineEvent]) -> Settled:
    """What people have confirmed."""
    confirmed = [one for one in events if one.status == "confirmed"]
    return Settled(
        excluded=tuple(
            (one.first_day, one.end_day) for one in confirmed if one.treatment == "exclude"
        ),
        non_routine_kwh=sum(
            one.adjustment_kwh or 0.0 for one in confirmed if one.treatment == "adjust"
        ),
    )


def judge_measure(
    connection: Connection,
    measure: MeasureRow,
    events: Sequence[NonRoutineEvent],
    now: datetime,
) -> Judged:
    """Judge by what is known now; the reporting period ends with yesterday, at most a year on.

    Raises `NotImplementedYetError` and `TooLittleToJudgeError`. Inside a transaction, as the owner.
    """
    if measure.implemented_on is None:
        raise NotImplementedYetError
    site = judged_site(connection, measure.site_id)
    if site is None:
        raise TooLittleToJudgeError
    meters = list(measure.meter_ids) or site.main_meter_ids
    start = measure.implemented_on
    first, end = _span(connection, measure, meters, site, now)
    if (start - first).days < LEAST_HISTORY_DAYS or end <= start:
        raise TooLittleToJudgeError
    told = gather(connection, site, meters, first, end, now, hourly=True)
    since = start.toordinal()
    history = told.rows.only(told.rows.day < since)
    reporting = told.rows.only(told.rows.day >= since)
    settled = settled_by(events)
    result = verify(
        history,
        reporting,
        option=Option(measure.option),
        settled=settled,
        comparable=_like_placebos(connection, site, start, end, now),
    )
    book = PriceBook(prices_of(connection, site.customer_id), site.zone)
    saved = _saved_by_row(history, reporting, settled)
    starts = told.start_s[told.rows.day >= since]
    return Judged(
        result=result,
        worth=worth(result, saved, starts, book),
        weather_source=_weather_used(told, result),
    )


def keep_judgement(
    connection: Connection, measure: MeasureRow, judged: Judged, who: str, now: datetime
) -> int:
    """Keep a judgement and its flags; an implemented measure whose saving is proven is verified."""
    result, money = judged.result, judged.worth
    told = NewVerification(
        measure_id=measure.measure_id,
        known_at=now,
        made_by=who,
        baseline_from=result.baseline_from,
        baseline_to=result.baseline_to,
        reporting_from=result.reporting_from,
        reporting_to=result.reporting_to,
        verdict=str(result.verdict),
        saved_kwh=result.savings_kwh,
        low_kwh=result.interval.low_kwh,
        high_kwh=result.interval.high_kwh,
        saved_money=money.saved_money if money else None,
        low_money=money.low_money if money else None,
        high_money=money.high_money if money else None,
        currency=money.currency if money else None,
        weather_source=judged.weather_source,
        result=to_record(result),
    )
    verification_id = add_verification(connection, told)
    flags = [
        Flag(
            kind=one.kind,
            period=one.period,
            first_day=one.first_day,
            end_day=one.end_day,
            effect_kwh=one.effect_kwh,
        )
        for one in result.events
    ]
    replace_flags(connection, measure.measure_id, flags, now)
    if measure.status == "implemented" and result.verdict is Verdict.PROVEN:
        set_measure_status(connection, measure.measure_id, "verified", now)
    return verification_id


def _span(
    connection: Connection,
    measure: MeasureRow,
    meters: list[int],
    site: JudgedSite,
    now: datetime,
) -> tuple[date, date]:
    """First day of the history and the day behind the reporting period's last, local."""
    assert measure.implemented_on is not None  # noqa: S101 - the caller has looked
    zone = ZoneInfo(site.zone)
    today = now.astimezone(zone).date()
    end = min(today, measure.implemented_on + timedelta(days=LONGEST_REPORTING_DAYS))
    begun = first_known(connection, meters)
    known = measure.implemented_on if begun is None else begun.astimezone(zone).date()
    earliest = measure.implemented_on - timedelta(days=365 * MOST_YEARS)
    wanted = measure.baseline_from or earliest
    return max(known + timedelta(days=1) if begun else known, wanted, earliest), end


def _saved_by_row(history: EnergyRows, reporting: EnergyRows, settled: Settled) -> np.ndarray:
    """Expected less used, row by row of the reporting period; NaN where it was not judged."""
    after = without(reporting, settled)
    fit = fit_and_expect(last_year(without(history, settled)), after)
    saved: np.ndarray = fit.expected_kwh - after.energy_kwh
    return saved


def _weather_used(told: Gathered, result: SavingsResult) -> str | None:
    return None if result.method.endswith("calendar") else told.weather_source


def _like_placebos(
    connection: Connection, site: JudgedSite, start: date, end: date, now: datetime
) -> list[Traits]:
    """The same period at places of the same kind where nothing was done, by daily rows."""
    first = start - timedelta(days=365)
    told: list[Traits] = []
    for other in like_sites(connection, site, first, MOST_LIKE):
        if not other.main_meter_ids:
            continue
        rows = gather(connection, other, other.main_meter_ids, first, end, now, hourly=False).rows
        before = rows.only(rows.day < start.toordinal())
        after = rows.only(rows.day >= start.toordinal())
        if np.isfinite(before.energy_kwh).sum() < LEAST_LIKE_DAYS:
            continue
        if np.isfinite(after.energy_kwh).sum() < 0.9 * len(after):
            continue
        fit = fit_and_expect(before, after)
        if fit.judged.any():
            told.append(traits_of(before, after, fit))
    return told
