"""A meter's stored readings one by one: as a table in pages, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from api.context import AppContext, Context
from api.pages.calendar import local_day
from api.pages.crumbs import crumbs_of
from api.pages.downloads import note_download
from api.pages.frame import Frame, PageFrame
from api.pages.meter import visible_meter
from api.pages.meter_values import INSTANT, REGISTERS
from api.pages.period import PeriodQuery
from api.pages.period_picker import period_picker
from api.pages.quality_words import QualityWord, quality_words
from api.pages.site import visible_place
from api.quality_names import quality_flags
from loadstone.storage.screens.meter import RawReading, raw_readings

router = APIRouter(include_in_schema=False)
_A_PAGE, _A_CHUNK = 100, 5000
_COLUMNS = (*INSTANT, *REGISTERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLine:
    """One reading: its own time, when it was received, words of its quality, its values."""

    at: str
    received: str
    lag: str
    words: list[QualityWord]
    values: list[str]


@router.get("/meters/{meter_id}/readings")
def readings(
    meter_id: int, frame: PageFrame, context: Context, wanted: PeriodQuery,
    before: Annotated[int | None, Query(ge=0, lt=2**43)] = None,
) -> Response:  # fmt: skip
    """A hundred readings of the period, the newest first; `before` (epoch ms) is where to go on."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        meter = visible_meter(connection, frame, meter_id, now)
        here = visible_place(connection, frame, meter.site_id)
        period = wanted.of(local_day(now, here.zone))
        start, end = period.bounds(here.zone)
        until = end if before is None else min(end, datetime.fromtimestamp(before / 1000, UTC))
        found = raw_readings(connection, meter_id, start, until, _A_PAGE + 1)
    shown = found[:_A_PAGE]
    columns = [c for c in _COLUMNS if any(getattr(row, c[0]) is not None for row in shown)]
    path = f"/meters/{meter_id}/readings"
    older = f"{shown[-1].ts.timestamp() * 1000:.0f}" if len(found) > _A_PAGE else None
    picker = period_picker(frame, period, path, comparisons=("none",))
    return frame.page(
        "meter_readings.html", section="sites", meter=meter, place=here,
        way=crumbs_of(frame, here, down_to="meter"), picker=picker, path=path,
        query=period.query(), older=older, is_first=before is None,
        columns=[(frame.t(key), unit) for _, key, unit, _ in columns],
        lines=[_line(frame, row, columns, here.zone, now) for row in shown],
    )  # fmt: skip


def _line(
    frame: Frame, row: RawReading, columns: Sequence[tuple[str, str, str, int]], zone: str,
    now: datetime,
) -> ReadingLine:  # fmt: skip
    lag = row.received_at - row.ts
    return ReadingLine(
        at=_instant(frame, row.ts, zone, now), received=_instant(frame, row.received_at, zone, now),
        lag=frame.f.span(lag) if lag > timedelta(0) else frame.f.span(timedelta(0)),
        words=quality_words(frame, row.quality, row.epoch),
        values=[frame.f.number(getattr(row, name), digits) for name, _, _, digits in columns],
    )  # fmt: skip


def _instant(frame: Frame, at: datetime, zone: str, now: datetime) -> str:
    """With seconds: readings of one meter lie close together."""
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M:%S}"
    if local.date() == now.astimezone(ZoneInfo(zone)).date():
        return clock
    return f"{frame.f.day(local.date())} {clock}"


@router.get("/meters/{meter_id}/readings.csv")
def readings_csv(
    meter_id: int, frame: PageFrame, context: Context, wanted: PeriodQuery
) -> Response:
    """All readings of the period, the newest first, with full digits."""
    now = context.now()
    with context.reading(frame.reader) as connection:
        meter = visible_meter(connection, frame, meter_id, now)
        here = visible_place(connection, frame, meter.site_id)
    period = wanted.of(local_day(now, here.zone))
    start, end = period.bounds(here.zone)
    lines = _csv(context, frame, meter_id, start, end, ZoneInfo(here.zone))
    name = f"{meter.code}-readings-{period.first}-{period.last}.csv"
    note_download(context, frame, "readings", name, meter_id=meter_id)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _csv(
    context: AppContext,
    frame: Frame,
    meter_id: int,
    start: datetime,
    end: datetime,
    zone: ZoneInfo,
) -> Iterator[str]:
    """Chunk by chunk, each read on a connection that is given back before it is sent."""
    fields = [name for name, *_ in _COLUMNS]
    header = ["ts_local", "ts_utc", "received_utc", "quality", "register_epoch", *fields]
    yield _text([header])
    before = end
    while True:
        with context.reading(frame.reader) as connection:
            found = raw_readings(connection, meter_id, start, before, _A_CHUNK)
        if not found:
            return
        yield _text(
            [row.ts.astimezone(zone).isoformat(), row.ts.isoformat(), row.received_at.isoformat(),
             " ".join(quality_flags(row.quality)), row.epoch,
             *(getattr(row, name) for name in fields)]
            for row in found
        )  # fmt: skip
        before = found[-1].ts


def _text(rows: Iterator[list[object]] | list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
