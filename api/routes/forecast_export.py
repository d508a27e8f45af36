"""Forecasts to take away: a row a site and interval, as CSV, XLSX, Parquet or Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.context import AppContext, Context
from api.errors import ProblemError, refused
from api.exports.files import FILES, FileFormat, FileKind, chosen
from api.forecast_answers import QUANTILE_NAMES, checked_span
from api.identity import Viewer
from api.lookup import the_customer, the_site
from api.parameters import InstantParameter, Parameters
from api.routes.exports import Exporter
from loadstone.storage.audit import note
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.forecast_sites import ForecastSite, forecast_sites
from loadstone.storage.screens.forecasts import SlotRow, slots_as_of

router = APIRouter(tags=["exports"])
_MOST_ROWS = 1_000_000
_QUARTER_S = 900
_INSTANT = pa.timestamp("ms", tz="UTC")
_BINARY: dict[str, Any] = {"type": "string", "format": "binary"}
_CONTENT = {
    kind.media_type: {"schema": {"type": "string"} if kind.name == "csv" else _BINARY}
    for kind in FILES.values()
}


class ForecastExportWanted(Parameters):
    """Which forecasts, in which file."""

    scope: str = Field(
        "all",
        max_length=100,
        description="`all`, or `site:` or `customer:` with an id or a code.",
        examples=["site:SITE-COLD-1"],
    )
    from_: InstantParameter | None = Field(
        None, alias="from", description="First instant; by default now."
    )
    to: InstantParameter | None = Field(
        None, description="First instant that is not part of it; by default two days on."
    )
    as_of: InstantParameter | None = Field(None, description="What stood then; by default now.")
    format: FileFormat | None = Field(
        None, description="Kind of file; without it the `Accept` header decides, else CSV."
    )

    def bounds(self, now: datetime) -> tuple[datetime, datetime]:
        """[from, to) with the defaults filled in."""
        start = self.from_ or (min(now, self.to - timedelta(days=2)) if self.to else now)
        end = self.to or start + timedelta(days=2)
        checked_span(start, end)
        return start, end


def _field(name: str, kind: Any, meaning: str = "", unit: str = "") -> Any:  # noqa: ANN401 - pyarrow ships no types
    told = {"unit": unit, "description": meaning}
    return pa.field(name, kind, metadata={key: text for key, text in told.items() if text})


SCHEMA = pa.schema(
    [
        _field("customer_id", pa.int32()),
        _field("site_code", pa.string()),
        _field("site_name", pa.string()),
        _field("start_at", _INSTANT, "Start of the interval, UTC."),
        _field("end_at", _INSTANT, "End of the interval, which is not part of it, UTC."),
        _field("start_local", pa.string(), "Start in the zone, with its offset from UTC."),
        _field("zone", pa.string()),
        _field("kind", pa.string(), "today, day_ahead or week_ahead."),
        _field("issued_at", _INSTANT, "Nothing known at or after it was used."),
        _field("lead_days", pa.int32(), "Local days from the issue to the day."),
        _field("model", pa.string()),
        _field("forecast_id", pa.int64()),
        _field("mean_kw", pa.float64(), unit="kW"),
        *[
            _field(f"{name}_kw", pa.float64(), f"Not exceeded in {name[1:]} of 100 or 1000.", "kW")
            for name in QUANTILE_NAMES
        ],
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What is written."""

    sites: Sequence[ForecastSite]
    start: datetime
    end: datetime
    as_of: datetime | None
    in_chinese: bool


@router.get(
    "/exports/forecasts",
    response_class=StreamingResponse,
    responses={200: {"description": "The file, site by site as it is read.", "content": _CONTENT}},
)
def export_forecasts(
    context: Context,
    viewer: Exporter,
    wanted: Annotated[ForecastExportWanted, Query()],
    accept: Annotated[str | None, Header(max_length=500)] = None,
) -> StreamingResponse:
    """A row a site and interval of [from, to), by the best that stood at `as_of`."""
    kind = chosen(wanted.format, accept)
    order = _order(context, viewer, wanted, kind)
    slots = context.export_slots
    if not slots.take(viewer.user_id):
        raise ProblemError(
            status=429,
            detail="Too many exports are being written at the moment.",
            headers={"Retry-After": "10"},
        )
    with context.writing(viewer.actor) as connection:
        after = {"scope": wanted.scope, "from": order.start.isoformat(),
                 "to": order.end.isoformat(), "format": kind.name}  # fmt: skip
        note(connection, "export.forecasts", kind="export", subject=wanted.scope, after=after)
    name = f"forecasts-{order.start:%Y%m%dT%H%MZ}-{order.end:%Y%m%dT%H%MZ}.{kind.name}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    pieces = _pieces(context, order, kind, viewer)
    # Begun here: what is wrong is still answered as a problem, and a slot taken is given back.
    begun = chain([next(pieces)], pieces)
    return StreamingResponse(begun, media_type=kind.media_type, headers=headers)


def _pieces(context: AppContext, order: _Order, kind: FileKind, viewer: Viewer) -> Iterator[bytes]:
    try:
        with context.reading(viewer) as connection:
            yield from kind.write(SCHEMA, forecast_batches(connection, order))
    finally:
        context.export_slots.give_back(viewer.user_id)


def _order(
    context: AppContext, viewer: Viewer, wanted: ForecastExportWanted, kind: FileKind
) -> _Order:
    start, end = wanted.bounds(context.now())
    of, _, reference = wanted.scope.partition(":")
    with context.reading(viewer) as connection:
        sites = forecast_sites(connection, viewer.customer_id)
        if of == "site" and reference:
            site_id = the_site(connection, viewer, reference).site_id
            sites = [site for site in sites if site.site_id == site_id]
        elif of == "customer" and reference:
            customer_id = the_customer(connection, viewer, reference).customer_id
            sites = [site for site in sites if site.customer_id == customer_id]
        elif wanted.scope != "all":
            rule = "must be all, or site: or customer: with an id or a code"
            raise refused("scope", wanted.scope, rule)
    rows = len(sites) * int((end - start).total_seconds() // _QUARTER_S + 1)
    if rows > min(kind.most_rows, _MOST_ROWS):
        most = min(kind.most_rows, _MOST_ROWS)
        rule = f"asks for up to {rows} rows of {len(sites)} sites; {most} are the most"
        raise refused("to", end.isoformat(), rule)
    return _Order(
        sites=[site for site in sites if site.subject_id], start=start, end=end,
        as_of=wanted.as_of, in_chinese=viewer.language == "zh",
    )  # fmt: skip


def forecast_batches(connection: Connection, order: _Order) -> Iterator[Any]:
    """A record batch a site."""
    for site in order.sites:
        rows = slots_as_of(connection, [site.subject_id], order.start, order.end, order.as_of)
        yield _batch(site, rows, in_chinese=order.in_chinese)


def _batch(site: ForecastSite, rows: Sequence[SlotRow], *, in_chinese: bool) -> Any:  # noqa: ANN401 - pyarrow ships no types
    zone = ZoneInfo(site.zone)
    whose = {
        "customer_id": site.customer_id,
        "site_code": site.code,
        "site_name": site.site_zh if in_chinese else site.site_en,
        "zone": site.zone,
    }
    columns = []
    for field in SCHEMA:
        if field.name in whose:
            values: list[Any] = [whose[field.name]] * len(rows)
        elif field.name == "start_local":
            values = [row.start_at.astimezone(zone).isoformat() for row in rows]
        else:
            values = [getattr(row, field.name) for row in rows]
        columns.append(pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)
