"""Forecasts, scores, weather and a calendar of one site, put in as the scheduler would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import psycopg

from forecast.quantiles import NORMAL_SCORES
from loadstone.storage.forecast_subjects import ensure_subjects
from loadstone.storage.forecasts import NewForecast, NewMonth, put_forecasts, put_months
from loadstone.storage.production_days import NewProductionDay, put_production_day

DAY = timedelta(days=1)
_SCORE = """
INSERT INTO core.forecast_score (subject_id, kind, target_day, lead_days, forecast_id, issued_at,
    replayed, model, scored_at, slots, special, measured_sum_kw, error_sum_kw, bias_sum_kw,
    pinball_sum_kw, inside_80, inside_95, skill_slots, skill_error_sum_kw, naive_day_sum_kw,
    naive_week_sum_kw, week_change_kw, peak_kw, peak_error_kw, peak_shift_h)
VALUES (%s, %s, %s, %s, 1, %s, false, 'day_ahead', %s, 96, %s, 9600, 480, %s, 240, 77, 91, 96, 480,
    960, 800, 6.0, 140, 7, 0.5)
ON CONFLICT DO NOTHING
"""
_WEATHER = """
INSERT INTO core.weather_value (site_id, valid_at, known_at, source, measured, temperature_c)
VALUES (%s, %s, %s, 'MQTT', %s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidSite:
    """A site whose forecasts are put in: a sine of `level_kw` by day, the same every day."""

    site_id: int
    customer_id: int
    zone: str
    level_kw: float
    contract_kw: float | None


def subject_of(connection: psycopg.Connection, site_id: int) -> int:
    """The site's subject, made where it was not there."""
    ensure_subjects(connection)
    row = connection.execute(
        "SELECT subject_id FROM core.forecast_subject WHERE site_id = %s", [site_id]
    ).fetchone()
    assert row is not None
    return int(row[0])


def day_curve(site: SaidSite, day: date) -> tuple[datetime, datetime, np.ndarray]:
    """Start and end of the local day, and [N] means of its quarter hours."""
    zone = ZoneInfo(site.zone)
    start = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + DAY, time(), zone).astimezone(UTC)
    slots = int((end - start).total_seconds() // 900)
    hour = np.arange(slots) / 4
    return start, end, site.level_kw * (1 + 0.5 * np.sin((hour - 8) / 24 * 2 * np.pi))


def said(
    subject_id: int, site: SaidSite, day: date, issued_at: datetime, kind: str, *,
    model: str = "day_ahead", reasons: tuple[dict[str, object], ...] = (), shift_ratio: float = 1.0,
) -> NewForecast:  # fmt: skip
    """One forecast of one day, with a band of 5 % either side (one standard error)."""
    start, end, mean = day_curve(site, day)
    mean = mean * shift_ratio
    band = mean[:, None] * (1 + 0.05 * np.array(NORMAL_SCORES))
    before = start + np.arange(len(mean)) * timedelta(minutes=15) < issued_at
    mean[before], band[before] = np.nan, np.nan
    peak = np.nanmax(mean) * (1 + 0.04 * np.array(NORMAL_SCORES))
    energy = np.nansum(mean) / 4 * (1 + 0.02 * np.array(NORMAL_SCORES))
    refused = model == "refused"
    exceeds = None
    if site.contract_kw is not None and not refused:
        exceeds = 0.62 if peak[5] > site.contract_kw else 0.08
    return NewForecast(
        subject_id=subject_id, kind=kind, target_day=day, issued_at=issued_at,
        reckoned_at=issued_at, replayed=False,
        lead_days=(day - issued_at.astimezone(ZoneInfo(site.zone)).date()).days,
        zone=site.zone, starts_at=start, ends_at=end, interval_s=900, model=model,
        reason="experts tried on the last 84 known days",
        reasons=reasons or ({"code": "tried_days", "days": 84},),
        inputs={
            "load": {"known_until": issued_at.isoformat(), "measured_ratio": 0.98, "days": 120},
            "temperature": {
                "source": "MQTT", "measured_until": issued_at.isoformat(),
                "foreseen_issued_at": issued_at.isoformat(), "foreseen_ratio": 1.0,
            },
            "calendar": {
                "country": "CN", "subdivision": None, "published": True,
                "unpublished_years": [], "production_entries": 1,
            },
        },
        weights={"days_150": 0.4, "slots_400": 0.35, "similar_days": 0.25},
        calibration={}, mean_kw=None if refused else mean,
        quantiles_kw=None if refused else band, peak_kw=None if refused else peak,
        energy_kwh=None if refused else energy, contract_demand_kw=site.contract_kw,
        exceeds_ratio=exceeds, error_correlation_ratio=0.9,
    )  # fmt: skip


def said_month(subject_id: int, site: SaidSite, month: date, issued_at: datetime) -> NewMonth:
    """Where the month lands."""
    scores = np.array(NORMAL_SCORES)
    return NewMonth(
        subject_id=subject_id, month=month, issued_at=issued_at, reckoned_at=issued_at,
        replayed=False, zone=site.zone, interval_s=900, model="day_ahead", reason="paths",
        reasons=({"code": "tried_days", "days": 84},), inputs={},
        energy_kwh=site.level_kw * 720 * (1 + 0.02 * scores),
        peak_kw=site.level_kw * 1.6 * (1 + 0.03 * scores), so_far_kwh=site.level_kw * 400,
        so_far_peak_kw=site.level_kw * 1.4, contract_demand_kw=site.contract_kw,
        exceeds_ratio=None if site.contract_kw is None else 0.31,
    )  # fmt: skip


def put_site(
    connection: psycopg.Connection, site: SaidSite, now: datetime, *, past_days: int = 9,
    scored_days: int = 28,
) -> int:  # fmt: skip
    """Day ahead at 08:00 of each day, a week ahead, today's update, month, scores, weather."""
    subject = subject_of(connection, site.site_id)
    zone = ZoneInfo(site.zone)
    today = now.astimezone(zone).date()

    def issue(day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), zone).astimezone(UTC)

    rows = [
        said(subject, site, day + DAY, issue(day, 8), "day_ahead", shift_ratio=1.03)
        for day in (today - past_days * DAY + n * DAY for n in range(past_days))
    ]
    newest = min(issue(today, 8), now)
    rows.append(said(subject, site, today + DAY, newest, "day_ahead"))
    rows += [said(subject, site, today + n * DAY, newest, "week_ahead") for n in range(1, 8)]
    week = issue(today - 7 * DAY, 8)
    rows += [
        said(subject, site, today - 7 * DAY + n * DAY, week, "week_ahead", shift_ratio=0.95)
        for n in range(1, 8)
    ]
    rows.append(said(subject, site, today, min(issue(today, 9), now), "today", model="today"))
    put_forecasts(connection, rows)
    put_months(connection, [said_month(subject, site, today.replace(day=1), newest)])
    for n in range(1, scored_days + 1):
        day = today - n * DAY
        special = n % 7 == 0
        connection.execute(
            _SCORE, [subject, "day_ahead", day, 1, issue(day - DAY, 8), now, special, -96]
        )
        for lead in range(1, 8):
            values = [subject, "week_ahead", day, lead, issue(day - lead * DAY, 8), now, special]
            connection.execute(_SCORE, [*values, -48.0 * lead])
    put_weather(connection, site.site_id, now)
    return subject


def put_weather(
    connection: psycopg.Connection, site_id: int, now: datetime, *, past_days: int = 3
) -> None:
    """Hours of measured temperatures, and three days as foreseen at `now` and a day before."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    for n in range(-24 * past_days, 72):
        at = hour + timedelta(hours=n)
        warm = 20 + 6 * float(np.sin(at.hour / 24 * 2 * np.pi))
        if n <= 0:
            connection.execute(_WEATHER, [site_id, at, at, True, warm])
        else:
            connection.execute(_WEATHER, [site_id, at, hour, False, warm + 1])
            connection.execute(_WEATHER, [site_id, at, hour - DAY, False, warm - 3])


def put_entry(
    connection: psycopg.Connection, site: SaidSite, name: str, first: date, last: date, at: datetime
) -> int:
    """A shutdown in the customer's calendar."""
    entry = NewProductionDay(
        customer_id=site.customer_id, site_id=None, name=name, kind="shutdown", first_day=first,
        last_day=last,
    )  # fmt: skip
    return put_production_day(connection, entry, "tests", at)
