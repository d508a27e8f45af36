"""One meter: what it is, what it says now, its registers and how they came to count as they do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter, Response

from api.context import Context
from api.errors import not_found
from api.pages.calendar import local_day
from api.pages.charts import HoleSpan
from api.pages.crumbs import crumbs_of, meter_href
from api.pages.frame import Frame, PageFrame
from api.pages.freshness import age_of
from api.pages.happenings import happening_rows
from api.pages.meter_charts import MeterCharts, curve_step_s
from api.pages.meter_facts import meter_facts
from api.pages.meter_registers import decision_lines, epoch_lines, register_rows
from api.pages.meter_values import value_rows
from api.pages.period import PeriodKind, PeriodQuery
from api.pages.period_picker import period_picker
from api.pages.quality_strip import QualityStrip, quality_strip
from api.pages.quality_words import quality_words
from api.pages.site import visible_place
from api.pages.site_charts import voltage_limits
from loadstone.storage.latest import latest_of
from loadstone.storage.ledger import list_events
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.meter import MeterIdentity, meter_identity
from loadstone.storage.screens.meter_curves import meter_curve
from loadstone.storage.screens.quality_map import quality_cells
from loadstone.storage.screens.timeline import Concerned, happenings
from loadstone.storage.series import list_epochs

router = APIRouter(include_in_schema=False)
_KINDS: tuple[PeriodKind, ...] = ("today", "yesterday", "7d", "month", "year", "custom")
_MOST_DECISIONS = 40


def visible_meter(
    connection: Connection, frame: Frame, meter_id: int, now: datetime
) -> MeterIdentity:
    """The meter, or 404 where it is not the viewer's."""
    found = None
    if frame.viewer is not None and 0 < meter_id < 2**31:
        found = meter_identity(connection, meter_id, frame.viewer.customer_id, now)
    if found is None:
        raise not_found("meter", meter_id)
    return found


@router.get("/meters/{meter_id}")
def meter(
    meter_id: int, frame: PageFrame, context: Context, wanted: PeriodQuery, corrected: bool = False
) -> Response:
    """The meter's page for a period of its site's calendar."""
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    now = context.now()
    with context.reading(frame.reader) as connection:
        meter = visible_meter(connection, frame, meter_id, now)
        here = visible_place(connection, frame, meter.site_id)
        period = wanted.of(local_day(now, here.zone))
        start, end = period.bounds(here.zone)
        until = min(end, now)
        latest = latest_of(connection, frame.viewer.customer_id, meter_id)
        epochs = list_epochs(connection, meter_id)
        events = list_events(connection, meter_id, before=None, most=_MOST_DECISIONS)
        step_s = curve_step_s(start, end, meter.interval_s)
        points = meter_curve(
            connection, meter_id, start, end, step_s, line_voltages=meter.wiring == "3P3W"
        )
        cell = _cell_step(end - start)
        cells = quality_cells(connection, [meter_id], start, end, cell, here.zone, now)
        happened = happenings(connection, Concerned(meter_id=meter_id), start, until, 60)
    strip = quality_strip(frame, cells, start, end, here.zone, cell, now)
    charts = MeterCharts(
        frame=frame, meter=meter, zone=here.zone, start=start, end=end, step_s=step_s,
        points=points, now=now, holes=_holes(strip), limits=voltage_limits(meter),
    )  # fmt: skip
    may_correct = frame.viewer.may("readings.correct")
    newest = latest.ts if latest else None
    return frame.page(
        "meter.html", section="sites", meter=meter, place=here,
        way=crumbs_of(frame, here, down_to="meter"),
        name=frame.t.name(meter), facts=meter_facts(frame, meter, here.zone, now),
        age=age_of(frame, newest, now, meter.interval_s, here.zone), latest=latest,
        newest=frame.f.instant(newest, here.zone, now) if newest else "",
        received=frame.f.instant(latest.received_at, here.zone, now)
        if latest and latest.received_at else "",
        words=quality_words(frame, latest.quality, latest.epoch) if latest else [],
        values=value_rows(frame, latest) if latest else [],
        registers=register_rows(frame, latest, epochs) if latest else [],
        epochs=epoch_lines(frame, epochs, here.zone, now),
        decisions=decision_lines(frame, events, here.zone, now, may_correct=may_correct),
        picker=period_picker(frame, period, meter_href(meter_id), kinds=_KINDS,
                             comparisons=("none",)),
        charts_of=charts.all(), strip=strip,
        happened=happening_rows(frame, happened, now, here.zone), may_correct=may_correct,
        period_query=period.query(), corrected=corrected,
    )  # fmt: skip


def _cell_step(span: timedelta) -> str:
    """How long one cell of the strip is, as PostgreSQL writes intervals."""
    if span <= timedelta(days=2):
        return "15 minutes"
    return "1 hour" if span <= timedelta(days=8) else "1 day"


def _holes(strip: QualityStrip) -> Sequence[HoleSpan]:
    """Stretches without data, for the charts to hatch."""
    return [
        HoleSpan(from_s=one.from_s, to_s=one.to_s, text=one.text)
        for one in strip.runs if one.kind in ("missing", "estimated")
    ]  # fmt: skip
