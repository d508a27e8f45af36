"""A site's forecast as CSV: what stands of some days, with what was measured of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from api.context import Context
from api.errors import refused
from api.forecast_answers import QUANTILE_NAMES
from api.pages.calendar import QUARTER_S, day_bounds, day_start, local_day
from api.pages.csv_cells import csv_response
from api.pages.downloads import note_download
from api.pages.frame import PageFrame
from api.pages.site import visible_place
from loadstone.storage.screens.forecasts import slots_as_of, subjects_of
from loadstone.storage.screens.site import load_points

router = APIRouter(include_in_schema=False)
_MOST = timedelta(days=62)


@router.get("/sites/{site_id}/forecast.csv")
def forecast_csv(
    site_id: int,
    frame: PageFrame,
    context: Context,
    first: date | None = None,
    last: date | None = None,
) -> Response:
    """An interval a row: mean and quantiles, issue and model, and the measured load beside it."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        here = visible_place(connection, frame, site_id)
        begin = first or local_day(now, here.zone)
        until = last or begin + timedelta(days=1)
        if not timedelta() <= until - begin < _MOST or not 2000 <= begin.year < 2200:
            raise refused("last", until, f"must lie within {_MOST.days} days of `first`")
        start, end = day_start(begin, here.zone), day_bounds(until, here.zone)[1]
        ids = [one.subject_id for one in subjects_of(connection, site_id=site_id)]
        slots = slots_as_of(connection, ids, start, end, None)
        points = load_points(connection, here.main_ids, start, end, QUARTER_S, here.zone)
    measured: dict[int, list[float]] = {}
    for point in points:
        if point.power_kw is not None:
            measured.setdefault(int(point.start_at.timestamp()), []).append(point.power_kw)
    zone = ZoneInfo(here.zone)
    rows: list[Sequence[object]] = []
    for slot in slots:
        known = measured.get(int(slot.start_at.timestamp()), [])
        load = sum(known) if known and len(known) == len(here.main_ids) else None
        is_quarter = slot.end_at - slot.start_at == timedelta(seconds=QUARTER_S)
        rows.append(
            [slot.start_at.astimezone(zone).isoformat(), slot.start_at.isoformat(),
             None if load is None or not is_quarter else round(load, 3), round(slot.mean_kw, 3),
             *[round(value, 3) for value in slot.quantiles_kw], slot.kind,
             slot.issued_at.isoformat(), slot.model]
        )  # fmt: skip
    header = ["start_local", "start_utc", "measured_kw", "mean_kw",
              *[f"{name}_kw" for name in QUANTILE_NAMES], "kind", "issued_at", "model"]  # fmt: skip
    name = f"forecast-{site_id}-{begin}.csv"
    note_download(context, frame, "forecasts", name, site_id=site_id)
    return csv_response(name, header, rows)
