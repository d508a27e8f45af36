"""Tables to take away: readings, load, energy and quality as CSV, XLSX, Parquet or Arrow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.context import AppContext, Context
from api.errors import ProblemError, refused
from api.exports.columns import Table
from api.exports.files import FILES, FileFormat, FileKind, chosen
from api.exports.rows import Wanted, batches
from api.identity import Viewer
from api.models.fields import RegisterName
from api.parameters import Stepped
from api.quality_scope import found_scope
from api.roles import permitted
from api.slots import Slots
from loadstone.storage.audit import note
from loadstone.storage.export_meters import ExportMeter, export_meters
from loadstone.storage.quality import meters_of

router = APIRouter(tags=["exports"])
Exporter = Annotated[Viewer, Depends(permitted("exports.read"))]
_SHORTEST_QUALITY_S = 900


class ExportWanted(Stepped):
    """Which rows, in which file."""

    scope: str = Field(
        "all",
        max_length=100,
        description="`all`, or `meter:`, `gateway:`, `site:`, `customer:` with an id or a code.",
        examples=["site:SITE-COLD-1"],
    )
    format: FileFormat | None = Field(
        None, description="Kind of file; without it the `Accept` header decides, else CSV."
    )
    register_name: RegisterName = Field(
        "imp", alias="register", description="For energy: which register."
    )


_BINARY: dict[str, Any] = {"type": "string", "format": "binary"}
_CONTENT = {
    kind.media_type: {"schema": {"type": "string"} if kind.name == "csv" else _BINARY}
    for kind in FILES.values()
}


@router.get(
    "/exports/{table}",
    response_class=StreamingResponse,
    responses={200: {"description": "The file, row by row as it is read.", "content": _CONTENT}},
)
def export(
    context: Context,
    viewer: Exporter,
    table: Table,
    wanted: Annotated[ExportWanted, Query()],
    accept: Annotated[str | None, Header(max_length=500)] = None,
) -> StreamingResponse:
    """A row a meter and interval (or reading) of [from, to); units stand in the columns' names.

    Instants are UTC, and local in the zone beside it: `tz`, else that of each site.
    """
    kind = chosen(wanted.format, accept)
    order = _order(context, viewer, table, wanted, kind)
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
        note(connection, f"export.{table}", kind="export", subject=wanted.scope, after=after)
    name = f"{table}-{order.start:%Y%m%dT%H%MZ}-{order.end:%Y%m%dT%H%MZ}.{kind.name}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    pieces = _pieces(context, order, kind, slots, viewer)
    # Begun here: what is wrong is still answered as a problem, and a slot taken is given back.
    begun = chain([next(pieces)], pieces)
    return StreamingResponse(begun, media_type=kind.media_type, headers=headers)


def _pieces(
    context: AppContext, order: Wanted, kind: FileKind, slots: Slots, viewer: Viewer
) -> Iterator[bytes]:
    try:
        with context.reading(viewer) as connection:
            yield from kind.write(order.schema, batches(connection, order))
    finally:
        slots.give_back(viewer.user_id)


def _order(
    context: AppContext, viewer: Viewer, table: Table, wanted: ExportWanted, kind: FileKind
) -> Wanted:
    now = context.now()
    span = wanted.interval(now) if table == "readings" else wanted.grid(now)
    if table == "quality" and wanted.step.shortest.total_seconds() < _SHORTEST_QUALITY_S:
        raise refused("step", wanted.step.name, "must be 15m or longer")
    with context.reading(viewer) as connection:
        scope = found_scope(connection, viewer, wanted.scope, now)
        ids = meters_of(connection, viewer.customer_id, scope, span.start, span.end)
        meters = export_meters(connection, ids)
    order = Wanted(
        table=table,
        meters=meters,
        start=span.start,
        end=span.end,
        step_name=wanted.step.name,
        step_sql=wanted.step.sql,
        tz=wanted.tz,
        register=wanted.register_name,
        in_chinese=viewer.language == "zh",
        as_of=now,
    )
    _check_rows(order, kind, wanted.step.shortest.total_seconds())
    return order


def _check_rows(order: Wanted, kind: FileKind, step_s: float) -> None:
    """Refuse a table that is longer than its file may be, before anything is read."""
    rows = sum(_rows_of(meter, order.start, order.end, order.table, step_s)
               for meter in order.meters)  # fmt: skip
    if rows > kind.most_rows:
        raise refused(
            "from",
            order.start.isoformat(),
            f"asks for about {rows} rows of {len(order.meters)} meters until "
            f"{order.end.isoformat()}; {kind.name} holds {kind.most_rows} at most: take a shorter "
            "time, a longer step or fewer meters",
        )


def _rows_of(
    meter: ExportMeter, start: datetime, end: datetime, table: Table, step_s: float
) -> int:
    each_s = meter.interval_s if table == "readings" else step_s
    return math.ceil((end - start).total_seconds() / each_s)
