"""How much of a month's data is measured, estimated and missing, by meter and by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from forecast.reports.facts.months import Month
from loadstone.storage.quality import QualityReport, quality_of
from loadstone.storage.read_only import Connection


def month_quality(
    connection: Connection, meters: Sequence[int], month: Month, as_known_at: datetime
) -> QualityReport | None:
    """Quality of these meters by day, by meter and in all; None before the month began."""
    if as_known_at <= month.start or not meters:
        return None
    return quality_of(
        connection, meters, month.start, month.end, "1 day", month.zone, as_of=as_known_at
    )
