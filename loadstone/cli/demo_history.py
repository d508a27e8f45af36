"""The demo's past: made by the simulator, judged and stored like what gateways send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ingest.exchange import declare_exchange
from ingest.history import HistoryLoader, Source
from ingest.registers import RegisterKeeper
from loadstone.domain.messages import GatewayEvent
from loadstone.domain.quality import Quality
from loadstone.domain.registry import MeterLimits
from loadstone.storage.ingest_connection import IngestConnection
from loadstone.storage.ingest_reads import channels, gateway_ids
from loadstone.storage.ingest_writes import EventEntry, store_events
from loadstone.storage.newest import newest_reading_at
from simulator.context import PortfolioContext
from simulator.history import history_quality, meter_history
from simulator.model import VirtualMeter

STEP = timedelta(minutes=15)


def make_history(
    context: PortfolioContext,
    url: str,
    start: datetime,
    end: datetime,
    advance: Callable[[], None],
) -> int:
    """Store every meter's readings of [start, end) that are not there yet; returns the rows.

    `advance` is called after each meter. A history that was interrupted goes on where it stopped.
    """
    database = IngestConnection(url)
    loader = HistoryLoader(database)
    with database.session() as connection:
        limits = {row.channel: row.limits for row in channels(connection)}
        newest = newest_reading_at(connection)
    rows = 0
    for meter in context.meters.values():
        known = newest.get(limits[meter.code].meter_id)
        begin = max(start, known + STEP) if known else start
        rows += _load_meter(loader, context, meter, limits[meter.code], begin, end)
        _declare(database, context, meter, limits[meter.code], begin, end)
        advance()
    database.close()
    return rows


def _load_meter(
    loader: HistoryLoader,
    context: PortfolioContext,
    meter: VirtualMeter,
    limits: MeterLimits,
    start: datetime,
    end: datetime,
) -> int:
    if start >= end:
        return 0
    step_s = int(STEP.total_seconds())
    columns = meter_history(context, meter, start, end, step_s)
    quality = history_quality(context, meter, start, end, step_s).astype(np.int32)
    ts_ms = cast("NDArray[np.int64]", columns.pop("ts_ms"))
    fields = cast("dict[str, NDArray[np.float64]]", columns)
    source = Source(gateway=context.flow.gateway_of[meter.code].code, channel=meter.code)
    return loader.load(limits, source, ts_ms, fields, quality | int(Quality.SIMULATED))


def _declare(
    database: IngestConnection,
    context: PortfolioContext,
    meter: VirtualMeter,
    limits: MeterLimits,
    start: datetime,
    end: datetime,
) -> None:
    """Tell of the meter exchanges of the stretch, as the gateway would have."""
    gateway = context.flow.gateway_of[meter.code].code
    for number, exchange in enumerate(context.dials.declared(meter)):
        at = exchange.fault.at.astimezone(UTC)
        if not start <= at < end:
            continue
        event = GatewayEvent(
            gateway=gateway,
            boot=0,
            seq=number,
            ts_ms=round(at.timestamp() * 1000),
            kind="register_exchange",
            channel=meter.code,
            details={"closing": dict(exchange.closing), "opening": dict(exchange.opening)},
        )
        with database.transaction() as connection:
            entry = EventEntry(
                gateway_id=gateway_ids(connection)[gateway],
                boot=0,
                seq=number,
                ts=at,
                received_at=at,
                kind=event.kind,
                meter_id=limits.meter_id,
                details=dict(event.details),
            )
            if store_events(connection, [entry]):
                declare_exchange(connection, RegisterKeeper(), event, limits)
