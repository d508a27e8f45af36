"""What reports of a portfolio and of forecasts read: a query each, under the viewer's role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPeak:
    """A customer's highest quarter hour, of the means of its main meters' samples."""

    customer_id: int
    start_at: datetime
    peak_kw: float


# A quarter hour in which one of the customer's meters was silent would look low, never high.
_PEAKS = """
SELECT DISTINCT ON (q.customer_id) q.customer_id, q.start_at, q.power_kw AS peak_kw
FROM (
    SELECT s.customer_id, r.start_at, sum(r.active_power_mean_kw) AS power_kw
    FROM read.load_15m r JOIN visible.meter m USING (meter_id) JOIN visible.site s USING (site_id)
    WHERE r.meter_id = ANY (%(meters)s) AND r.start_at >= %(start)s AND r.start_at < %(end)s
    GROUP BY 1, 2
) q WHERE q.power_kw IS NOT NULL
ORDER BY q.customer_id, q.power_kw DESC, q.start_at
"""


def customer_peaks(
    connection: psycopg.Connection, meters: Sequence[int], start: datetime, end: datetime
) -> dict[int, CustomerPeak]:
    """The highest quarter hour of [start, end) by customer, of these main meters."""
    cursor = connection.cursor(row_factory=class_row(CustomerPeak))
    wanted = {"meters": list(meters), "start": start, "end": end}
    return {row.customer_id: row for row in cursor.execute(_PEAKS, wanted)}


_SINCE = """
SELECT customer_id, max(since) FROM (
    SELECT s.customer_id, m.meter_id, min(e.starts_at) AS since
    FROM visible.meter m JOIN visible.site s USING (site_id)
    JOIN visible.register_epoch e USING (meter_id)
    WHERE m.meter_id = ANY (%s) GROUP BY 1, 2) began
GROUP BY 1
"""


def customers_measured_since(
    connection: psycopg.Connection, meters: Sequence[int]
) -> dict[int, datetime]:
    """From when on each customer's meters, of these, were all known."""
    return {int(row[0]): row[1] for row in connection.execute(_SINCE, [list(meters)])}


_SUBJECT = """
SELECT subject_id FROM visible.forecast_subject
WHERE customer_id = %(customer_id)s AND (site_id = %(site_id)s::int
    OR (%(site_id)s::int IS NULL AND (site_id IS NULL OR NOT EXISTS (
        SELECT FROM visible.forecast_subject o
        WHERE o.customer_id = %(customer_id)s AND o.site_id IS NULL))))
ORDER BY site_id NULLS FIRST LIMIT 2
"""


def forecast_subject_of(
    connection: psycopg.Connection, customer_id: int, site_id: int | None
) -> int | None:
    """Whose forecast is meant: a site's, or the customer's as a whole; None where there is none."""
    values = {"customer_id": customer_id, "site_id": site_id}
    rows = connection.execute(_SUBJECT, values).fetchall()
    return int(rows[0][0]) if rows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastHour:
    """An hour of what was forecast: means of its intervals, and of their 0.1 and 0.9 quantiles."""

    start_at: datetime
    mean_kw: float
    low_kw: float | None
    high_kw: float | None


_HOURS = """
SELECT date_trunc('hour', start_at, 'UTC') AS start_at, avg(mean_kw)::float8 AS mean_kw,
    avg(p10_kw)::float8 AS low_kw, avg(p90_kw)::float8 AS high_kw
FROM read.forecast_as_of(ARRAY[%(subject)s]::int[], %(start)s, %(end)s, %(known)s)
WHERE mean_kw IS NOT NULL
GROUP BY 1 ORDER BY 1
"""


def forecast_hours(
    connection: psycopg.Connection, subject_id: int, start: datetime, end: datetime,
    as_known_at: datetime,
) -> list[ForecastHour]:  # fmt: skip
    """What was forecast of [start, end) by then, hour by hour where there is a forecast."""
    cursor = connection.cursor(row_factory=class_row(ForecastHour))
    wanted = {"subject": subject_id, "start": start, "end": end, "known": as_known_at}
    return cursor.execute(_HOURS, wanted).fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOutlook:
    """What was said of a month as a whole; arrays hold eleven quantiles, 0.1 second, 0.5 sixth."""

    month: date
    issued_at: datetime
    energy_kwh: list[float] | None
    peak_kw: list[float] | None
    exceeds_ratio: float | None


_OUTLOOK = """
SELECT month, issued_at, energy_kwh, peak_kw, exceeds_ratio
FROM visible.forecast_month
WHERE subject_id = %s AND month = %s AND issued_at <= %s
ORDER BY issued_at DESC LIMIT 1
"""


def month_outlook(
    connection: psycopg.Connection, subject_id: int, month: date, as_known_at: datetime
) -> MonthOutlook | None:
    """The newest outlook on a month by then."""
    cursor = connection.cursor(row_factory=class_row(MonthOutlook))
    return cursor.execute(_OUTLOOK, [subject_id, month, as_known_at]).fetchone()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastAccuracy:
    """How good the day-ahead forecasts of a stretch of days were."""

    days: int
    wape_pct: float | None
    coverage_80_pct: float | None
    bias_pct: float | None
    peak_error_pct: float | None
    skill_ratio: float | None


_ACCURACY = """
SELECT days::int, wape_pct, coverage_80_pct, bias_pct, peak_error_pct, skill_ratio
FROM read.forecast_card(ARRAY[%s]::int[], %s, %s, 'day_ahead', 1)
"""


def forecast_accuracy(
    connection: psycopg.Connection, subject_id: int, first_day: date, last_day: date
) -> ForecastAccuracy | None:
    """Of the days that were scored, both ends included; None where there is none."""
    cursor = connection.cursor(row_factory=class_row(ForecastAccuracy))
    return cursor.execute(_ACCURACY, [subject_id, first_day, last_day]).fetchone()
