"""A site's numbers as CSV: the columns that the page draws, with full digits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from api.context import Context
from api.pages.calendar import day_bounds, day_start, local_day
from api.pages.csv_cells import csv_response
from api.pages.downloads import note_download
from api.pages.frame import PageFrame
from api.pages.portfolio import instant_of
from api.pages.site import clipped, visible_place
from api.pages.site_day import site_day
from loadstone.storage.screens.site import energy_spans, load_points, phase_points

router = APIRouter(include_in_schema=False)
_PHASES = (
    "voltage_a_v", "voltage_b_v", "voltage_c_v", "current_a_a", "current_b_a", "current_c_a",
    "power_factor_ratio",
)  # fmt: skip


@router.get("/sites/{site_id}/day.csv")
def day_csv(
    site_id: int, frame: PageFrame, context: Context, day: date | None = None
) -> Response:  # fmt: skip
    """Quarter hours of one local day: load of the site, phases of its first main meter."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        here = visible_place(connection, frame, site_id)
        chosen = clipped(day, local_day(now, here.zone))
        start, end = day_bounds(chosen, here.zone)
        points = load_points(connection, here.main_ids, start, end, 900, here.zone)
        first = here.main_ids[:1]
        phases = phase_points(connection, first[0], start, end) if first else []
    curve = site_day(chosen, here, points, now)
    by_start = {int(point.start_at.timestamp()): point for point in phases}
    zone = ZoneInfo(here.zone)
    rows: list[Sequence[object]] = []
    for start_s, load, estimate in zip(curve.grid, curve.load_kw, curve.estimated_kw, strict=True):
        at, point = instant_of(start_s), by_start.get(start_s)
        values = [getattr(point, name) if point else None for name in _PHASES]
        rows.append(
            [at.astimezone(zone).isoformat(), at.isoformat(), _six(load), _six(estimate),
             *map(_six, values)]
        )  # fmt: skip
    header = ["start_local", "start_utc", "power_kw", "estimated_kw", *_PHASES]
    name = f"site-{site_id}-{chosen}.csv"
    note_download(context, frame, "load", name, site_id=site_id)
    return csv_response(name, header, rows)


@router.get("/sites/{site_id}/daily.csv")
def daily_csv(
    site_id: int, frame: PageFrame, context: Context, day: date | None = None
) -> Response:  # fmt: skip
    """Fourteen local days by main meter, with the parts measured and estimated."""
    with context.reading(frame.reader) as connection:
        here = visible_place(connection, frame, site_id)
        chosen = clipped(day, local_day(context.now(), here.zone))
        since = day_start(chosen - timedelta(days=13), here.zone)
        end = day_bounds(chosen, here.zone)[1]
        spans = energy_spans(connection, here.main_ids, since, end, here.zone)
    rows = [
        [span.meter_id, local_day(span.start_at, here.zone).isoformat(), _six(span.energy_kwh),
         _six(span.measured_ratio), _six(span.estimated_ratio), span.quality]
        for span in spans
    ]  # fmt: skip
    header = ["meter_id", "day", "energy_kwh", "measured_ratio", "estimated_ratio", "quality"]
    name = f"site-{site_id}-daily-{chosen}.csv"
    note_download(context, frame, "energy", name, site_id=site_id)
    return csv_response(name, header, rows)


def _six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
