"""Completeness, freshness and lag of meters, gateways, sites, customers and all."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.ages import age_s
from api.context import Context
from api.errors import refused
from api.identity import SignedIn, Viewer
from api.lookup import Reference
from api.models.quality import (
    GatewayMessages,
    GatewayQuality,
    MeterQuality,
    Quality,
    QualityInterval,
    QualityTotal,
)
from api.parameters import MOST_SUMMANDS, StepParameter, Stepped
from api.quality_scope import found_scope, the_gateway
from api.zones import one_zone, zone_errors
from loadstone.storage.quality import (
    QualityRow,
    Scope,
    common_zone,
    messages_of,
    meters_of,
    quality_of,
)
from loadstone.storage.read_only import Connection

router = APIRouter(tags=["quality"])
_SHORTEST = timedelta(minutes=15)
_MOST_BOOTS = 20


class QualityWanted(Stepped):
    """Which quality."""

    step: StepParameter = Field("1h", validate_default=True, description="15m or longer.")
    limit: int = Field(100, ge=1, le=1000, description="Meters in the list, the worst first.")


class ScopedQualityWanted(QualityWanted):
    """Whose quality."""

    scope: str = Field(
        "all",
        max_length=100,
        description="`all`, or `meter:`, `gateway:`, `site:`, `customer:` with an id or a code.",
        examples=["site:SITE-COLD-1"],
    )


@router.get("/quality")
def quality(
    context: Context, viewer: SignedIn, wanted: Annotated[ScopedQualityWanted, Query()]
) -> Quality:
    """How much of what should be known is known, by interval and by meter."""
    now = context.now()
    with context.reading(viewer) as connection:
        scope = found_scope(connection, viewer, wanted.scope, now)
        return Quality(**_report(connection, viewer, scope, wanted.scope, wanted, now))


@router.get("/gateways/{reference}/quality")
def gateway_quality(
    context: Context,
    viewer: SignedIn,
    reference: Reference,
    wanted: Annotated[QualityWanted, Query()],
) -> GatewayQuality:
    """A gateway's meters, and expected against received messages by its sequence numbers."""
    now = context.now()
    with context.reading(viewer) as connection:
        row = the_gateway(connection, viewer, reference, now)
        scope = Scope(gateway_id=row.gateway_id)
        report = _report(connection, viewer, scope, f"gateway:{row.code}", wanted, now)
        messages = messages_of(connection, row.gateway_id, _MOST_BOOTS)
    return GatewayQuality(**report, messages=[GatewayMessages(**asdict(m)) for m in messages])


def _report(
    connection: Connection,
    viewer: Viewer,
    scope: Scope,
    name: str,
    wanted: QualityWanted,
    now: datetime,
) -> dict[str, Any]:
    span = wanted.grid(now)
    if wanted.step.shortest < _SHORTEST:
        raise refused("step", wanted.step.name, "must be 15m or longer")
    ids = meters_of(connection, viewer.customer_id, scope, span.start, span.end)
    hours = (span.end - span.start) / min(wanted.step.shortest, timedelta(hours=1))
    if hours * len(ids) > MOST_SUMMANDS:
        rule = f"asks for {hours:.0f} hours of {len(ids)} meters: take a shorter time"
        raise refused("from", span.start.isoformat(), rule)
    zone = one_zone(wanted.tz, common_zone(connection, ids) if ids else "UTC")
    with zone_errors(zone):
        report = quality_of(connection, ids, span.start, span.end, wanted.step.sql, zone, as_of=now)
    return {
        "scope": name,
        "zone": zone,
        "step": wanted.step.name,
        "start_at": span.start,
        "end_at": span.end,
        "total": QualityTotal(**_known(report.total), meters=report.total.meters),
        "data": [_interval(row) for row in report.intervals],
        "meters": [_meter(row, now) for row in report.meters[: wanted.limit]],
    }


def _known(row: QualityRow) -> dict[str, Any]:
    names = (
        "completeness_ratio", "estimated_ratio", "missing_ratio", "expected_readings",
        "received_readings", "untrusted_readings", "lag_max_s",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def _interval(row: QualityRow) -> QualityInterval:
    names = (
        "start_at", "end_at", "meters", "silent_meters", "incomplete_meters", "estimated_meters",
    )  # fmt: skip
    return QualityInterval(**_known(row), **{name: getattr(row, name) for name in names})


def _meter(row: QualityRow, now: datetime) -> MeterQuality:
    names = ("meter_id", "code", "site_id", "newest_at")
    values = {name: getattr(row, name) for name in names}
    return MeterQuality(**_known(row), **values, age_s=age_s(now, row.newest_at))
