"""A meter's energy day by day, for seeing what a correction does to it before it is made."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg

from loadstone.storage.screens.site import energy_spans


def energy_by_day(
    connection: psycopg.Connection,
    meter_id: int,
    start: datetime,
    end: datetime,
    zone: str,
    *,
    from_readings: bool,
) -> dict[datetime, float | None]:
    """Energy (kWh) by the start of each local day of [start, end), which begins at one.

    `from_readings` reads the readings themselves: summaries do not know yet what this transaction
    made of their labels. Only a window that begins off every summary's edge is read so.
    """
    if not from_readings:
        spans = energy_spans(connection, [meter_id], start, end, zone)
        return {span.start_at: span.energy_kwh for span in spans}
    early = start - timedelta(days=1) + timedelta(seconds=1)
    spans = energy_spans(connection, [meter_id], early, end, zone)
    return {span.start_at: span.energy_kwh for span in spans if span.start_at >= start}
