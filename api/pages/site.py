"""One site: its load now and over a day, against its contract demand, and what made it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Response

from api.context import Context
from api.errors import not_found
from api.pages.calendar import day_bounds, day_start, floor_to, local_day
from api.pages.crumbs import crumbs_of, site_href
from api.pages.expected_peak import expected_peak
from api.pages.frame import Frame, PageFrame
from api.pages.freshness import age_of
from api.pages.gateway_rows import gateway_rows
from api.pages.meter_tree import MeterTree
from api.pages.period import Period, PeriodKind, PeriodQuery
from api.pages.period_picker import period_picker
from api.pages.site_charts import DayCharts
from api.pages.site_day import SiteDay, hole_texts, site_day
from api.pages.site_figures import site_figures
from api.pages.site_history import daily_bars, heat_map
from api.pages.site_meters import meter_values, site_factor
from loadstone.storage.latest import list_latest
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecasts import slots_of_day
from loadstone.storage.screens.gateways import gateways
from loadstone.storage.screens.places import Place, place
from loadstone.storage.screens.site import (
    EnergySpan,
    energy_spans,
    load_points,
    meters_of,
    phase_points,
)

router = APIRouter(include_in_schema=False)
_KINDS: tuple[PeriodKind, ...] = ("today", "yesterday")
_QUARTER_S, _HOUR_S = 900, 3600
_MOST_METERS = 300


def visible_place(connection: Connection, frame: Frame, site_id: int) -> Place:
    """The site, or 404 where it is not the viewer's."""
    found = None
    if frame.viewer is not None and abs(site_id) < 2**31:
        found = place(connection, site_id, frame.viewer.customer_id)
    if found is None:
        raise not_found("site", site_id)
    return found


@router.get("/sites/{site_id}")
def site(
    site_id: int, frame: PageFrame, context: Context, wanted: PeriodQuery
) -> Response:  # fmt: skip
    """The site's page for today, or for another day of its calendar: a period's last one."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        here = visible_place(connection, frame, site_id)
        today = local_day(now, here.zone)
        period = _one_day(wanted.of(today))
        chosen = period.first
        start, end = day_bounds(chosen, here.zone)
        meters = meters_of(connection, site_id)
        newest = list_latest(
            connection, None, site_id=site_id, customer_id=None, after=0, most=_MOST_METERS
        )
        speakers = gateways(connection, customer_id=here.customer_id, site_id=site_id)
        ids = [meter.meter_id for meter in meters]
        mains = here.main_ids
        points = load_points(connection, ids, start, end, _QUARTER_S, here.zone)
        other = _other_day(connection, here, period, now)
        foreseen = slots_of_day(connection, site_id, start, end)
        shown = next((m for m in meters if m.meter_id in mains), None)
        phases = phase_points(connection, shown.meter_id, start, end) if shown else []
        energies = energy_spans(connection, ids, start, end, here.zone)
        since = day_start(chosen - timedelta(days=13), here.zone)
        days = energy_spans(connection, mains, since, end, here.zone)
        week = load_points(
            connection, mains, day_start(chosen - timedelta(days=6), here.zone), end, _HOUR_S,
            here.zone,
        )  # fmt: skip
        reference = _week_before(connection, here, chosen, now)
    curve = site_day(chosen, here, points, now)
    texts = hole_texts(frame, curve, here, meters, speakers)
    figures = site_figures(frame, here, curve, meters, energies, reference, now)
    charts = DayCharts(frame=frame, place=here, day=curve, reasons=texts, now=now)
    is_today = chosen == today
    picker = period_picker(
        frame, period, site_href(site_id), kinds=_KINDS,
        comparisons=("none", "previous", "week", "year"),
    )  # fmt: skip
    return frame.page(
        "site.html", section="sites", place=here, day=curve, is_today=is_today, figures=figures,
        shown=shown, picker=picker, way=crumbs_of(frame, here), compare=period.compare,
        age=age_of(frame, figures.at, now, here.interval_s, here.zone),
        load_chart=charts.load(other, figures.peak, foreseen),
        expected=expected_peak(frame, here, foreseen, now) if is_today else None,
        phase_charts=charts.phases(shown, phases),
        daily=daily_bars(frame, days, here, chosen, now),
        heat=heat_map(frame, week, here, now),
        tree=MeterTree(frame, meters, energies, now).rows(),
        values=meter_values(frame, meters, newest, here.zone, now),
        factor=site_factor(frame, here, newest),
        gateway_rows=gateway_rows(frame, speakers, here, now),
        live=f"/live/sites/{site_id}",
    )  # fmt: skip


def _one_day(period: Period) -> Period:
    """The last day of a period that has begun."""
    last = min(period.last, period.today)
    if period.first == last:
        return period
    kind: PeriodKind = "today" if last == period.today else "day"
    return replace(period, kind=kind, first=last, last=last)


def clipped(day: date | None, today: date) -> date:
    """The day asked for, within what a calendar holds; today where none or a later one is asked."""
    if day is None or day > today:
        return today
    return max(day, date(2000, 1, 1))


def _other_day(
    connection: Connection, here: Place, period: Period, now: datetime
) -> SiteDay | None:
    reference = period.reference()
    if reference is None:
        return None
    start, end = day_bounds(reference.first, here.zone)
    points = load_points(connection, here.main_ids, start, end, _QUARTER_S, here.zone)
    return site_day(reference.first, here, points, now)


def _week_before(
    connection: Connection, here: Place, day: date, now: datetime
) -> tuple[list[EnergySpan], datetime]:
    """Energy of the same weekday a week before, as far as the day has come: to a full hour."""
    start, end = day_bounds(day, here.zone)
    until = min(end, floor_to(now, _HOUR_S))
    before, before_end = day_bounds(day - timedelta(days=7), here.zone)
    same = min(before + (until - start), before_end) if until < end else before_end
    if same <= before or not here.main_ids:
        return [], until
    return energy_spans(connection, here.main_ids, before, same, here.zone), until
