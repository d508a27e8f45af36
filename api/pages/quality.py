"""Data quality: how complete and how fresh each meter's data are, and what was lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.errors import not_found
from api.pages.calendar import local_day
from api.pages.crumbs import Crumb, customer_href, site_href
from api.pages.csv_cells import csv_response
from api.pages.downloads import note_download
from api.pages.frame import Frame, PageFrame
from api.pages.freshness import silent_after_s
from api.pages.period import Period, PeriodKind, PeriodQuery
from api.pages.period_picker import period_picker
from api.pages.quality_heat import By, heat_of
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.places import places
from loadstone.storage.screens.quality_map import (
    GatewayNumbers,
    QualityCell,
    QualityMeter,
    gateway_numbers,
    quality_cells,
    quality_meters,
)
from loadstone.storage.screens.quarantine import QuarantineWanted, quarantine_groups
from loadstone.storage.screens.timeline import Concerned

router = APIRouter(include_in_schema=False)
_KINDS: tuple[PeriodKind, ...] = ("today", "yesterday", "7d", "month", "custom")
_MOST_HOURS = 400_000
_METERS_BY_DEFAULT = 60
Id = Annotated[int | None, Query(ge=1, lt=2**31)]
Wish = Literal["", "meter", "gateway", "site"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the address asks for, read; `too_much` where it would be too many hours of meters."""

    meters: list[QualityMeter]
    cells: list[QualityCell]
    period: Period
    start: datetime
    end: datetime
    zone: str
    step: str
    too_much: bool


def _read(
    connection: Connection, frame: Frame, concerned: Concerned, wanted: PeriodQuery, now: datetime
) -> Found:
    meters = quality_meters(connection, frame.reader.customer_id, concerned)
    narrowed = concerned.customer_id or concerned.site_id or concerned.gateway_id
    if narrowed and not meters and not _exists(connection, frame, concerned):
        raise not_found("data", narrowed)
    zones = {meter.zone for meter in meters}
    zone = meters[0].zone if len(zones) == 1 else "Asia/Shanghai" if not zones else sorted(zones)[0]
    period = wanted.of(local_day(now, zone), otherwise="7d")
    start, end = period.bounds(zone)
    step = "1 hour" if period.days <= 2 else "1 day" if period.days <= 62 else "1 month"
    hours = (min(end, now) - start) / timedelta(hours=1)
    too_much = hours * len(meters) > _MOST_HOURS
    cells: list[QualityCell] = []
    if meters and start < now and not too_much:
        ids = [meter.meter_id for meter in meters]
        cells = quality_cells(connection, ids, start, end, step, zone, now)
    return Found(
        meters=meters, cells=cells, period=period, start=start, end=end, zone=zone, step=step,
        too_much=too_much,
    )  # fmt: skip


@router.get("/quality")
def quality(
    frame: PageFrame, context: Context, wanted: PeriodQuery, customer: Id = None, site: Id = None,
    gateway: Id = None, by: Wish = "",
) -> Response:  # fmt: skip
    """The map of a scope; scope, period and rows are in the address."""
    now = context.now()
    concerned = Concerned(customer_id=customer, site_id=site, gateway_id=gateway)
    with context.reading(frame.reader) as connection:
        found = _read(connection, frame, concerned, wanted, now)
        ids = sorted({meter.gateway_id for meter in found.meters if meter.gateway_id})
        numbers = gateway_numbers(connection, ids, found.start)
        waiting = quarantine_groups(
            connection,
            QuarantineWanted(customer_id=frame.reader.customer_id, status="open", site_id=site),
        )
    scope = {k: str(v) for k, v in
             (("customer", customer), ("site", site), ("gateway", gateway)) if v}  # fmt: skip
    rows_by: By = by or _default_by(found.meters)
    kept = {**found.period.query(), **scope}
    return frame.page(
        "quality.html", section="quality", way=_way(frame, found.meters, concerned),
        title=_title(frame, found.meters, concerned), too_much=found.too_much, scope=scope,
        figures=_figures(frame, found, numbers, now),
        heat=heat_of(frame, found.meters, found.cells, rows_by, found.zone, found.step, now,
                     found.period.query()),
        by=rows_by, choices=[(one, f"/quality?{urlencode({**kept, 'by': one})}")
                             for one in ("site", "gateway", "meter")],
        picker=period_picker(frame, found.period, "/quality", kinds=_KINDS, comparisons=("none",),
                             kept={**scope, "by": by}),
        numbers=[_numbers(frame, one) for one in numbers[:15]], numbers_more=len(numbers) - 15,
        queue=sum(group.rows for group in waiting), zone=found.zone,
        queue_href="/quarantine" + (f"?site={site}" if site else ""),
        csv_href=f"/quality.csv?{urlencode(kept)}", by_hours=found.step == "1 hour",
    )  # fmt: skip


@router.get("/quality.csv")
def quality_csv(
    frame: PageFrame, context: Context, wanted: PeriodQuery, customer: Id = None, site: Id = None,
    gateway: Id = None,
) -> Response:  # fmt: skip
    """The cells of the map by meter, with their seconds and counts."""
    now = context.now()
    concerned = Concerned(customer_id=customer, site_id=site, gateway_id=gateway)
    with context.reading(frame.reader) as connection:
        found = _read(connection, frame, concerned, wanted, now)
    rows = [
        [cell.meter_id, cell.start_at.isoformat(), round(cell.due_s), round(cell.measured_s),
         round(cell.estimated_s), cell.expected_readings, cell.received_readings,
         cell.untrusted_readings, cell.lag_max_s]
        for cell in found.cells
    ]  # fmt: skip
    header = ["meter_id", "start_utc", "due_s", "measured_s", "estimated_s", "expected_readings",
              "received_readings", "untrusted_readings", "lag_max_s"]  # fmt: skip
    name = f"quality-{found.period.first}-{found.period.last}.csv"
    note_download(context, frame, "quality", name, customer=customer, site=site, gateway=gateway)
    return csv_response(name, header, rows)


def _exists(connection: Connection, frame: Frame, concerned: Concerned) -> bool:
    """Whether the scope is one that has no meters, not one that is not the viewer's."""
    if concerned.site_id is None and concerned.customer_id is None:
        return False
    seen = places(connection, frame.reader.customer_id)
    return any(
        concerned.site_id in (None, one.site_id)
        and concerned.customer_id in (None, one.customer_id)
        for one in seen
    )


def _default_by(meters: Sequence[QualityMeter]) -> By:
    return "meter" if len(meters) <= _METERS_BY_DEFAULT else "site"


def _title(frame: Frame, meters: Sequence[QualityMeter], concerned: Concerned) -> str:
    if not meters:
        return frame.t("quality.title")
    if concerned.gateway_id:
        return meters[0].gateway_code or ""
    if concerned.site_id:
        return frame.t.name(meters[0], "site")
    return frame.t.name(meters[0], "customer") if concerned.customer_id else ""


def _way(frame: Frame, meters: Sequence[QualityMeter], concerned: Concerned) -> list[Crumb]:
    if not meters or not (concerned.customer_id or concerned.site_id or concerned.gateway_id):
        return []
    one = meters[0]
    way = [
        Crumb(label=frame.t("quality.title"), href="/quality"),
        Crumb(label=frame.t.name(one, "customer"), href=customer_href(one.customer_id)),
    ]
    if concerned.gateway_id:
        way.append(Crumb(label=frame.t.name(one, "site"), href=site_href(one.site_id)))
    return way


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number at the top."""

    label: str
    value: str
    note: str
    level: str = ""


def _figures(
    frame: Frame, found: Found, numbers: Sequence[GatewayNumbers], now: datetime
) -> list[Figure]:
    t, f = frame.t, frame.f
    due = sum(cell.due_s for cell in found.cells)
    measured = sum(cell.measured_s for cell in found.cells)
    estimated = sum(cell.estimated_s for cell in found.cells)
    lags = [cell.lag_max_s for cell in found.cells if cell.lag_max_s is not None]
    silent = [
        meter for meter in found.meters
        if meter.newest_at is None
        or (now - meter.newest_at).total_seconds() > silent_after_s(meter.interval_s)
    ]  # fmt: skip
    expected, missing = sum(n.expected for n in numbers), sum(n.missing for n in numbers)
    lost = 100 * missing / expected if expected else None
    complete = 100 * measured / due if due else None
    return [
        Figure(label=t("quality.complete"), value=f.percent(complete, 1),
               note=t("quality.complete_note", n=f.number(len(found.meters))),
               level="full" if complete is not None and complete < 90 else
               "near" if complete is not None and complete < 99 else ""),
        Figure(label=t("quality.estimated"),
               value=f.percent(100 * estimated / due if due else None, 1),
               note=t("quality.estimated_note")),
        Figure(label=t("quality.silent"), value=f.number(len(silent)),
               note=t("quality.silent_note"), level="full" if silent else ""),
        Figure(label=t("quality.lag"),
               value=f.span(timedelta(seconds=max(lags))) if lags else f.number(None),
               note=t("quality.lag_note")),
        Figure(label=t("quality.lost"), value=f.number(missing),
               note=t("quality.lost_note", share=f.percent(lost, 2)),
               level="near" if missing else ""),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersRow:
    """A gateway's numbered messages in words."""

    code: str
    site: str
    href: str
    expected: str
    received: str
    missing: str
    repeated: str
    starts: str
    is_bad: bool


def _numbers(frame: Frame, one: GatewayNumbers) -> NumbersRow:
    f = frame.f
    return NumbersRow(
        code=one.code, site=frame.t.name(one, "site"), href=f"/gateways/{one.gateway_id}",
        expected=f.number(one.expected), received=f.number(one.received),
        missing=f.number(one.missing), repeated=f.number(one.repeated),
        starts=f.number(one.starts), is_bad=one.missing > 0,
    )  # fmt: skip
