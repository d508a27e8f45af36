"""What was forecast of the time to come, as known then, and how good such forecasts were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from forecast.reports.facts.months import Month
from forecast.reports.facts.premises import Premises
from loadstone.storage.read_only import Connection
from loadstone.storage.report_reads import (
    ForecastAccuracy,
    ForecastHour,
    MonthOutlook,
    forecast_accuracy,
    forecast_hours,
    forecast_subject_of,
    month_outlook,
)

_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The next seven days from `start` on, the running month, and the accuracy of a month."""

    start: datetime
    hours: list[ForecastHour]
    running: Month
    outlook: MonthOutlook | None
    accuracy: ForecastAccuracy | None


def what_is_ahead(
    connection: Connection, premises: Premises, month: Month, as_known_at: datetime
) -> Ahead | None:
    """None where nobody forecasts for these premises."""
    site_id = premises.sites[0].site_id if len(premises.sites) == 1 else None
    subject = forecast_subject_of(connection, premises.customer.customer_id, site_id)
    if subject is None:
        return None
    start = as_known_at.replace(minute=0, second=0, microsecond=0)
    first = month.day_of(as_known_at).replace(day=1)
    return Ahead(
        start=start,
        hours=forecast_hours(connection, subject, start, start + _DAYS, as_known_at),
        running=Month(first=first, zone=month.zone),
        outlook=month_outlook(connection, subject, first, as_known_at),
        accuracy=forecast_accuracy(connection, subject, month.days[0], month.days[-1]),
    )
